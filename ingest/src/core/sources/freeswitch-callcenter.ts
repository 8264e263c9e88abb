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

function memberStay(headers: HeaderReader): string {
  return `${headers.id('CC-Member-UUID')}:${headers.id('CC-Member-Session-UUID')}`;
}

/** One answer by one agent: the id of the stay it ends and of the contact it begins. */
function answerId(headers: HeaderReader): string {
  return `${headers.id('CC-Member-UUID')}:${headers.id('CC-Agent')}:${headers.required('CC-Agent-Answered-Time')}`;
}

function visitOf(headers: HeaderReader): { visitId: string; queueId: string; callId: string } {
  return {
    visitId: headers.id('CC-Member-UUID'),
    queueId: headers.id('CC-Queue'),
    callId: headers.id('CC-Member-Session-UUID'),
  };
}

function bridgeStart(headers: HeaderReader): EventFields {
  return {
    type: 'QUEUE_LEAVE',
    timeMs: headers.instant('CC-Agent-Answered-Time'),
    ...visitOf(headers),
    stayId: answerId(headers),
    joinedAt: rfc3339Of(headers.instant('CC-Member-Joined-Time')),
    outcome: 'answered',
    agentId: headers.id('CC-Agent'),
  };
}

function bridgeEnd(headers: HeaderReader): EventFields | undefined {
  if (headers.optional('CC-Agent-Bridged')?.toLowerCase() !== 'false') return undefined;
  return {
    type: 'QUEUE_UNANSWER',
    timeMs: headers.eventTimeMs(),
    ...visitOf(headers),
    stayId: answerId(headers),
    joinedAt: rfc3339Of(headers.instant('CC-Member-Joined-Time')),
    answeredAt: rfc3339Of(headers.instant('CC-Agent-Answered-Time')),
  };
}

function queueEnd(headers: HeaderReader): EventFields {
  const cause = headers.required('CC-Cause');
  if (cause === 'Terminated') {
    const answeredMs = headers.instant('CC-Agent-Answered-Time');
    const leavingMs = headers.instant('CC-Member-Leaving-Time');
    return {
      type: 'AGENT_HANDLE',
      timeMs: leavingMs,
      contactId: answerId(headers),
      agentId: headers.id('CC-Agent'),
      teamId: MISSING,
      queueId: headers.id('CC-Queue'),
      startedAt: rfc3339Of(answeredMs),
      talkMs: Math.max(0, leavingMs - answeredMs),
      holdMs: 0,
    };
  }
  const reason = headers.optional('CC-Cancel-Reason') ?? 'NONE';
  const outcome = Object.hasOwn(OUTCOME_OF_CANCEL, reason) ? OUTCOME_OF_CANCEL[reason] : undefined;
  if (cause !== 'Cancel' || outcome === undefined) {
    throw new DecodeError('invalid_event', 'CC-Cause must be Terminated, or Cancel with a known CC-Cancel-Reason.');
  }
  return {
    type: 'QUEUE_LEAVE',
    timeMs: headers.eventTimeMs(),
    ...visitOf(headers),
    stayId: memberStay(headers),
    joinedAt: rfc3339Of(headers.instant('CC-Member-Joined-Time')),
    outcome,
  };
}

function resume(headers: HeaderReader): EventFields {
  const visit = visitOf(headers);
  const stayId = headers.optionalId('Lumina-Undoes-Stay');
  const undoes =
    stayId === undefined
      ? null
      : {
          stayId,
          time: rfc3339Of(headers.instant('Lumina-Undoes-Time')),
          joinedAt: rfc3339Of(headers.instant('Lumina-Undoes-Joined')),
          // The stay is Member-UUID:Member-Session-UUID; its session is the call that gave up.
          callId: stayId.startsWith(`${visit.visitId}:`) ? stayId.slice(visit.visitId.length + 1) : visit.callId,
        };
  return { type: 'QUEUE_RESUME', timeMs: headers.eventTimeMs(), ...visit, undoes };
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
  const timeMs = headers.eventTimeMs();
  // A raw event knows no previous state: it only opens a slice, snapshots do the rest.
  return {
    type: 'AGENT_STATE',
    timeMs,
    agentId: headers.id('CC-Agent'),
    teamId: MISSING,
    state,
    since: rfc3339Of(timeMs),
    previous: null,
  };
}

/** Maps a `callcenter::info` event; actions that end or begin nothing we count map to none. */
export function callcenterFields(headers: HeaderReader): EventFields | undefined {
  switch (headers.required('CC-Action')) {
    case 'member-queue-start':
      return { type: 'QUEUE_JOIN', timeMs: headers.eventTimeMs(), ...visitOf(headers), stayId: memberStay(headers) };
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
