/** A set of listeners that are told that something changed. */
export class Subscribable {
  readonly #listeners = new Set<() => void>();

  /** Adds a listener; answers how to remove it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Tells everyone. */
  protected notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
