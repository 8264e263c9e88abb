/** One read that several may wait for; it is given up when the last of them leaves. */
export class Flight<T> {
  readonly result: Promise<T>;
  readonly #abort = new AbortController();
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.result = work(this.#abort.signal);
    // Whoever waits hears of a failure; with nobody left, nobody must.
    this.result.catch(() => undefined);
  }

  /** Whether it was given up; its result is of no use to anyone who comes later. */
  get isGivenUp(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Waits for the result, or until `signal` says that this caller no longer wants it. */
  async join(signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    this.#waiting += 1;
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => {
      reject(signal?.reason instanceof Error ? signal.reason : new Error('The reader has left.'));
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.result, left]);
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#abort.abort();
    }
  }
}
