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

/** Reads a directory reply: a list, or a list under `items` or `data`. Entries without a name keep their id. */
export function parseDirectory(reply: unknown): DirectoryNames {
  const names = new Map<string, string>();
  for (const entry of entriesOf(reply)) {
    if (typeof entry !== 'object' || entry === null || !('id' in entry)) continue;
    const name = 'name' in entry && typeof entry.name === 'string' ? entry.name : '';
    if (name !== '') names.set(String(entry.id), name);
  }
  return names;
}

function entriesOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  if (typeof reply !== 'object' || reply === null) return [];
  for (const key of ['items', 'entries', 'data']) {
    const list = (reply as Readonly<Record<string, unknown>>)[key];
    if (Array.isArray(list)) return list;
  }
  return [];
}
