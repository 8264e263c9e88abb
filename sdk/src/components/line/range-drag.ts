import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** The stretch that a reader is marking. */
export interface Marked {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Px that a pointer moves before it marks rather than clicks. */
const DRAG_FROM_PX = 5;

/** Lets a reader mark a stretch of time: by dragging, or with Shift and the arrow keys and Enter. */
export class RangeDrag implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #timeAt: (px: number) => number | undefined;
  readonly #onMarked: (marked: Marked) => void;
  #startPx = 0;
  #anchorMs: number | undefined;
  #isDragging = false;
  #marked: Marked | undefined;

  constructor(
    host: ReactiveControllerHost,
    timeAt: (px: number) => number | undefined,
    onMarked: (marked: Marked) => void,
  ) {
    this.#host = host;
    this.#timeAt = timeAt;
    this.#onMarked = onMarked;
    host.addController(this);
  }

  /** What is marked now; undefined while nothing is. */
  get marked(): Marked | undefined {
    return this.#marked;
  }

  hostDisconnected(): void {
    this.cancel();
  }

  readonly onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const plot = event.currentTarget as Element;
    this.#startPx = event.clientX - plot.getBoundingClientRect().left;
    this.#anchorMs = this.#timeAt(this.#startPx);
    this.#isDragging = true;
    plot.setPointerCapture(event.pointerId);
  };

  readonly onPointerMove = (event: PointerEvent): void => {
    if (!this.#isDragging) return;
    const px = event.clientX - (event.currentTarget as Element).getBoundingClientRect().left;
    if (this.#marked === undefined && Math.abs(px - this.#startPx) < DRAG_FROM_PX) return;
    this.extendTo(this.#timeAt(px));
  };

  /** Ends a drag; answers whether it marked something, in which case it was no click. */
  readonly onPointerUp = (): boolean => {
    this.#isDragging = false;
    return this.commit();
  };

  /** Begins to mark at an instant, unless something is marked already. */
  beginAt(atMs: number | undefined): void {
    if (this.#marked === undefined) this.#anchorMs = atMs;
  }

  /** Marks from where it began to an instant. */
  extendTo(atMs: number | undefined): void {
    const anchorMs = this.#anchorMs;
    if (anchorMs === undefined || atMs === undefined) return;
    this.#marked = { fromMs: Math.min(anchorMs, atMs), toMs: Math.max(anchorMs, atMs) };
    this.#host.requestUpdate();
  }

  /** Hands over what is marked; answers whether anything was. */
  commit(): boolean {
    const marked = this.#marked;
    this.cancel();
    if (marked === undefined || marked.toMs <= marked.fromMs) return false;
    this.#onMarked(marked);
    return true;
  }

  /** Forgets what is marked. */
  cancel(): void {
    this.#isDragging = false;
    if (this.#marked === undefined) return;
    this.#marked = undefined;
    this.#host.requestUpdate();
  }
}
