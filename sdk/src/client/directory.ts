/** Kinds of things that facts name by id. */
export type DirectoryKind = 'queues' | 'agents' | 'teams' | 'trunks';

/** Names by id. */
export type DirectoryNames = ReadonlyMap<string, string>;

const KIND_OF_DIMENSION: Readonly<Record<string, DirectoryKind>> = {
  queue_id: 'queues',
  agent_id: 'agents',
  team_id: 'teams',
  trunk_id: 'trunks',
};

/** Which directory resolves a dimension; undefined where values speak for themselves. */
export function directoryKindOf(dimension: string): DirectoryKind | undefined {
  return KIND_OF_DIMENSION[dimension];
}

/** One thing that the directory names. */
export interface DirectoryEntry {
  readonly id: string;
  /** The id where nobody has named it yet. */
  readonly name: string;
  /** Gone: named for the sake of its past, but nothing to choose. */
  readonly isRetired: boolean;
}

/** A page of the directory, and where the next one begins. */
interface DirectoryPage {
  readonly entries: readonly DirectoryEntry[];
  readonly next: string | undefined;
}

/** Reads a reply of `/api/directory/{kind}`; what has no id is left out. */
function parseDirectory(reply: unknown): DirectoryPage {
  const { items, next } = (typeof reply === 'object' && reply !== null ? reply : {}) as {
    readonly items?: unknown;
    readonly next?: unknown;
  };
  const entries: DirectoryEntry[] = [];
  for (const entry of Array.isArray(items) ? (items as readonly unknown[]) : []) {
    if (typeof entry !== 'object' || entry === null || !('id' in entry)) continue;
    const id = String(entry.id);
    const name = 'name' in entry && typeof entry.name === 'string' && entry.name !== '' ? entry.name : id;
    entries.push({ id, name, isRetired: 'retired' in entry && entry.retired === true });
  }
  return { entries, next: typeof next === 'string' && next !== '' ? next : undefined };
}

/** Far more names than a page can show; a service that never ends its pages must not hold it up. */
const MAX_PAGES = 20;

/** Reads all of one kind, page by page. */
export async function readDirectory(
  kind: DirectoryKind,
  ask: (path: string) => Promise<unknown>,
): Promise<readonly DirectoryEntry[]> {
  const all: DirectoryEntry[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const from = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const { entries, next } = parseDirectory(await ask(`api/directory/${kind}${from}`));
    all.push(...entries);
    if (next === undefined) break;
    cursor = next;
  }
  return all;
}
