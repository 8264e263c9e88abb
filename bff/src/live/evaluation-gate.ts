/** Lets a bounded number of evaluations run at a time, first come first served, so that boards cannot drown the store. */
export class EvaluationGate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves when there is room; call the result when done, once. */
  async enter(): Promise<() => void> {
    if (this.#running < this.#limit) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return () => {
      const next = this.#waiting.shift();
      // Whoever waits takes over the place.
      if (next === undefined) this.#running -= 1;
      else next();
    };
  }
}
