import type { Frame } from './frame.ts';

/** Half a minute of a busy topic: longer breaks are better mended by a snapshot. */
const MAX_FRAMES = 70;
const MAX_CHARS = 1_000_000;

/** The recent frames of a topic, for viewers who were away for a moment. */
export class FrameRing {
  readonly #frames: Frame[] = [];
  #chars = 0;
  /** All frames after this number are held. */
  #heldAfter: number;

  /** `createdAt` is the number of a moment at which there was no frame yet. */
  constructor(createdAt: number) {
    this.#heldAfter = createdAt;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#chars += frame.tail.length;
    while (this.#frames.length > MAX_FRAMES || this.#chars > MAX_CHARS) {
      const dropped = this.#frames.shift();
      if (dropped === undefined) return;
      this.#chars -= dropped.tail.length;
      this.#heldAfter = dropped.sequence;
    }
  }

  /** What came after a number; undefined if not all of it is held any more. */
  since(sequence: number): readonly Frame[] | undefined {
    return sequence < this.#heldAfter ? undefined : this.#frames.filter((frame) => frame.sequence > sequence);
  }
}
