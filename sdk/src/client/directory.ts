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

/** Reads the reply of `/api/directory/{kind}`. Entries without a name keep their id. */
export function parseDirectory(reply: unknown): DirectoryNames {
  const names = new Map<string, string>();
  const items = typeof reply === 'object' && reply !== null && 'items' in reply ? reply.items : undefined;
  for (const entry of Array.isArray(items) ? (items as readonly unknown[]) : []) {
    if (typeof entry !== 'object' || entry === null || !('id' in entry)) continue;
    const name = 'name' in entry && typeof entry.name === 'string' ? entry.name : '';
    if (name !== '') names.set(String(entry.id), name);
  }
  return names;
}
