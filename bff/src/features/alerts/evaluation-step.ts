import type { KnownRule, StateChange, ToldTransition } from './evaluation-store.ts';
import type { Reduced } from './reduce-alert.ts';
import type { EvaluatedState } from './stored-state.ts';

/** How old the stored instant of a waiting rule may be: much less than the gap that would begin its wait anew. */
const SAVE_PENDING_MS = 15_000;

/** A reduced step as it is stored, and whether it is worth a write: most evaluations change nothing. */
export function stepOf(
  rule: KnownRule,
  before: EvaluatedState,
  { state, transitions, problem }: Reduced & { readonly problem: string | null },
  saved: EvaluatedState | undefined,
): { readonly change: StateChange; readonly isWorthSaving: boolean } {
  let webhook = before.webhook;
  const told = transitions.map((transition): ToldTransition => {
    // Who heard that it fires hears of the end.
    if (transition.kind === 'firing') webhook = rule.draft.webhook ?? null;
    const one = { ...transition, webhook };
    if (transition.kind === 'resolved') webhook = null;
    return one;
  });
  const next: EvaluatedState = { ...state, problem, webhook };
  return {
    change: { rule, numberBefore: before.number, state: next, transitions: told },
    isWorthSaving: saved === undefined || differs(saved, next),
  };
}

function differs(saved: EvaluatedState, next: EvaluatedState): boolean {
  return (
    saved.phase !== next.phase ||
    saved.number !== next.number ||
    saved.sinceMs !== next.sinceMs ||
    saved.ruleVersion !== next.ruleVersion ||
    saved.problem !== next.problem ||
    Math.abs((next.crossedAtMs ?? 0) - (saved.crossedAtMs ?? 0)) >= SAVE_PENDING_MS
  );
}
