import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CursorStore } from '../client/cursor-store.ts';
import type { TileView } from '../client/tile-view.ts';

/** Moves the shared cursor from one chart and follows it in all: pointer and arrow keys. */
export class CursorController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #storeOf: () => CursorStore | undefined;
  readonly #viewOf: () => TileView | undefined;
  readonly #timeAt: (px: number) => number | undefined;
  #store: CursorStore | undefined;
  #unsubscribe: (() => void) | undefined;
  #isHere = false;

  constructor(
    host: ReactiveControllerHost,
    storeOf: () => CursorStore | undefined,
    viewOf: () => TileView | undefined,
    timeAt: (px: number) => number | undefined,
  ) {
    this.#host = host;
    this.#storeOf = storeOf;
    this.#viewOf = viewOf;
    this.#timeAt = timeAt;
    host.addController(this);
  }

  /** Whether the reader points at this chart, which then shows the card. */
  get isHere(): boolean {
    return this.#isHere;
  }

  readonly onPointerMove = (event: PointerEvent): void => {
    const target = event.currentTarget as Element;
    const atMs = this.#timeAt(event.clientX - target.getBoundingClientRect().left);
    if (atMs !== undefined) this.#move(nearest(this.#instants(), atMs));
  };

  readonly onLeave = (): void => {
    if (!this.#isHere) return;
    this.#isHere = false;
    this.#storeOf()?.moveTo(undefined);
    this.#host.requestUpdate();
  };

  readonly onKeyDown = (event: KeyboardEvent): void => {
    const instants = this.#instants();
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') this.onLeave();
    if (step === undefined || instants.length === 0) return;
    event.preventDefault();
    const at = this.#storeOf()?.atMs;
    const index = at === undefined ? instants.length - 1 : instants.indexOf(at) + step;
    this.#move(instants[Math.min(Math.max(index, 0), instants.length - 1)]);
  };

  hostUpdate(): void {
    const store = this.#storeOf();
    if (store === this.#store) return;
    this.#unsubscribe?.();
    this.#store = store;
    this.#unsubscribe = store?.subscribe(() => {
      this.#host.requestUpdate();
    });
  }

  hostDisconnected(): void {
    this.onLeave();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#store = undefined;
  }

  #move(atMs: number | undefined): void {
    this.#isHere = true;
    this.#storeOf()?.moveTo(atMs);
    this.#host.requestUpdate();
  }

  #instants(): readonly number[] {
    const longest = [...(this.#viewOf()?.series ?? [])].sort((a, b) => b.points.length - a.points.length)[0];
    return longest?.points.map(([epochMs]) => epochMs) ?? [];
  }
}

function nearest(instants: readonly number[], atMs: number): number | undefined {
  let best: number | undefined;
  for (const instant of instants) {
    if (best === undefined || Math.abs(instant - atMs) < Math.abs(best - atMs)) best = instant;
  }
  return best;
}
