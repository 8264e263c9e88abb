import { Subscribable } from './subscribable.ts';

/** The instant the reader points at, shared by all charts under one provider. */
export class CursorStore extends Subscribable {
  #atMs: number | undefined;

  /** The instant, or undefined when nobody points anywhere. */
  get atMs(): number | undefined {
    return this.#atMs;
  }

  /** Moves the cursor. */
  moveTo(atMs: number | undefined): void {
    if (atMs === this.#atMs) return;
    this.#atMs = atMs;
    this.notify();
  }
}
