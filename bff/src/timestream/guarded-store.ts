import { StoreError } from './port.ts';
import type { QueryCost, QueryOptions, Row, StoreErrorCode, TimeSeriesStore } from './port.ts';

/** How a query ended; `absent`: nothing has ever been stored in a table or column that it names. */
export type QueryOutcome = 'ok' | 'absent' | 'throttled' | 'timed_out' | 'cancelled' | 'failed';

/** Told of every query. */
export interface StoreMeter {
  finished: (query: {
    readonly territoryId: number | undefined;
    readonly outcome: QueryOutcome;
    readonly durationMs: number;
    readonly cost: QueryCost;
  }) => void;
}

export interface GuardedStoreOptions {
  readonly inner: TimeSeriesStore;
  /** Queries of one territory that may run at once; the others wait their turn. */
  readonly maxConcurrent: number;
  /** From the asking to the last row, waiting included. */
  readonly timeoutMs: number;
  readonly meter: StoreMeter;
  /** Ends after so many ms; replaced in tests. */
  readonly timeout?: (ms: number) => AbortSignal;
}

/** Queries of one territory that may wait; whoever comes later is told to come back. */
const MAX_WAITING = 500;
const OUTCOMES: Readonly<Partial<Record<StoreErrorCode, QueryOutcome>>> = {
  store_throttled: 'throttled',
  store_column_missing: 'absent',
  store_table_missing: 'absent',
};
const NO_COST: QueryCost = { scannedBytes: 0, meteredBytes: 0 };

/** The queries of one territory that run or wait. */
interface Lane {
  running: number;
  readonly waiting: Set<() => void>;
}

/**
 * Keeps one territory from taking the store for itself, ends queries that take too long (and cancels them in the store), and
 * counts what each has cost.
 */
export class GuardedStore implements TimeSeriesStore {
  readonly #options: GuardedStoreOptions;
  readonly #timeout: (ms: number) => AbortSignal;
  readonly #lanes = new Map<number | undefined, Lane>();

  constructor(options: GuardedStoreOptions) {
    this.#options = options;
    this.#timeout = options.timeout ?? ((ms): AbortSignal => AbortSignal.timeout(ms));
  }

  async query(sql: string, options: QueryOptions = {}): Promise<readonly Row[]> {
    const { inner, meter, timeoutMs } = this.#options;
    const { territoryId, signal } = options;
    const startMs = performance.now();
    const late = this.#timeout(timeoutMs);
    const ended = signal === undefined ? late : AbortSignal.any([signal, late]);
    let cost = NO_COST;
    let outcome: QueryOutcome = 'failed';
    try {
      const rows = await this.#inTurn(territoryId, ended, () =>
        inner.query(sql, {
          ...options,
          signal: ended,
          onCost: (found) => {
            cost = found;
            options.onCost?.(found);
          },
        }),
      );
      outcome = 'ok';
      return rows;
    } catch (error) {
      if (signal?.aborted === true) outcome = 'cancelled';
      else if (late.aborted) {
        outcome = 'timed_out';
        const seconds = timeoutMs / 1_000;
        throw new StoreError(
          'store_timed_out',
          `The metric store did not answer within ${seconds} s; ask for a shorter range.`,
          { cause: error },
        );
      } else if (error instanceof StoreError) outcome = OUTCOMES[error.code] ?? 'failed';
      throw error;
    } finally {
      meter.finished({ territoryId, outcome, durationMs: performance.now() - startMs, cost });
    }
  }

  async #inTurn<T>(territoryId: number | undefined, ended: AbortSignal, work: () => Promise<T>): Promise<T> {
    ended.throwIfAborted();
    const lane = this.#lanes.get(territoryId) ?? { running: 0, waiting: new Set() };
    this.#lanes.set(territoryId, lane);
    if (lane.running >= this.#options.maxConcurrent) await waitIn(lane, ended);
    else lane.running += 1;
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line.
      const [next] = lane.waiting;
      if (next !== undefined) next();
      else {
        lane.running -= 1;
        if (lane.running === 0) this.#lanes.delete(territoryId);
      }
    }
  }
}

/** Waits for a place; whoever gives up leaves the line. */
async function waitIn({ waiting }: Lane, ended: AbortSignal): Promise<void> {
  if (waiting.size >= MAX_WAITING) {
    throw new StoreError('store_throttled', 'Too many queries of this territory are waiting; try again in a moment.');
  }
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const take = (): void => {
    waiting.delete(take);
    resolve(undefined);
  };
  const leave = (): void => {
    // A place that was given in the same moment is not given up.
    if (waiting.delete(take)) reject(ended.reason instanceof Error ? ended.reason : new Error('The caller has left.'));
  };
  waiting.add(take);
  ended.addEventListener('abort', leave, { once: true });
  try {
    await promise;
  } finally {
    ended.removeEventListener('abort', leave);
  }
}
