import type { AlertOperator, AlertPhase, AlertReason, AlertTransitionKind, NoDataPolicy } from '@lumina/contracts';

/** What the reducer needs of a rule. */
export interface DecidingRule {
  readonly version: number;
  readonly op: AlertOperator;
  readonly threshold: number;
  readonly forS: number;
  readonly noData: NoDataPolicy;
}

/** What was found out about a rule at an instant. */
export type Observation =
  /** `hasVolume` is false where there is too little to judge. */
  | { readonly kind: 'value'; readonly value: number; readonly hasVolume: boolean }
  | { readonly kind: 'no_data' }
  /** It could not be evaluated; nothing follows from that. */
  | { readonly kind: 'unknown' }
  /** It is not to decide now: outside its hours, switched off, or deleted. */
  | { readonly kind: 'off'; readonly reason: Extract<AlertReason, 'hours' | 'disabled' | 'deleted'> };

/** Where a rule is. */
export interface AlertState {
  readonly phase: AlertPhase;
  /** When it came there, epoch ms. */
  readonly sinceMs: number;
  /** The value with which it came there. */
  readonly value: number | null;
  /** The last evaluation that found the threshold crossed, epoch ms; only while pending. */
  readonly crossedAtMs: number | null;
  readonly ruleVersion: number;
  /** Transitions so far. */
  readonly number: number;
}

/** Something that is told. */
export interface Transition {
  readonly kind: AlertTransitionKind;
  readonly reason: AlertReason;
  readonly number: number;
  readonly atMs: number;
  readonly value: number | null;
}

/** A new state, and what is to be told of the way there. */
export interface Reduced {
  readonly state: AlertState;
  readonly transitions: readonly Transition[];
}

/** A threshold that nobody looked at for so long was not seen to be crossed all the time. */
export const MAX_GAP_MS = 60_000;

/** The state of a rule that was never evaluated. */
export function initialState(ruleVersion: number, nowMs: number): AlertState {
  return { phase: 'normal', sinceMs: nowMs, value: null, crossedAtMs: null, ruleVersion, number: 0 };
}

/**
 * One step: pure, so that whoever repeats it comes to the same. A change of the rule ends what the rule before had begun.
 * One evaluation below the threshold begins `forS` anew; an evaluation that decides nothing leaves everything as it is.
 */
export function reduceAlert(before: AlertState, seen: Observation, nowMs: number, rule: DecidingRule): Reduced {
  const isChanged = before.ruleVersion !== rule.version && seen.kind !== 'off';
  const reset = isChanged ? quiet(before, nowMs, 'changed') : { state: before, transitions: [] };
  const start: AlertState = { ...reset.state, ruleVersion: rule.version };
  const step = decide(start, seen, nowMs, rule);
  return { state: step.state, transitions: [...reset.transitions, ...step.transitions] };
}

function decide(state: AlertState, seen: Observation, nowMs: number, rule: DecidingRule): Reduced {
  if (seen.kind === 'off') return quiet(state, nowMs, seen.reason);
  if (seen.kind === 'unknown' || (seen.kind === 'value' && !seen.hasVolume)) return undecided(state, nowMs);
  if (seen.kind === 'value') {
    return isCrossed(seen.value, rule)
      ? crossed(state, { value: seen.value, reason: 'value' }, nowMs, rule)
      : quiet(state, nowMs, 'value', seen.value);
  }
  if (rule.noData === 'alert') return crossed(state, { value: null, reason: 'no_data' }, nowMs, rule);
  if (rule.noData === 'ok') return quiet(state, nowMs, 'no_data');
  const kept = undecided(state, nowMs).state;
  return { state: kept.phase === 'normal' ? moved(kept, 'no_data', nowMs, null) : kept, transitions: [] };
}

/** Whether a value is on the wrong side of the threshold. */
function isCrossed(value: number, { op, threshold }: DecidingRule): boolean {
  switch (op) {
    case 'gt':
      return value > threshold;
    case 'gte':
      return value >= threshold;
    case 'lt':
      return value < threshold;
    case 'lte':
      return value <= threshold;
  }
}

function moved(state: AlertState, phase: AlertPhase, nowMs: number, value: number | null): AlertState {
  return { ...state, phase, sinceMs: nowMs, value, crossedAtMs: phase === 'pending' ? nowMs : null };
}

function told(
  state: AlertState,
  { kind, reason, value }: Pick<Transition, 'kind' | 'reason' | 'value'>,
  nowMs: number,
): Reduced {
  const number = state.number + 1;
  const next = moved({ ...state, number }, kind === 'firing' ? 'alerting' : 'normal', nowMs, value);
  return { state: next, transitions: [{ kind, reason, number, atMs: nowMs, value }] };
}

function quiet(state: AlertState, nowMs: number, reason: AlertReason, value: number | null = null): Reduced {
  if (state.phase === 'alerting') return told(state, { kind: 'resolved', reason, value }, nowMs);
  return { state: state.phase === 'normal' ? state : moved(state, 'normal', nowMs, value), transitions: [] };
}

/** Nothing to decide by. What waits to fire cannot wait so for ever. */
function undecided(state: AlertState, nowMs: number): Reduced {
  const isForgotten = state.phase === 'pending' && nowMs - (state.crossedAtMs ?? state.sinceMs) > MAX_GAP_MS;
  return { state: isForgotten ? moved(state, 'normal', nowMs, null) : state, transitions: [] };
}

function crossed(
  state: AlertState,
  { value, reason }: { readonly value: number | null; readonly reason: AlertReason },
  nowMs: number,
  { forS }: DecidingRule,
): Reduced {
  if (state.phase === 'alerting') return { state, transitions: [] };
  const waiting = undecided(state, nowMs).state;
  // A clock that was set back must not shorten the wait.
  const isWaiting = waiting.phase === 'pending' && waiting.sinceMs <= nowMs;
  const pending = isWaiting ? { ...waiting, crossedAtMs: nowMs } : moved(waiting, 'pending', nowMs, value);
  if (nowMs - pending.sinceMs < forS * 1_000) return { state: pending, transitions: [] };
  return told(pending, { kind: 'firing', reason, value }, nowMs);
}
