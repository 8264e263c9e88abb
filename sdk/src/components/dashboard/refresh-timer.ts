import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Calls back at an interval while the host is on a page that somebody can see. */
export class RefreshTimer implements ReactiveController {
  readonly #intervalMs: () => number | undefined;
  readonly #onDue: () => void;
  #runningMs: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost, intervalMs: () => number | undefined, onDue: () => void) {
    this.#intervalMs = intervalMs;
    this.#onDue = onDue;
    host.addController(this);
  }

  hostUpdated(): void {
    this.#run(this.#intervalMs());
  }

  hostDisconnected(): void {
    this.#run(undefined);
  }

  #run(intervalMs: number | undefined): void {
    if (intervalMs === this.#runningMs) return;
    clearInterval(this.#timer);
    this.#runningMs = intervalMs;
    if (intervalMs === undefined) return;
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'visible') this.#onDue();
    }, intervalMs);
  }
}
