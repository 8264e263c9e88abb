import { sha256Hex } from '../hash.ts';
import { DecodeError } from '../decode-error.ts';
import type { DecodeScope } from '../decode.ts';
import { epochMsOf, rfc3339Of } from '../instants.ts';
import { checkOriginalCallEvent } from '../validate.ts';

const MS_PER_SECOND = 1000;
const ANSWERED = new Set(['answered', 'completed', 'connected', 'success']);
const OUTCOMES = new Set(['abandoned', 'no_answer', 'busy', 'failed']);

/** Whether a raw value is a call event of the original product. */
export function isOriginalCallEvent(raw: Readonly<Record<string, unknown>>): boolean {
  return typeof raw['eventType'] === 'string' && raw['timestamp'] !== undefined;
}

/** Maps the original product's call event. It tells no direction and no wait: inbound, answered at its start. */
export function mapOriginalCallEvent(
  raw: Readonly<Record<string, unknown>>,
  scope: DecodeScope,
): { id: string; event: unknown } {
  const original = checkOriginalCallEvent(raw);
  scope.assertOwn(original.territoryId, original.regionId);
  const timeMs = epochMsOf(original.timestamp);
  const id = sha256Hex(`${original.callId}\n${original.eventType}\n${original.timestamp}`).slice(0, 32);
  const base = {
    v: 1,
    id,
    source: 'freeswitch',
    time: rfc3339Of(timeMs),
    territoryId: scope.territoryId,
    regionId: scope.regionId,
    type: original.eventType,
    callId: original.callId,
  };
  if (original.eventType === 'CALL_START') return { id, event: { ...base, direction: 'inbound' } };
  const queue = original.queueId === undefined ? {} : { queueId: original.queueId };
  if (original.eventType !== 'CALL_END') return { id, event: { ...base, ...queue } };
  const startedMs = timeMs - Math.round((original.duration ?? 0) * MS_PER_SECOND);
  if (startedMs < 0) throw new DecodeError('invalid_event', 'duration reaches back before 1970; it is in seconds.');
  const outcome = original.outcome?.toLowerCase() ?? 'failed';
  const isAnswered = ANSWERED.has(outcome);
  const event = {
    ...base,
    ...queue,
    ...(original.agentId === undefined ? {} : { agentId: original.agentId }),
    direction: 'inbound',
    startedAt: rfc3339Of(startedMs),
    ...(isAnswered ? { answeredAt: rfc3339Of(startedMs) } : {}),
    holdMs: 0,
    transfers: 0,
    outcome: isAnswered ? 'answered' : OUTCOMES.has(outcome) ? outcome : 'failed',
  };
  return { id, event };
}
