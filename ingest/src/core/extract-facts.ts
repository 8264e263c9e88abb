import type { Fact, LuminaEvent } from '@lumina/contracts';

import { agentAcwFacts, agentHandleFacts, agentSnapshotFacts, agentStateFacts } from './facts/agent-facts.ts';
import { caiFacts, callEndFacts, callLevelFacts, callMarkFacts, callStartFacts, ivrFacts } from './facts/call-facts.ts';
import {
  queueJoinFacts,
  queueLeaveFacts,
  queueLevelFacts,
  queueResumeFacts,
  queueUnanswerFacts,
} from './facts/queue-facts.ts';
import { adminFacts, apiFacts, trunkFacts } from './facts/system-facts.ts';

/** The facts of one event. A pure function of that event alone: arrival, order and repetition change nothing. */
export function extractFacts(event: LuminaEvent): Fact[] {
  switch (event.type) {
    case 'CALL_START':
      return callStartFacts(event);
    case 'CALL_END':
      return callEndFacts(event);
    case 'TRANSFER':
    case 'HOLD':
    case 'UNHOLD':
    case 'DTMF':
    case 'ROUTING_DECISION':
      return callMarkFacts(event);
    case 'CALL_SNAPSHOT':
      return callLevelFacts(event);
    case 'IVR_INTERACTION':
      return ivrFacts(event);
    case 'CAI_CONVERSATION':
      return caiFacts(event);
    case 'QUEUE_JOIN':
      return queueJoinFacts(event);
    case 'QUEUE_LEAVE':
      return queueLeaveFacts(event);
    case 'QUEUE_UNANSWER':
      return queueUnanswerFacts(event);
    case 'QUEUE_RESUME':
      return queueResumeFacts(event);
    case 'QUEUE_SNAPSHOT':
      return queueLevelFacts(event);
    case 'AGENT_STATE':
      return agentStateFacts(event);
    case 'AGENT_SNAPSHOT':
      return agentSnapshotFacts(event);
    case 'AGENT_HANDLE':
      return agentHandleFacts(event);
    case 'AGENT_ACW':
      return agentAcwFacts(event);
    case 'TRUNK_SNAPSHOT':
      return trunkFacts(event);
    case 'API_SAMPLE':
      return apiFacts(event);
    case 'USER_ACTION':
      return adminFacts(event);
    case 'CALL_ANSWER': // The end of the call tells its answer.
    case 'CONFIG_CHANGE': // Feeds the directory, not the store.
      return [];
  }
}
