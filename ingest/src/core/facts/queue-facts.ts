import {
  BEAT_SERIES,
  FLOWOUT_OUTCOMES,
  MISSING,
  type Fact,
  type QueueJoin,
  type QueueLeave,
  type QueueResume,
  type QueueSnapshot,
  type QueueUnanswer,
} from '@lumina/contracts';

import { epochMsOf } from '../instants.ts';
import { hashedFact, keyedFact, slotOf, versionOf } from './build.ts';

/** An undo is the second thing said of a stay. */
const UNDO_VERSION = 2;
const flowouts: ReadonlySet<string> = new Set(FLOWOUT_OUTCOMES);

/** `join`: a caller entered a queue. */
export function queueJoinFacts(event: QueueJoin): Fact[] {
  const atMs = epochMsOf(event.time);
  return [
    hashedFact(event, {
      id: 'queue_metrics.join',
      timeMs: atMs,
      version: versionOf(event),
      dimensions: { queue_id: event.queueId },
      measures: { n: 1, at_ms: atMs, visit_id: event.visitId, call_id: event.callId, eid: event.visitId },
    }),
  ];
}

/** `visit`: a stay in a queue ended. */
export function queueLeaveFacts(event: QueueLeave): Fact[] {
  const leaveMs = epochMsOf(event.time);
  const joinMs = epochMsOf(event.joinedAt);
  return [
    hashedFact(event, {
      id: 'queue_metrics.visit',
      timeMs: leaveMs,
      version: versionOf(event),
      dimensions: { queue_id: event.queueId },
      measures: {
        n: 1,
        wait_ms: Math.max(0, leaveMs - joinMs),
        answered: event.outcome === 'answered' ? 1 : 0,
        abandoned: event.outcome === 'abandoned' ? 1 : 0,
        flowout: flowouts.has(event.outcome) ? 1 : 0,
        resumed: 0,
        join_ms: joinMs,
        outcome: event.outcome,
        agent_id: event.agentId ?? MISSING,
        visit_id: event.visitId,
        call_id: event.callId,
        eid: event.stayId,
      },
    }),
  ];
}

/** An answer undone: its visit is rewritten so that it counts nothing. */
export function queueUnanswerFacts(event: QueueUnanswer): Fact[] {
  return [
    hashedFact(event, {
      id: 'queue_metrics.visit',
      timeMs: epochMsOf(event.answeredAt),
      version: Math.max(UNDO_VERSION, versionOf(event)),
      dimensions: { queue_id: event.queueId },
      measures: {
        n: 0,
        wait_ms: 0,
        answered: 0,
        abandoned: 0,
        flowout: 0,
        resumed: 0,
        join_ms: epochMsOf(event.joinedAt),
        outcome: 'undone',
        agent_id: MISSING,
        visit_id: event.visitId ?? MISSING,
        call_id: event.callId ?? MISSING,
        eid: event.stayId,
      },
    }),
  ];
}

/** The abandon that a resume undoes, rewritten: still a leave of the queue, no longer an abandon. */
function resumedVisit(event: QueueResume, undoes: NonNullable<QueueResume['undoes']>): Fact {
  const leaveMs = epochMsOf(undoes.time);
  const joinMs = epochMsOf(undoes.joinedAt);
  const isTakenBack = event.void === true;
  const parts = {
    id: 'queue_metrics.visit',
    timeMs: leaveMs,
    version: Math.max(UNDO_VERSION, versionOf(event)),
    dimensions: { queue_id: event.queueId },
    measures: {
      n: 1,
      wait_ms: Math.max(0, leaveMs - joinMs),
      answered: 0,
      abandoned: isTakenBack ? 1 : 0,
      flowout: 0,
      resumed: isTakenBack ? 0 : 1,
      join_ms: joinMs,
      outcome: 'abandoned',
      agent_id: MISSING,
      visit_id: event.visitId,
      call_id: undoes.callId,
      eid: undoes.stayId,
    },
  } as const;
  // Never void itself: taking a resume back makes the visit an abandon again, not nothing.
  return hashedFact(event, parts, false);
}

/** `resume`: a caller who had given up came back; a matched one rewrites the abandon. */
export function queueResumeFacts(event: QueueResume): Fact[] {
  const atMs = epochMsOf(event.time);
  const entry = hashedFact(event, {
    id: 'queue_metrics.resume',
    timeMs: atMs,
    version: versionOf(event),
    dimensions: { queue_id: event.queueId },
    measures: {
      n: 1,
      matched: event.undoes === null ? 0 : 1,
      at_ms: atMs,
      visit_id: event.visitId,
      call_id: event.callId,
      eid: `${event.visitId}:${String(atMs)}`,
    },
  });
  return event.undoes === null ? [entry] : [entry, resumedVisit(event, event.undoes)];
}

/** `level`: depth of each queue of a part, and the beat. */
export function queueLevelFacts(event: QueueSnapshot): Fact[] {
  const { part, intervalMs: interval_ms } = event;
  const at_ms = epochMsOf(event.time);
  const { timeMs, version } = slotOf(at_ms, interval_ms);
  const row = (queue_id: string, measures: Fact['measures']): Fact =>
    keyedFact(event, { id: 'queue_metrics.level', timeMs, version, dimensions: { queue_id, part }, measures });
  const levels = event.queues.map(({ queueId, depth, oldestJoinedAt }) =>
    oldestJoinedAt === undefined || depth === 0
      ? row(queueId, { depth, at_ms, interval_ms })
      : row(queueId, { depth, oldest_join_ms: epochMsOf(oldestJoinedAt), at_ms, interval_ms }),
  );
  levels.push(row(BEAT_SERIES, { at_ms, interval_ms }));
  return levels;
}
