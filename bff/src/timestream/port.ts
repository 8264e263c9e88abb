/** One value of a result row. Times are epoch milliseconds; whole numbers are exact or the query fails. */
export type Cell = string | number | boolean | null;

/** One result row, keyed by column name. */
export type Row = Readonly<Record<string, Cell>>;

/** What a query has cost so far. */
export interface QueryCost {
  readonly scannedBytes: number;
  readonly meteredBytes: number;
}

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whose rows are read; limits and costs are counted by it. */
  readonly territoryId?: number | undefined;
  /** Told once, when the last page has come. */
  readonly onCost?: ((cost: QueryCost) => void) | undefined;
}

/** The metric store as the query side sees it: SQL text in, typed rows out. */
export interface TimeSeriesStore {
  query(sql: string, options?: QueryOptions): Promise<readonly Row[]>;
}

export type StoreErrorCode =
  | 'store_throttled'
  | 'store_unavailable'
  | 'store_timed_out'
  | 'store_rejected'
  | 'store_column_missing'
  | 'store_table_missing'
  | 'store_bad_value';

const RETRIABLE: ReadonlySet<StoreErrorCode> = new Set<StoreErrorCode>([
  'store_throttled',
  'store_unavailable',
  'store_timed_out',
]);

/** A failure of the metric store, with a stable code. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly retriable: boolean;
  /** The column that does not exist yet, with `store_column_missing`. */
  readonly column: string | undefined;

  constructor(code: StoreErrorCode, message: string, options: { cause?: unknown; column?: string } = {}) {
    super(message, { cause: options.cause });
    this.name = 'StoreError';
    this.code = code;
    this.retriable = RETRIABLE.has(code);
    this.column = options.column;
  }
}
