import type { CallOutcome } from '@lumina/contracts';

import { sha256Hex } from '../hash.ts';
import { rfc3339Of } from '../instants.ts';
import { DecodeError } from '../decode-error.ts';
import type { DecodeScope } from '../decode.ts';
import { callcenterFields } from './freeswitch-callcenter.ts';
import { textOfHeader } from './freeswitch-headers.ts';
import { transfersIn } from './freeswitch-transfers.ts';
import { whitelistHeaders } from './freeswitch-whitelist.ts';
import { HeaderReader, ParsedHeaders } from './header-reader.ts';
import type { ScannedHeaders } from './header-scanner.ts';

/** What a mapper says of one event; who it is and whose is added to the same object. */
export type EventFields = Record<string, unknown> & { readonly type: string; readonly time: string };

/** A raw event mapped: its id, and the event it tells of, if any. */
interface MappedEvent {
  readonly id: string;
  readonly event: unknown;
}

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

/** Without a direction header, a leg that some switch dialled is outbound only if it says so. */
function directionOf(headers: HeaderReader): string {
  return headers.optional('Call-Direction') ?? headers.optional('variable_direction') ?? 'inbound';
}

function callEnd(headers: HeaderReader, callId: string): EventFields {
  const timeMs = headers.optionalInstant('Caller-Channel-Hangup-Time') ?? headers.eventTimeMs();
  const startedMs = headers.optionalInstant('Caller-Channel-Created-Time');
  if (startedMs === undefined)
    throw new DecodeError('invalid_event', 'Header Caller-Channel-Created-Time is missing; a call needs its start.');
  const queueId = headers.optionalId('variable_cc_queue');
  const agentId = headers.optionalId('variable_cc_agent');
  const queueAnsweredMs = headers.optionalInstant('variable_cc_queue_answered_epoch');
  const isQueued = queueId !== undefined || headers.optional('variable_cc_member_uuid') !== undefined;
  // mod_callcenter answers the channel on entry, so for a queued call only its own answer time counts.
  const answeredMs = isQueued ? queueAnsweredMs : headers.optionalInstant('Caller-Channel-Answered-Time');
  const direction = directionOf(headers);
  const fields: EventFields = {
    type: 'CALL_END',
    time: rfc3339Of(timeMs),
    callId,
    direction,
    startedAt: rfc3339Of(startedMs),
    holdMs: headers.optionalMicroseconds('Caller-Channel-Hold-Accum') ?? 0,
    transfers: transfersIn(headers.all('variable_transfer_history')),
    outcome: callOutcome(headers, direction === 'inbound', answeredMs !== undefined, isQueued),
  };
  if (answeredMs !== undefined) fields['answeredAt'] = rfc3339Of(answeredMs);
  if (queueId !== undefined) fields['queueId'] = queueId;
  if (agentId !== undefined) fields['agentId'] = agentId;
  return fields;
}

/**
 * The leg that is the call. Any other leg is not counted: not one joined to another call, not an agent's, though it
 * starts as a call of its own, and not one that another leg dialled, which becomes a call of its own for its last
 * moments when the bridge ends.
 */
function ownCallId(headers: HeaderReader): string | undefined {
  const legId = headers.optional('Unique-ID');
  if (legId === undefined || legId !== headers.optional('Channel-Call-UUID')) return undefined;
  if (headers.optional('variable_cc_side') === 'agent') return undefined;
  const originator = headers.optional('variable_originator');
  return originator === undefined || originator === legId ? headers.id('Unique-ID') : undefined;
}

/** The call that a leg takes part in: holding and transferring is done on the leg of whoever does it. */
function callIdOfLeg(headers: HeaderReader): string | undefined {
  const memberCallId =
    headers.optional('variable_cc_side') === 'agent'
      ? headers.optionalId('variable_cc_member_session_uuid')
      : undefined;
  return memberCallId ?? headers.optionalId('Channel-Call-UUID');
}

function mark(headers: HeaderReader, type: string, callId: string | undefined): EventFields | undefined {
  if (callId === undefined) return undefined;
  const queueId = headers.optionalId('variable_cc_queue');
  const time = rfc3339Of(headers.eventTimeMs());
  return queueId === undefined ? { type, time, callId } : { type, time, callId, queueId };
}

