/** One request is let through so often to see whether the stream takes events again; as long as senders are told to wait. */
const PROBE_INTERVAL_MS = 1000;

/**
 * Remembers that the stream did not take events in time. While it does not, senders are told so at once: a request that
 * waits for a stream that is full only holds memory, and its sender.
 */
export class StreamCircuit {
  private isOpen = false;
  private nextProbeMs = 0;

  /** Whether a request that comes now may try the stream. */
  admits(nowMs: number): boolean {
    if (!this.isOpen) return true;
    if (nowMs < this.nextProbeMs) return false;
    this.nextProbeMs = nowMs + PROBE_INTERVAL_MS;
    return true;
  }

  /** The stream took all events of a request. */
  succeeded(): void {
    this.isOpen = false;
  }

  /** The stream did not take the events of a request in time. */
  failed(nowMs: number): void {
    this.isOpen = true;
    this.nextProbeMs = nowMs + PROBE_INTERVAL_MS;
  }
}
