import type { DeadLetterKey, DeadLetterState } from '../ports/dead-letters.ts';

/** Where letters that were put back on the stream go, below the root of all. */
export const REPLAYED = 'replayed';

/** Place of a letter below the root: `<stream>/<shard>/<sequence>.json`, under `replayed/` once it was replayed. */
export function pathOfLetter({ stream, shardId, sequence }: DeadLetterKey, state: DeadLetterState): string {
  return `${state === 'replayed' ? `${REPLAYED}/` : ''}${stream}/${shardId}/${sequence}.json`;
}

/** The key of what stands at a place below the root; undefined when no dead letter does. */
export function letterAtPath(place: string, state: DeadLetterState): DeadLetterKey | undefined {
  const parts = place.split('/');
  if (state === 'replayed' && parts.shift() !== REPLAYED) return undefined;
  const [stream, shardId, file, ...rest] = parts;
  if (stream === undefined || shardId === undefined || file === undefined || rest.length > 0) return undefined;
  const sequence = /^([^/]+)\.json$/.exec(file)?.[1];
  return sequence === undefined ? undefined : { stream, shardId, sequence };
}
