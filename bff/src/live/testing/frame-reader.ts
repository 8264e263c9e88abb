import type { LiveFrame } from '@lumina/contracts';

/** Frames of a connection, read one by one as a test wants them. */
export class FrameReader {
  readonly all: LiveFrame[] = [];
  readonly #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #read = 0;
  #error: Error | undefined;
  readonly #ended = Promise.withResolvers<undefined>();

  /** Settles when the connection ends, however it does. */
  get ended(): Promise<undefined> {
    return this.#ended.promise;
  }

  push(frame: LiveFrame): void {
    this.all.push(frame);
    this.#waiting.shift()?.resolve();
  }

  end(): void {
    this.#error = new Error(`The connection ended after: ${this.all.map(({ event }) => event).join(', ')}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#error);
    this.#ended.resolve(undefined);
  }

  /** The next frame, whatever it is; rejects when the connection ends before. */
  async next(): Promise<LiveFrame> {
    const known = this.all[this.#read];
    if (known !== undefined) {
      this.#read += 1;
      return known;
    }
    if (this.#error !== undefined) throw this.#error;
    await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    return this.next();
  }

  /** The next frame of a kind. */
  async until<E extends LiveFrame['event']>(event: E): Promise<Extract<LiveFrame, { event: E }>> {
    for (;;) {
      const frame = await this.next();
      if (isOf(frame, event)) return frame;
    }
  }
}

function isOf<E extends LiveFrame['event']>(frame: LiveFrame, event: E): frame is Extract<LiveFrame, { event: E }> {
  return frame.event === event;
}
