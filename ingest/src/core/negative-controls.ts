import { randomUUID } from 'node:crypto';

import type { Fact, LuminaEvent } from '@lumina/contracts';

/**
 * Deliberate defects, chosen by INGEST_FAILPOINT. Verification turns each on and must fail: a check that passes with
 * one of them checks nothing. None is ever on by itself.
 *
 * - `checkpoint-before-write`: the worker checkpoints what it has read before it is stored; a kill loses it.
 * - `identity-by-event-id`: facts are kept by the event that told them, not by the thing they are about.
 * - `acw-inside-handle`: after-call work is written on the record of the handled contact.
 * - `start-without-eid`: the start of a call is kept without the call's id; two in one millisecond are one.
 * - `random-ids`: every decoding gives facts ids of its own; whatever is read twice counts twice.
 * - `no-fencing`: a worker checkpoints whether or not another one took the shard; a zombie moves it.
 * - `blind-re-salt`: a rejected fact takes the next place, without looking whose row stands in its own.
 */
export const NEGATIVE_CONTROLS = [
  'checkpoint-before-write',
  'identity-by-event-id',
  'acw-inside-handle',
  'start-without-eid',
  'random-ids',
  'no-fencing',
  'blind-re-salt',
] as const;
/** One deliberate defect. */
export type NegativeControl = (typeof NEGATIVE_CONTROLS)[number];

/** Whether a text names a negative control. */
export function isNegativeControl(text: string): text is NegativeControl {
  return (NEGATIVE_CONTROLS as readonly string[]).includes(text);
}

function byEventId(event: LuminaEvent, fact: Fact): Fact {
  return fact.eid === undefined ? fact : { ...fact, eid: event.id, measures: { ...fact.measures, eid: event.id } };
}

function acwInsideHandle(fact: Fact): Fact {
  if (fact.name !== 'acw') return fact;
  return {
    ...fact,
    name: 'handle',
    measures: { n: 1, talk_ms: Number(fact.measures['acw_ms']), hold_ms: 0, eid: fact.eid ?? '' },
  };
}

function startWithoutEid(fact: Fact): Fact {
  if (fact.table !== 'call_metrics' || fact.name !== 'start') return fact;
  const { eid: _eid, ...rest } = fact;
  const { eid: _measure, ...measures } = fact.measures;
  return { ...rest, measures };
}

function withRandomId(fact: Fact): Fact {
  if (fact.eid === undefined) return fact;
  const eid = randomUUID();
  return { ...fact, eid, measures: { ...fact.measures, eid } };
}

/** The facts of an event as the defect would have them; unchanged without one. */
export function withNegativeControl(control: NegativeControl | undefined, event: LuminaEvent, facts: Fact[]): Fact[] {
  switch (control) {
    case 'identity-by-event-id':
      return facts.map((fact) => byEventId(event, fact));
    case 'acw-inside-handle':
      return facts.map(acwInsideHandle);
    case 'start-without-eid':
      return facts.map(startWithoutEid);
    case 'random-ids':
      return facts.map(withRandomId);
    case 'checkpoint-before-write':
    case 'no-fencing':
    case 'blind-re-salt':
    case undefined:
      return facts;
  }
}
