/** How a territory stands with its money for queries of the day. */
export interface BudgetState {
  readonly state: 'warn' | 'slow';
  /** How far apart answers of new data are; boards go on showing the last. */
  readonly refreshMs: number;
}

export interface QueryBudgetOptions {
  /** Dollars a territory may spend a UTC day; 0 = no limit. */
  readonly usdPerDay: number;
  readonly clock?: (() => number) | undefined;
}

const DAY_MS = 86_400_000;
const WARN_FROM = 0.8;
/** As often as before. */
const NORMAL_REFRESH_MS = 1_000;
const SLOW_REFRESH_MS = 60_000;

/**
 * What each territory has spent today, as this process estimates it. A budget that is used up never stops anybody: it first
 * warns, then makes new data rarer, which the reply says.
 */
export class QueryBudget {
  readonly #usdPerDay: number;
  readonly #clock: () => number;
  readonly #spent = new Map<number, number>();
  #day = Number.NaN;

  constructor({ usdPerDay, clock = Date.now }: QueryBudgetOptions) {
    this.#usdPerDay = usdPerDay;
    this.#clock = clock;
  }

  /** Counts what a query has cost. */
  spend(territoryId: number, usd: number): void {
    this.#today().set(territoryId, this.spentToday(territoryId) + usd);
  }

  /** Dollars so far. */
  spentToday(territoryId: number): number {
    return this.#today().get(territoryId) ?? 0;
  }

  /** Undefined while all is well. */
  stateOf(territoryId: number): BudgetState | undefined {
    if (this.#usdPerDay <= 0) return undefined;
    const share = this.spentToday(territoryId) / this.#usdPerDay;
    if (share >= 1) return { state: 'slow', refreshMs: SLOW_REFRESH_MS };
    return share >= WARN_FROM ? { state: 'warn', refreshMs: NORMAL_REFRESH_MS } : undefined;
  }

  #today(): Map<number, number> {
    const day = Math.floor(this.#clock() / DAY_MS);
    if (day !== this.#day) this.#spent.clear();
    this.#day = day;
    return this.#spent;
  }
}
