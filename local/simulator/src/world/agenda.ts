/** Things at one instant run flows first, then the samplers that must see their result. */
export type AgendaRank = 'flow' | 'sample';

interface Entry {
  readonly atMs: number;
  readonly rank: number;
  readonly order: number;
  readonly run: (nowMs: number) => void;
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.atMs !== b.atMs ? a.atMs < b.atMs : a.rank !== b.rank ? a.rank < b.rank : a.order < b.order;

/** The future of a simulated world: a binary heap ordered by instant, rank and insertion. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #nowMs: number;
  #order = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** The instant of the next entry, Infinity when nothing is planned. */
  get nextMs(): number {
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Plans `run` at `atMs`; instants are whole milliseconds and never lie in the past. */
  at(atMs: number, run: (nowMs: number) => void, rank: AgendaRank = 'flow'): void {
    this.#order += 1;
    const entry = {
      atMs: Math.max(this.#nowMs, Math.round(atMs)),
      rank: rank === 'flow' ? 0 : 1,
      order: this.#order,
      run,
    };
    let index = this.#heap.push(entry) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || !isBefore(entry, parent)) break;
      this.#heap[index] = parent;
      index = parentIndex;
    }
    this.#heap[index] = entry;
  }

  after(delayMs: number, run: (nowMs: number) => void): void {
    this.at(this.#nowMs + delayMs, run);
  }

  /** Runs the next entry; false when nothing is planned. */
  step(): boolean {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return false;
    if (last !== first) this.#sink(last);
    this.#nowMs = first.atMs;
    first.run(first.atMs);
    return true;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, entry)) break;
      heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = entry;
  }
}

/** The next whole second at or after an instant: mod_callcenter only tells whole seconds. */
export const wholeSecondAt = (atMs: number): number => Math.ceil(atMs / 1000) * 1000;
