import type { AwsTimestreamStore } from '@lumina/bff/timestream';

type TimeSeriesStore = Pick<AwsTimestreamStore, 'query'>;

/** Counts what goes through the store port. */
export class CountingStore implements TimeSeriesStore {
  queries = 0;
  rows = 0;
  readonly #inner: TimeSeriesStore;
  #running: Promise<unknown>[] = [];

  constructor(inner: TimeSeriesStore) {
    this.#inner = inner;
  }

  readonly query: TimeSeriesStore['query'] = async (sql, options) => {
    this.queries += 1;
    const reading = this.#inner.query(sql, options);
    this.#running.push(reading.catch(() => undefined));
    const rows = await reading;
    this.rows += rows.length;
    return rows;
  };

  /** Resolves when nothing is being read any more. */
  async settled(): Promise<void> {
    while (this.#running.length > 0) {
      const running = this.#running;
      this.#running = [];
      await Promise.all(running);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  reset(): void {
    this.queries = 0;
    this.rows = 0;
  }
}