function callStart(headers: HeaderReader, callId: string): EventFields {
  const timeMs = headers.optionalInstant('Caller-Channel-Created-Time') ?? headers.eventTimeMs();
  return { type: 'CALL_START', time: rfc3339Of(timeMs), callId, direction: directionOf(headers) };
}

function callAnswer(headers: HeaderReader, callId: string): EventFields {
  const timeMs = headers.optionalInstant('Caller-Channel-Answered-Time') ?? headers.eventTimeMs();
  return { type: 'CALL_ANSWER', time: rfc3339Of(timeMs), callId };
}

function channelFields(eventName: string, headers: HeaderReader): EventFields | undefined {
  if (eventName === 'CHANNEL_HOLD') return mark(headers, 'HOLD', callIdOfLeg(headers));
  if (eventName === 'CHANNEL_UNHOLD') return mark(headers, 'UNHOLD', callIdOfLeg(headers));
  const callId = ownCallId(headers);
  if (callId === undefined) return undefined;
  switch (eventName) {
    case 'CHANNEL_CREATE':
      return callStart(headers, callId);
    case 'CHANNEL_ANSWER':
      return callAnswer(headers, callId);
    case 'CHANNEL_HANGUP_COMPLETE':
      return callEnd(headers, callId);
    case 'DTMF':
      return mark(headers, 'DTMF', callId);
    default:
      return undefined;
  }
}

function customFields(headers: HeaderReader): EventFields | undefined {
  switch (headers.optional('Event-Subclass')) {
    case 'callcenter::info':
      return callcenterFields(headers);
    // Blind or attended, one transfer fires this once, on the leg that transfers; `transferee` and `replaced` are the
    // same transfer seen from the other legs.
    case 'sofia::transferor':
      return mark(headers, 'TRANSFER', callIdOfLeg(headers));
    default:
      return undefined;
  }
}

/** Whether a raw value is an event of FreeSWITCH. */
export function isFreeswitchEvent(raw: Readonly<Record<string, unknown>>): boolean {
  return textOfHeader(raw['Event-Name'] ?? raw['event-name']) !== undefined;
}

/** Who an event is by the switch's own count; undefined where the switch does not say. */
function ownId(headers: HeaderReader): string | undefined {
  const coreId = headers.optional('Core-UUID');
  const sequence = headers.optional('Event-Sequence');
  return coreId === undefined || sequence === undefined ? undefined : `${coreId}:${sequence}`;
}

function mapHeaders(headers: HeaderReader, id: string, scope: DecodeScope): MappedEvent {
  const eventName = headers.required('Event-Name');
  const fields = eventName === 'CUSTOM' ? customFields(headers) : channelFields(eventName, headers);
  if (fields === undefined) return { id, event: undefined };
  fields['v'] = 1;
  fields['id'] = id;
  fields['source'] = 'freeswitch';
  fields['territoryId'] = scope.territoryId;
  fields['regionId'] = scope.regionId;
  return { id, event: fields };
}

/** Maps one raw FreeSWITCH event; events that concern nothing we count map to none. */
export function mapFreeswitch(raw: Readonly<Record<string, unknown>>, scope: DecodeScope): MappedEvent {
  const parsed = new ParsedHeaders(raw);
  const headers = new HeaderReader(parsed, scope.pseudonymise);
  const id = ownId(headers) ?? scope.bridgedId ?? sha256Hex(JSON.stringify(whitelistHeaders(raw, scope)));
  scope.assertOwn(
    parsed.variable(scope.territoryVariable, 'variable_territory_id') ?? scope.territoryId,
    parsed.variable(scope.regionVariable, 'variable_region_id') ?? scope.regionId,
  );
  return mapHeaders(headers, id, scope);
}

/** The same of an event whose headers were scanned: it has an id of its own, and the usual names of variables. */
export function mapScanned(scanned: ScannedHeaders, scope: DecodeScope): MappedEvent {
  const headers = new HeaderReader(scanned, scope.pseudonymise);
  const id = `${headers.required('Core-UUID')}:${headers.required('Event-Sequence')}`;
  scope.assertOwn(
    headers.optional('variable_territory_id') ?? scope.territoryId,
    headers.optional('variable_region_id') ?? scope.regionId,
  );
  return mapHeaders(headers, id, scope);
}
