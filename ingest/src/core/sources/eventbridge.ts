/** An event as an EventBridge rule delivers it, opened. */
export interface BridgedEvent {
  /** What the producer put: an envelope, a raw FreeSWITCH event or a call event of the original product. */
  readonly detail: Readonly<Record<string, unknown>>;
  /** EventBridge's own id: stable over its redelivery, new when the producer puts the event again. */
  readonly fallbackId: string;
  /** When the event was put, in whole seconds; undefined where EventBridge's own field is missing. */
  readonly fallbackTime: string | undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Producers that know EventBridge's own `id` name theirs `eventId`. */
function withId(detail: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { id, eventId } = detail;
  return id === undefined && eventId !== undefined ? { ...detail, id: eventId } : detail;
}

/**
 * Opens the envelope of EventBridge (`{version, id, detail-type, source, account, time, region, resources, detail}`);
 * undefined for anything else. Only the names that EventBridge alone writes are asked for, so that an envelope of a
 * later version is opened too.
 */
export function unwrapEventBridge(raw: unknown): BridgedEvent | undefined {
  if (!isObject(raw) || typeof raw['detail-type'] !== 'string') return undefined;
  const { detail, id, time } = raw;
  if (!isObject(detail) || typeof id !== 'string' || id === '') return undefined;
  return { detail: withId(detail), fallbackId: id, fallbackTime: typeof time === 'string' ? time : undefined };
}

/** An envelope of ours completed with what EventBridge knows of it, where the producer left it out. */
export function completedEnvelope(
  envelope: Readonly<Record<string, unknown>>,
  bridged: Pick<BridgedEvent, 'fallbackId' | 'fallbackTime'>,
): Readonly<Record<string, unknown>> {
  const { id = bridged.fallbackId, time = bridged.fallbackTime } = envelope;
  return { ...envelope, id, time };
}
