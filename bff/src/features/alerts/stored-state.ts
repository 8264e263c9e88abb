import type { AlertPhase } from '@lumina/contracts';
import type { AlertState } from './reduce-alert.ts';

/** A state as its row holds it; `number` has a column of its own. */
export interface StateBody {
  readonly phase: AlertPhase;
  readonly sinceMs: number;
  readonly value: number | null;
  readonly crossedAtMs: number | null;
  readonly ruleVersion: number;
  /** Why the rule cannot be evaluated; null while it can. */
  readonly problem: string | null;
  /** The endpoint that was told that it fires: the same hears of the end, whatever the rule says by then. */
  readonly webhook: string | null;
}

/** Where a rule is, and what evaluation keeps beside it. */
export type EvaluatedState = AlertState & Pick<StateBody, 'problem' | 'webhook'>;

/** For the column `body`. */
export function toStateBody({ number: _number, ...body }: EvaluatedState): string {
  return JSON.stringify(body satisfies StateBody);
}

/** From the row; only the evaluator writes it. */
export function fromStateRow({ number, body }: { readonly number: number; readonly body: unknown }): EvaluatedState {
  return { ...(body as StateBody), number };
}
