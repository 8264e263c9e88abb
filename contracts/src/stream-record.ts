/** What stands before the item in a record of the event stream. */
export interface StreamRecordHeader {
  readonly territoryId: number;
  readonly regionId: number;
  readonly receivedMs: number;
  /** `events`: the body is a raw event; `facts`: it is an array of accounting facts of the collector itself. */
  readonly body: 'events' | 'facts';
}

/** The first line of a record of the event stream, which says for whom the rest is; the item follows as it was sent. */
export function streamRecordHead({ territoryId, regionId, receivedMs, body }: StreamRecordHeader): string {
  return `${JSON.stringify({ lumina: 1, territoryId, regionId, receivedMs, body })}\n`;
}
