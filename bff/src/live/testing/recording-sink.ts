import type { ByeReason, LiveFrame } from '@lumina/contracts';
import type { Sink } from '../stream.ts';

/** A connection that keeps what it was sent. */
export class RecordingSink implements Sink {
  readonly wire = 'message' as const;
  readonly frames: LiveFrame[] = [];
  /** The bytes as they came, to see whether they are shared. */
  readonly written: Buffer[] = [];
  heartbeats = 0;
  signsOfLife = 0;
  pending = 0;
  endedWith: ByeReason | undefined;

  write(bytes: Buffer): void {
    this.written.push(bytes);
    this.frames.push(JSON.parse(bytes.toString()) as LiveFrame);
  }

  heartbeat(): void {
    this.heartbeats += 1;
  }

  showLife(): void {
    this.signsOfLife += 1;
  }

  pendingBytes(): number {
    return this.pending;
  }

  end(reason: ByeReason): void {
    this.endedWith = reason;
  }

  /** What happened, without what it was about. */
  get events(): readonly string[] {
    return this.frames.map(({ event }) => event);
  }

  /** The id of the last frame. */
  get lastId(): string {
    return this.frames.at(-1)?.id ?? '';
  }
}
