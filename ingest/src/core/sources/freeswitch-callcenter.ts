import type { AgentState, QueueOutcome } from '@lumina/contracts';
import { MISSING } from '@lumina/contracts';

import { DecodeError } from '../decode-error.ts';
import { rfc3339Of } from '../instants.ts';
import type { EventFields } from './freeswitch.ts';
import type { HeaderReader } from './header-reader.ts';

const OUTCOME_OF_CANCEL: Readonly<Record<string, QueueOutcome>> = {
  BREAK_OUT: 'abandoned',
  NONE: 'abandoned',
  TIMEOUT: 'timeout',
  NO_AGENT_TIMEOUT: 'no_agent',
  EXIT_WITH_KEY: 'key',
};

/** A member in a queue, its ids read once. */
interface Visit {
  readonly visitId: string;
  readonly queueId: string;
  readonly callId: string;
}

function visitOf(headers: HeaderReader): Visit {
  return {
    visitId: headers.id('CC-Member-UUID'),
    queueId: headers.id('CC-Queue'),
    callId: headers.id('CC-Member-Session-UUID'),
  };
}

/** The stay that ends without an answer: one per call of the member. */
function memberStay({ visitId, callId }: Visit): string {
  return `${visitId}:${callId}`;
}

/** One answer by one agent: the id of the stay it ends and of the contact it begins. */
function answerId(headers: HeaderReader, visitId: string, agentId: string): string {
  return `${visitId}:${agentId}:${headers.required('CC-Agent-Answered-Time')}`;
}

function queueStart(headers: HeaderReader): EventFields {
  const visit = visitOf(headers);
  const { visitId, queueId, callId } = visit;
  const time = rfc3339Of(headers.eventTimeMs());
  return { type: 'QUEUE_JOIN', time, visitId, stayId: memberStay(visit), queueId, callId };
}

function bridgeStart(headers: HeaderReader): EventFields {
  const { visitId, queueId, callId } = visitOf(headers);
  const agentId = headers.id('CC-Agent');
  return {
    type: 'QUEUE_LEAVE',
    time: rfc3339Of(headers.instant('CC-Agent-Answered-Time')),
    visitId,
    stayId: answerId(headers, visitId, agentId),
    queueId,
    callId,
    joinedAt: rfc3339Of(headers.instant('CC-Member-Joined-Time')),
    outcome: 'answered',
    agentId,
  };
}

function bridgeEnd(headers: HeaderReader): EventFields | undefined {
  if (headers.optional('CC-Agent-Bridged')?.toLowerCase() !== 'false') return undefined;
  const { visitId, queueId, callId } = visitOf(headers);
  return {
    type: 'QUEUE_UNANSWER',
    time: rfc3339Of(headers.eventTimeMs()),
    stayId: answerId(headers, visitId, headers.id('CC-Agent')),
    queueId,
    joinedAt: rfc3339Of(headers.instant('CC-Member-Joined-Time')),
    answeredAt: rfc3339Of(headers.instant('CC-Agent-Answered-Time')),
    visitId,
    callId,
  };
}

function contactEnd(headers: HeaderReader): EventFields {
  const answeredMs = headers.instant('CC-Agent-Answered-Time');
  const leavingMs = headers.instant('CC-Member-Leaving-Time');
  const agentId = headers.id('CC-Agent');
  return {
    type: 'AGENT_HANDLE',
    time: rfc3339Of(leavingMs),
    contactId: answerId(headers, headers.id('CC-Member-UUID'), agentId),
    agentId,
    teamId: MISSING,
    queueId: headers.id('CC-Queue'),
    startedAt: rfc3339Of(answeredMs),
    talkMs: Math.max(0, leavingMs - answeredMs),
    holdMs: 0,
  };
}

