/** A clock that shows simulated time, runs faster than the machine's and may stand still. */
export class SimulatedClock {
  readonly speed: number;
  readonly #endMs: number;
  #baseMs: number;
  #wallMs: number | undefined;

  constructor(span: { readonly startMs: number; readonly endMs: number }, speed: number) {
    this.speed = speed;
    this.#endMs = span.endMs;
    this.#baseMs = span.startMs;
  }

  /** Epoch ms, whole, never beyond the end. */
  nowMs(): number {
    const passedMs = this.#wallMs === undefined ? 0 : (performance.now() - this.#wallMs) * this.speed;
    return Math.min(this.#endMs, Math.floor(this.#baseMs + passedMs));
  }

  get isOver(): boolean {
    return this.nowMs() >= this.#endMs;
  }

  run(): void {
    this.#wallMs ??= performance.now();
  }

  stop(): void {
    this.#baseMs = this.nowMs();
    this.#wallMs = undefined;
  }
}
