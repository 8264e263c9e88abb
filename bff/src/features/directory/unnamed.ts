import type { DirectoryKind } from './directory-store.ts';

/** What an agent is called whose name was erased. */
export const ERASED_NAME = 'Erased agent';

const ONE_OF: Readonly<Record<DirectoryKind, string>> = {
  queues: 'queue',
  agents: 'agent',
  teams: 'team',
  trunks: 'trunk',
};
const PSEUDONYM = /^a_([0-9a-f]{6})[0-9a-f]{26}$/;

/**
 * What to call a thing that only facts have named: its id, which people often know. A pseudonym says nothing to anybody, so
 * that a few digits of it only tell one from another.
 */
export function labelOfUnnamed(kind: DirectoryKind, id: string): string {
  const digits = PSEUDONYM.exec(id)?.[1];
  return digits === undefined ? id : `Unnamed ${ONE_OF[kind]} ${digits}`;
}
