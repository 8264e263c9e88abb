import type { FactId } from '@lumina/contracts';
import { MINUTE_MS, floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import type { Spans } from './spans.ts';

/** A stretch in which something has been stored; without a territory or a fact, of all of them. */
interface Change {
  readonly territoryId: number | undefined;
  readonly fact: FactId | undefined;
  readonly span: TimeRange;
  readonly untilMs: number;
}

const EVER: TimeRange = { fromMs: Number.MIN_SAFE_INTEGER, toMs: Number.MAX_SAFE_INTEGER };

/**
 * Remembers for a moment what has been stored. The store acknowledges a row before every reader sees it: whatever is read
 * within that moment may still be the state before, which must not be kept as if it were the state after.
 */
export class Unsettled {
  readonly #settleMs: number;
  readonly #clock: () => number;
  /** In the order in which they settle. */
  readonly #changes = new Map<string, Change>();

  constructor(settleMs: number, clock: () => number) {
    this.#settleMs = settleMs;
    this.#clock = clock;
  }

  /** A row of a fact has been stored. Minutes are fine enough: what is remembered too much is only read once more. */
  noteRow(territoryId: number, fact: FactId, timeMs: number): void {
    const fromMs = floorTo(timeMs, MINUTE_MS);
    this.#note(`${String(territoryId)} ${fact} ${String(fromMs)}`, {
      territoryId,
      fact,
      span: { fromMs, toMs: fromMs + MINUTE_MS },
    });
  }

  /** A stretch of a territory has been written anew. */
  noteStretch(territoryId: number, span: TimeRange): void {
    const key = `${String(territoryId)} ${String(span.fromMs)} ${String(span.toMs)}`;
    this.#note(key, { territoryId, fact: undefined, span });
  }

  /** Anything may have been stored that nobody was told of. */
  noteAll(): void {
    this.#note('', { territoryId: undefined, fact: undefined, span: EVER });
  }

  /** What a reader of some facts may not see yet. */
  spansOf(territoryId: number, reads: (fact: FactId) => boolean): Spans {
    return this.#of(territoryId, reads).map(({ span }) => span);
  }

  /** When a reader of a range sees all of it for sure, at the latest; undefined when it does now. */
  untilMs(territoryId: number, reads: (fact: FactId) => boolean, { fromMs, toMs }: TimeRange): number | undefined {
    return this.#of(territoryId, reads).findLast(({ span }) => span.fromMs < toMs && span.toMs > fromMs)?.untilMs;
  }

  #of(territoryId: number, reads: (fact: FactId) => boolean): Change[] {
    this.#settle();
    return [...this.#changes.values()].filter(
      (change) =>
        (change.territoryId ?? territoryId) === territoryId && (change.fact === undefined || reads(change.fact)),
    );
  }

  #note(key: string, change: Omit<Change, 'untilMs'>): void {
    if (this.#settleMs <= 0) return;
    this.#settle();
    // Said again it settles last.
    this.#changes.delete(key);
    this.#changes.set(key, { ...change, untilMs: this.#clock() + this.#settleMs });
  }

  #settle(): void {
    const nowMs = this.#clock();
    for (const [key, { untilMs }] of this.#changes) {
      if (untilMs > nowMs) return;
      this.#changes.delete(key);
    }
  }
}
