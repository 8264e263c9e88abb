import type { Identity } from './query-keys.ts';

/** Who is signed in, as the tiles and the page around them need it. */
export interface SessionInfo extends Identity {
  readonly userName: string;
  readonly userEmail?: string;
  readonly territoryName: string;
  readonly timeZone: string;
  readonly regionName: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(...candidates: readonly unknown[]): string | undefined {
  return candidates.find((value): value is string => typeof value === 'string' && value !== '');
}

function wholeNumber(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : -1;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Reads the reply of `/api/session`; fields a newer service adds are ignored, a missing name falls back to the id. */
export function parseSession(reply: unknown): SessionInfo {
  const session = record(reply);
  const user = record(session['user']);
  const territory = record(session['territory']);
  const region = record(session['region']);
  const territoryId = wholeNumber(territory['id']);
  const regionId = wholeNumber(region['id']);
  const email = text(user['email']);
  const scope = session['scope'];
  return {
    territoryId,
    regionId,
    ...(typeof scope === 'object' && scope !== null ? { scope: scope } : {}),
    userName: text(user['name'], email, user['id']) ?? '',
    ...(email === undefined ? {} : { userEmail: email }),
    territoryName: text(territory['name']) ?? `#${String(territoryId)}`,
    timeZone: text(territory['timeZone']) ?? 'UTC',
    regionName: text(region['name'], region['code']) ?? `#${String(regionId)}`,
    roles: strings(session['roles']),
    permissions: strings(session['permissions']),
  };
}
