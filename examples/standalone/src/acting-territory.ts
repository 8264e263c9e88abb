/** The one territory a super administrator acts in, and why: it is audited, and shown to that territory. */
export interface ActingTerritory {
  readonly territoryId: number;
  readonly regionId: number;
  readonly reason: string;
}

const KEY = 'lumina.acting';

/** Reads it back after a reload; undefined when nobody named one, or this tab is new. */
export function loadActing(storage: Pick<Storage, 'getItem'>): ActingTerritory | undefined {
  try {
    const json: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    if (typeof json !== 'object' || json === null) return undefined;
    const { territoryId, regionId, reason } = json as Partial<Record<keyof ActingTerritory, unknown>>;
    const isWhole = Number.isInteger(territoryId) && Number.isInteger(regionId);
    if (!isWhole || typeof reason !== 'string' || reason === '') return undefined;
    return { territoryId: territoryId as number, regionId: regionId as number, reason };
  } catch {
    // Not written by this page: as if nothing had been named.
    return undefined;
  }
}

/** Keeps it for this tab only, since acting elsewhere is a deed of its own. */
export function saveActing(
  storage: Pick<Storage, 'setItem' | 'removeItem'>,
  acting: ActingTerritory | undefined,
): void {
  if (acting === undefined) storage.removeItem(KEY);
  else storage.setItem(KEY, JSON.stringify(acting));
}

/** A text as a header can carry it: accents fall off, other scripts do not pass. */
export function asHeaderText(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[^\x20-\x7e]/gu, '')
    .trim();
}

/** A fetch that names the territory on every request to the API, and on no other. */
export function actingFetch(inner: typeof fetch, apiUrl: string, acting: ActingTerritory): typeof fetch {
  const { origin } = new URL(apiUrl);
  return (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (new URL(url, apiUrl).origin !== origin) return inner(input, init);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('X-Territory-Id', String(acting.territoryId));
    headers.set('X-Region-Id', String(acting.regionId));
    headers.set('X-Reason', asHeaderText(acting.reason));
    return inner(input, { ...init, headers });
  };
}
