import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import type { LuminaError } from '../lumina-error.ts';

/** One watched request: however many watch it, it is asked once. */
export class LiveMember {
  readonly queryKey: readonly unknown[];
  readonly request: MetricQueryRequest;
  /** Told when the error or the way of asking changes. */
  readonly listeners = new Set<() => void>();
  /** What frames are applied to. */
  reply: MetricReply | undefined;
  error: LuminaError | undefined;
  /** Whether it is asked by polling now. */
  isPolled = false;
  /** Whether it travels alone, since together with others it was refused. */
  isAlone = false;

  constructor(queryKey: readonly unknown[], request: MetricQueryRequest) {
    this.queryKey = queryKey;
    this.request = request;
  }

  /** Tells that something changed. */
  notify(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /** Leaves it to polling, or takes it back. */
  setPolled(isPolled: boolean): void {
    if (this.isPolled === isPolled) return;
    this.isPolled = isPolled;
    if (isPolled) this.error = undefined;
    this.notify();
  }

  /** Tells what went wrong; the reply stays. */
  fail(error: LuminaError): void {
    this.error = error;
    this.notify();
  }

  /** An answer has come: neither polling nor what went wrong before counts any more. */
  answered(): void {
    if (!this.isPolled && this.error === undefined) return;
    this.isPolled = false;
    this.error = undefined;
    this.notify();
  }
}