function queueEnd(headers: HeaderReader): EventFields {
  const cause = headers.required('CC-Cause');
  if (cause === 'Terminated') return contactEnd(headers);
  const reason = headers.optional('CC-Cancel-Reason') ?? 'NONE';
  const outcome = Object.hasOwn(OUTCOME_OF_CANCEL, reason) ? OUTCOME_OF_CANCEL[reason] : undefined;
  if (cause !== 'Cancel' || outcome === undefined) {
    throw new DecodeError('invalid_event', 'CC-Cause must be Terminated, or Cancel with a known CC-Cancel-Reason.');
  }
  const visit = visitOf(headers);
  const { visitId, queueId, callId } = visit;
  return {
    type: 'QUEUE_LEAVE',
    time: rfc3339Of(headers.eventTimeMs()),
    visitId,
    stayId: memberStay(visit),
    queueId,
    callId,
    joinedAt: rfc3339Of(headers.instant('CC-Member-Joined-Time')),
    outcome,
  };
}

/** The abandon that a resume undoes, as the forwarder remembered it; null where nobody did. */
function undoneBy(headers: HeaderReader, { visitId, callId }: Visit): object | null {
  const stayId = headers.optionalId('Lumina-Undoes-Stay');
  if (stayId === undefined) return null;
  return {
    stayId,
    time: rfc3339Of(headers.instant('Lumina-Undoes-Time')),
    joinedAt: rfc3339Of(headers.instant('Lumina-Undoes-Joined')),
    // The stay is Member-UUID:Member-Session-UUID; its session is the call that gave up.
    callId: stayId.startsWith(`${visitId}:`) ? stayId.slice(visitId.length + 1) : callId,
  };
}

function resume(headers: HeaderReader): EventFields {
  const visit = visitOf(headers);
  const time = rfc3339Of(headers.eventTimeMs());
  return { type: 'QUEUE_RESUME', time, ...visit, undoes: undoneBy(headers, visit) };
}

/** Statuses as mod_callcenter lists them, lower-cased: it takes and repeats them in any case. */
const STATE_OF_STATUS: Readonly<Record<string, AgentState>> = {
  'logged out': 'offline',
  available: 'available',
  'available (on demand)': 'available',
  'on break': 'away',
};

function stateOfStatus(status: string): AgentState | undefined {
  const lowered = status.toLowerCase();
  return Object.hasOwn(STATE_OF_STATUS, lowered) ? STATE_OF_STATUS[lowered] : undefined;
}

function stateOfRouting(routing: string, status: string | undefined): AgentState | undefined {
  switch (routing.toLowerCase()) {
    case 'in a queue call':
      return 'on_contact';
    case 'waiting':
    case 'idle':
      // These two speak of availability only while the agent is available; the status is told where it is known.
      return status === undefined || stateOfStatus(status) === 'available' ? 'available' : undefined;
    default:
      // Receiving and Reserved: a call is being offered, the agent is as available as before.
      return undefined;
  }
}

function agentState(headers: HeaderReader, state: AgentState | undefined): EventFields | undefined {
  if (state === undefined) return undefined;
  const time = rfc3339Of(headers.eventTimeMs());
  // A raw event knows no previous state: it only opens a slice, snapshots do the rest.
  const agentId = headers.id('CC-Agent');
  return { type: 'AGENT_STATE', time, agentId, teamId: MISSING, state, since: time, previous: null };
}

/** Maps a `callcenter::info` event; actions that end or begin nothing we count map to none. */
export function callcenterFields(headers: HeaderReader): EventFields | undefined {
  switch (headers.required('CC-Action')) {
    case 'member-queue-start':
      return queueStart(headers);
    case 'member-queue-resume':
      return resume(headers);
    case 'bridge-agent-start':
      return bridgeStart(headers);
    case 'bridge-agent-end':
      return bridgeEnd(headers);
    case 'member-queue-end':
      return queueEnd(headers);
    case 'agent-status-change':
      return agentState(headers, stateOfStatus(headers.required('CC-Agent-Status')));
    case 'agent-state-change':
      return agentState(
        headers,
        stateOfRouting(headers.required('CC-Agent-State'), headers.optional('CC-Agent-Status')),
      );
    default:
      return undefined;
  }
}
