/** Kinesis takes no longer key. */
const MAX_LENGTH = 256;

/** What keeps events in order, the most telling first: an agent's call is followed as a call. */
const SUBJECTS = ['callId', 'agentId', 'visitId', 'stayId'] as const;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function subjectOf(event: object | undefined, id: string): string {
  const { type, part, entity, externalId, ...fields } = (event ?? {}) as Readonly<Record<string, unknown>>;
  // Changes of one thing are told once each, and the later one wins: nothing mends them when they change places.
  if (isText(entity) && isText(externalId)) return `${entity}:${externalId}`;
  for (const name of SUBJECTS) {
    const value = fields[name];
    if (isText(value)) return value;
  }
  return isText(part) && isText(type) ? `${type}:${part}` : id;
}

/**
 * The partition key of an event: what is told of one call, one agent, one part of the snapshots or one thing of the
 * directory stays in order, since it shares a shard; all else spreads by its id. Every host that puts events on the
 * stream takes it from here.
 */
export function partitionKeyOf(territoryId: number, event: object | undefined, id: string): string {
  // A character cut in half is none that a stream takes.
  return `${String(territoryId)}:${subjectOf(event, id)}`.slice(0, MAX_LENGTH).toWellFormed();
}
