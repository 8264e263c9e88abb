import {
  BEAT_SERIES,
  MISSING,
  type CaiConversation,
  type CallEnd,
  type CallMark,
  type CallSnapshot,
  type CallStart,
  type Fact,
  type IvrInteraction,
} from '@lumina/contracts';

import { epochMsOf } from '../instants.ts';
import { hashedFact, keyedFact, slotOf, versionOf } from './build.ts';

/** `start`: a call began. */
export function callStartFacts(event: CallStart): Fact[] {
  return [
    hashedFact(event, {
      id: 'call_metrics.start',
      timeMs: epochMsOf(event.time),
      version: versionOf(event),
      dimensions: { direction: event.direction },
      measures: { n: 1, eid: event.callId },
    }),
  ];
}

/** `call`: a call ended; everything known of it. */
export function callEndFacts(event: CallEnd): Fact[] {
  const endMs = epochMsOf(event.time);
  const startMs = epochMsOf(event.startedAt);
  const answeredMs = event.answeredAt === undefined ? undefined : epochMsOf(event.answeredAt);
  return [
    hashedFact(event, {
      id: 'call_metrics.call',
      timeMs: endMs,
      version: versionOf(event),
      dimensions: { direction: event.direction },
      measures: {
        n: 1,
        answered: answeredMs === undefined ? 0 : 1,
        abandoned: answeredMs === undefined && event.outcome === 'abandoned' ? 1 : 0,
        dur_ms: endMs - startMs,
        talk_ms: answeredMs === undefined ? 0 : Math.max(0, endMs - answeredMs),
        hold_ms: event.holdMs,
        // Answer times of queued calls are whole seconds and may precede the start by a fraction of one.
        wait_ms: answeredMs === undefined ? 0 : Math.max(0, answeredMs - startMs),
        transfers: event.transfers,
        start_ms: startMs,
        queue_id: event.queueId ?? MISSING,
        agent_id: event.agentId ?? MISSING,
        outcome: event.outcome,
        eid: event.callId,
      },
    }),
  ];
}

/** `event`: something counted within a call. */
export function callMarkFacts(event: CallMark): Fact[] {
  return [
    hashedFact(event, {
      id: 'call_metrics.event',
      timeMs: epochMsOf(event.time),
      version: versionOf(event),
      dimensions: { type: event.type, queue_id: event.queueId ?? MISSING },
      measures: { n: 1, eid: event.id },
    }),
  ];
}

/** `level`: calls in progress by direction, and the beat. */
export function callLevelFacts(event: CallSnapshot): Fact[] {
  const { part, intervalMs: interval_ms } = event;
  const at_ms = epochMsOf(event.time);
  const { timeMs, version } = slotOf(at_ms, interval_ms);
  const row = (direction: string, measures: Fact['measures']): Fact =>
    keyedFact(event, { id: 'call_metrics.level', timeMs, version, dimensions: { direction, part }, measures });
  const levels = event.directions.map(({ direction, inProgress }) =>
    row(direction, { in_progress: inProgress, at_ms, interval_ms }),
  );
  levels.push(row(BEAT_SERIES, { at_ms, interval_ms }));
  return levels;
}

/** `ivr`: a caller finished with an automatic menu. */
export function ivrFacts(event: IvrInteraction): Fact[] {
  const endMs = epochMsOf(event.time);
  return [
    hashedFact(event, {
      id: 'call_metrics.ivr',
      timeMs: endMs,
      version: versionOf(event),
      dimensions: { flow: event.flow },
      measures: {
        n: 1,
        dur_ms: endMs - epochMsOf(event.startedAt),
        outcome: event.outcome === '' ? MISSING : event.outcome,
        eid: event.id,
      },
    }),
  ];
}

/** `cai`: a conversation with the AI agent ended. Its outcome is the intent it found. */
export function caiFacts(event: CaiConversation): Fact[] {
  const endMs = epochMsOf(event.time);
  return [
    hashedFact(event, {
      id: 'call_metrics.cai',
      timeMs: endMs,
      version: versionOf(event),
      dimensions: { flow: event.flow ?? MISSING },
      measures: {
        n: 1,
        dur_ms: endMs - epochMsOf(event.startedAt),
        turns: event.turns,
        contained: event.contained ? 1 : 0,
        escalated: event.escalated ? 1 : 0,
        outcome: event.intent === '' ? MISSING : event.intent,
        eid: event.id,
      },
    }),
  ];
}
