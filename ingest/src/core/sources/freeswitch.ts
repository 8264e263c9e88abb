import type { CallOutcome } from '@lumina/contracts';

import { sha256Hex } from '../hash.ts';
import { rfc3339Of } from '../instants.ts';
import { DecodeError } from '../decode-error.ts';
import type { DecodeScope } from '../decode.ts';
import { callcenterFields } from './freeswitch-callcenter.ts';
import { HeaderReader } from './header-reader.ts';

/** The fields of one normalised event, before validation. */
export type EventFields = Readonly<Record<string, unknown>> & { readonly type: string; readonly timeMs: number };

const NO_ANSWER_CAUSES = new Set([
  'NO_ANSWER',
  'NO_USER_RESPONSE',
  'ALLOTTED_TIMEOUT',
  'ORIGINATOR_CANCEL',
  'NORMAL_CLEARING',
  'RECOVERY_ON_TIMER_EXPIRE',
]);
const BUSY_CAUSES = new Set(['USER_BUSY', 'CALL_REJECTED']);
const ABANDON_REASONS = new Set(['BREAK_OUT', 'NONE']);

function callOutcome(headers: HeaderReader, isInbound: boolean, isAnswered: boolean, isQueued: boolean): CallOutcome {
  if (isAnswered) return 'answered';
  const cancelReason = headers.optional('variable_cc_cancel_reason');
  const cause = headers.optional('Hangup-Cause') ?? headers.optional('variable_hangup_cause') ?? '';
  if (isInbound) {
    if (cancelReason !== undefined && ABANDON_REASONS.has(cancelReason)) return 'abandoned';
    if (!isQueued && cause === 'ORIGINATOR_CANCEL') return 'abandoned';
  }
  if (BUSY_CAUSES.has(cause)) return 'busy';
  if (isQueued || NO_ANSWER_CAUSES.has(cause)) return 'no_answer';
  return 'failed';
}

function transfersOf(headers: HeaderReader, raw: Readonly<Record<string, unknown>>): number {
  const history = raw['variable_transfer_history'];
  if (Array.isArray(history)) return history.length;
  const text = headers.optional('variable_transfer_history');
  return text === undefined ? 0 : text.replace(/^ARRAY::/, '').split('|:').length;
}

/** Without a direction header, a leg that some switch dialled is outbound only if it says so. */
function directionOf(headers: HeaderReader): string {
  return headers.optional('Call-Direction') ?? headers.optional('variable_direction') ?? 'inbound';
}

function callEnd(headers: HeaderReader, raw: Readonly<Record<string, unknown>>, callId: string): EventFields {
  const timeMs = headers.optionalMicroseconds('Caller-Channel-Hangup-Time') ?? headers.eventTimeMs();
  const startedMs = headers.optionalMicroseconds('Caller-Channel-Created-Time');
  if (startedMs === undefined)
    throw new DecodeError('invalid_event', 'Header Caller-Channel-Created-Time is missing; a call needs its start.');
  const queueId = headers.optionalId('variable_cc_queue');
  const agentId = headers.optionalId('variable_cc_agent');
  const queueAnsweredMs = headers.optionalSeconds('variable_cc_queue_answered_epoch');
  const isQueued = queueId !== undefined || headers.optional('variable_cc_member_uuid') !== undefined;
  // mod_callcenter answers the channel on entry, so for a queued call only its own answer time counts.
  const answeredMs = isQueued ? queueAnsweredMs : headers.optionalMicroseconds('Caller-Channel-Answered-Time');
  const direction = directionOf(headers);
  return {
    type: 'CALL_END',
    timeMs,
    callId,
    direction,
    startedAt: rfc3339Of(startedMs),
    ...(answeredMs === undefined ? {} : { answeredAt: rfc3339Of(answeredMs) }),
    ...(queueId === undefined ? {} : { queueId }),
    ...(agentId === undefined ? {} : { agentId }),
    holdMs: headers.optionalMicroseconds('Caller-Channel-Hold-Accum') ?? 0,
    transfers: transfersOf(headers, raw),
    outcome: callOutcome(headers, direction === 'inbound', answeredMs !== undefined, isQueued),
  };
}

