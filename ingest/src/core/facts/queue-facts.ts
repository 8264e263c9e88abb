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
import { buildFact, slotOf, versionOf } from './build.ts';

/** An undo is the second thing said of a stay. */
const UNDO_VERSION = 2;
const flowouts: ReadonlySet<string> = new Set(FLOWOUT_OUTCOMES);

/** `join`: a caller entered a queue. */
export function queueJoinFacts(event: QueueJoin): Fact[] {
  const atMs = epochMsOf(event.time);
  return [
    buildFact(event, {
      id: 'queue_metrics.join',
      timeMs: atMs,
      version: versionOf(event),
      eid: event.visitId,
      dimensions: { queue_id: event.queueId },
      measures: { n: 1, at_ms: atMs, visit_id: event.visitId, call_id: event.callId },
    }),
  ];
}

/** `visit`: a stay in a queue ended. */
export function queueLeaveFacts(event: QueueLeave): Fact[] {
  const leaveMs = epochMsOf(event.time);
  const joinMs = epochMsOf(event.joinedAt);
  return [
    buildFact(event, {
      id: 'queue_metrics.visit',
      timeMs: leaveMs,
      version: versionOf(event),
      eid: event.stayId,
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
      },
    }),
  ];
}

/** An answer undone: its visit is rewritten so that it counts nothing. */
export function queueUnanswerFacts(event: QueueUnanswer): Fact[] {
  return [
    buildFact(event, {
      id: 'queue_metrics.visit',
      timeMs: epochMsOf(event.answeredAt),
      version: Math.max(UNDO_VERSION, versionOf(event)),
      eid: event.stayId,
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
      },
    }),
  ];
}

/** The abandon that a resume undoes, rewritten: still a leave of the queue, no longer an abandon. */
function resumedVisit(event: QueueResume, undoes: NonNullable<QueueResume['undoes']>): Fact {
  const leaveMs = epochMsOf(undoes.time);
  const joinMs = epochMsOf(undoes.joinedAt);
  const isTakenBack = event.void === true;
  const { void: _void, ...kept } = event;
  // Built from the event less its `void`: taking a resume back makes the visit an abandon again, not nothing.
  return buildFact(kept, {
    id: 'queue_metrics.visit',
    timeMs: leaveMs,
    version: Math.max(UNDO_VERSION, versionOf(event)),
    eid: undoes.stayId,
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
    },
  });
}

/** `resume`: a caller who had given up came back; a matched one rewrites the abandon. */
export function queueResumeFacts(event: QueueResume): Fact[] {
  const atMs = epochMsOf(event.time);
  const entry = buildFact(event, {
    id: 'queue_metrics.resume',
    timeMs: atMs,
    version: versionOf(event),
    eid: `${event.visitId}:${String(atMs)}`,
    dimensions: { queue_id: event.queueId },
    measures: {
      n: 1,
      matched: event.undoes === null ? 0 : 1,
      at_ms: atMs,
      visit_id: event.visitId,
      call_id: event.callId,
    },
  });
  return event.undoes === null ? [entry] : [entry, resumedVisit(event, event.undoes)];
}

/** `level`: depth of each queue of a part, and the beat. */
export function queueLevelFacts(event: QueueSnapshot): Fact[] {
  const atMs = epochMsOf(event.time);
  const sampled = { at_ms: atMs, interval_ms: event.intervalMs };
  const row = (queueId: string, measures: Record<string, number>): Fact =>
    buildFact(event, {
      id: 'queue_metrics.level',
      ...slotOf(atMs, event.intervalMs),
      dimensions: { queue_id: queueId, part: event.part },
      measures: { ...measures, ...sampled },
    });
  return [
    ...event.queues.map(({ queueId, depth, oldestJoinedAt }) =>
      row(queueId, {
        depth,
        ...(oldestJoinedAt === undefined || depth === 0 ? {} : { oldest_join_ms: epochMsOf(oldestJoinedAt) }),
      }),
    ),
    row(BEAT_SERIES, {}),
  ];
}
