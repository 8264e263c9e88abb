/** Kinesis takes no longer key. */
const MAX_LENGTH = 256;

function subjectOf(event: object | undefined, id: string): string {
  const fields = (event ?? {}) as Readonly<Record<string, unknown>>;
  for (const name of ['callId', 'agentId', 'stayId']) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  const { part, type } = fields;
  return typeof part === 'string' && typeof type === 'string' ? `${type}:${part}` : id;
}

/**
 * The partition key of an event: those of one call, or of one agent, stay in order, since they share a shard. Every host
 * that puts events on the stream takes it from here.
 */
export function partitionKeyOf(territoryId: number, event: object | undefined, id: string): string {
  return `${String(territoryId)}:${subjectOf(event, id)}`.slice(0, MAX_LENGTH);
}