const MARKS: Readonly<Record<string, string>> = {
  CHANNEL_HOLD: 'HOLD',
  CHANNEL_UNHOLD: 'UNHOLD',
  DTMF: 'DTMF',
};

/** The leg that is the call; any other leg, and an agent's leg that starts as a call of its own, is not counted. */
function ownCallId(headers: HeaderReader): string | undefined {
  const callId = headers.optional('Channel-Call-UUID');
  if (callId === undefined || callId !== headers.optional('Unique-ID')) return undefined;
  return headers.optional('variable_cc_side') === 'agent' ? undefined : headers.id('Channel-Call-UUID');
}

function mark(headers: HeaderReader, type: string, callId: string): EventFields {
  const queueId = headers.optionalId('variable_cc_queue');
  return { type, timeMs: headers.eventTimeMs(), callId, ...(queueId === undefined ? {} : { queueId }) };
}

function channelFields(
  eventName: string,
  headers: HeaderReader,
  raw: Readonly<Record<string, unknown>>,
): EventFields | undefined {
  const callId = ownCallId(headers);
  if (callId === undefined) return undefined;
  switch (eventName) {
    case 'CHANNEL_CREATE':
      return {
        type: 'CALL_START',
        timeMs: headers.optionalMicroseconds('Caller-Channel-Created-Time') ?? headers.eventTimeMs(),
        callId,
        direction: directionOf(headers),
      };
    case 'CHANNEL_ANSWER':
      return {
        type: 'CALL_ANSWER',
        timeMs: headers.optionalMicroseconds('Caller-Channel-Answered-Time') ?? headers.eventTimeMs(),
        callId,
      };
    case 'CHANNEL_HANGUP_COMPLETE':
      return callEnd(headers, raw, callId);
    default: {
      const type = MARKS[eventName];
      return type === undefined ? undefined : mark(headers, type, callId);
    }
  }
}

function customFields(headers: HeaderReader): EventFields | undefined {
  const subclass = headers.optional('Event-Subclass');
  if (subclass === 'callcenter::info') return callcenterFields(headers);
  if (subclass === 'sofia::transferor') {
    const callId = ownCallId(headers);
    return callId === undefined ? undefined : mark(headers, 'TRANSFER', callId);
  }
  return undefined;
}

/** Whether a raw value is an event of FreeSWITCH. */
export function isFreeswitchEvent(raw: Readonly<Record<string, unknown>>): boolean {
  return typeof raw['Event-Name'] === 'string';
}

/** Maps one raw FreeSWITCH event; events that concern nothing we count map to none. */
export function mapFreeswitch(
  raw: Readonly<Record<string, unknown>>,
  scope: DecodeScope,
): { id: string; event: unknown } {
  const headers = new HeaderReader(raw, scope.pseudonymise);
  const coreId = headers.optional('Core-UUID');
  const sequence = headers.optional('Event-Sequence');
  const id =
    coreId !== undefined && sequence !== undefined
      ? `${coreId}:${sequence}`
      : (scope.bridgedId ?? sha256Hex(scope.bytes ?? JSON.stringify(raw)));
  scope.assertOwn(
    headers.optional(scope.territoryVariable) ?? scope.territoryId,
    headers.optional(scope.regionVariable) ?? scope.regionId,
  );
  const eventName = headers.required('Event-Name');
  const fields = eventName === 'CUSTOM' ? customFields(headers) : channelFields(eventName, headers, raw);
  if (fields === undefined) return { id, event: undefined };
  const { timeMs, ...rest } = fields;
  const event = {
    v: 1,
    id,
    source: 'freeswitch',
    time: rfc3339Of(timeMs),
    territoryId: scope.territoryId,
    regionId: scope.regionId,
    ...rest,
  };
  return { id, event };
}
