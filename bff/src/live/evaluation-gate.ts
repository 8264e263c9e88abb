/** Lets a bounded number of evaluations run at a time, so that boards cannot drown the store; territories take turns. */
export class EvaluationGate {
  readonly #limit: number;
  readonly #limitPerTerritory: number;
  /** Territories in the order of their turns, each with those who wait, first come first served. */
  readonly #waiting = new Map<number, (() => void)[]>();
  readonly #running = new Map<number, number>();
  #total = 0;

  /** However much one territory asks, `limit - limitPerTerritory` places stay for the others. */
  constructor(limit: number, limitPerTerritory: number) {
    this.#limit = limit;
    this.#limitPerTerritory = limitPerTerritory;
  }

  /** Resolves when there is room; call the result when done, once. */
  async enter(territoryId: number): Promise<() => void> {
    if (this.#hasRoomFor(territoryId)) this.#count(territoryId, 1);
    else await this.#turnOf(territoryId);
    return () => {
      this.#count(territoryId, -1);
      this.#admit();
    };
  }

  #hasRoomFor(territoryId: number): boolean {
    return this.#total < this.#limit && (this.#running.get(territoryId) ?? 0) < this.#limitPerTerritory;
  }

  #count(territoryId: number, change: 1 | -1): void {
    this.#total += change;
    const running = (this.#running.get(territoryId) ?? 0) + change;
    if (running === 0) this.#running.delete(territoryId);
    else this.#running.set(territoryId, running);
  }

  #turnOf(territoryId: number): Promise<void> {
    return new Promise((resolve) => {
      const queue = this.#waiting.get(territoryId);
      if (queue === undefined) this.#waiting.set(territoryId, [resolve]);
      else queue.push(resolve);
    });
  }

  #admit(): void {
    for (const [territoryId, queue] of this.#waiting) {
      if (!this.#hasRoomFor(territoryId)) continue;
      const enter = queue.shift();
      // Whoever had a turn goes to the end of the line.
      this.#waiting.delete(territoryId);
      if (queue.length > 0) this.#waiting.set(territoryId, queue);
      if (enter === undefined) continue;
      this.#count(territoryId, 1);
      enter();
      return;
    }
  }
}
