import type { ConfigChange, Fact, LiveTailRecord } from '@lumina/contracts';
import type { Logger } from 'pino';

import { messageOf } from '../adapters/service-error.ts';
import type { Stopwatch } from '../ports/clock.ts';
import type { LiveTail } from '../ports/live-tail.ts';
import type { Processed } from './delivery-processor.ts';
import { tailPortionsOf } from './tail-portions.ts';

/** Watchers hear of a shard once a second at least; asked more often than that, so that none is late. */
const HEARTBEAT_MS = 800;
const CHECK_INTERVAL_MS = 100;
/** Sequence numbers rise over restarts: each owner of a shard starts a range of its own. */
const SEQUENCES_PER_GENERATION = 1_000_000_000;

/** What a publisher needs of the outside. */
export interface TailPublisherPorts {
  readonly tail: LiveTail;
  readonly logger: Logger;
  readonly stopwatch: Stopwatch;
  /** Stored facts that belong to no shard: the accounts. Whoever publishes next takes them along. */
  readonly takeCompanions: () => Fact[];
  /** Whether the right to the shard is beyond doubt; without it there are no signs of life. */
  readonly isSure: () => boolean;
}

/** The source of a publisher: `<stream>/<shard>` and how often the shard has changed hands. */
export interface TailSource {
  readonly name: string;
  readonly generation: number;
  /** The watermark that the owner before left, in epoch ms. */
  readonly watermarkMs: number;
}

/**
 * Publishes what was stored of one shard, in order and without gaps in its numbers. When nothing is published for a
 * while, an empty record with the watermark says that the shard is still read; it goes out while the store is down as
 * well, and its watermark, which stands still then, tells watchers how old their numbers are.
 */
export class TailPublisher {
  private readonly ports: TailPublisherPorts;
  private readonly source: string;
  private readonly signal: AbortSignal;
  private readonly timer: NodeJS.Timeout;
  private sequence: number;
  private watermark: number;
  private publishedMs: number;
  private line: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(ports: TailPublisherPorts, { name, generation, watermarkMs }: TailSource, signal: AbortSignal) {
    this.ports = ports;
    this.source = name;
    this.signal = signal;
    this.sequence = generation * SEQUENCES_PER_GENERATION;
    this.watermark = watermarkMs;
    this.publishedMs = -HEARTBEAT_MS;
    this.timer = setInterval(() => {
      this.signOfLife();
    }, CHECK_INTERVAL_MS);
    this.timer.unref();
  }

  /** Epoch ms: all facts before it have been published, but for late ones. */
  get watermarkMs(): number {
    return this.watermark;
  }

  /**
   * Publishes what a page came to and moves the watermark, which never falls; resolves when the tail has taken all,
   * however long that takes.
   */
  async publish({ facts, changes }: Pick<Processed, 'facts' | 'changes'>, watermarkMs: number): Promise<void> {
    if (facts.length > 0 || changes.length > 0) await this.inLine(facts, changes, watermarkMs);
    else this.advance(watermarkMs);
  }

  /** Publishes a last sign of life and what waits to go along, then no more. */
  async close(): Promise<void> {
    this.stop();
    await this.inLine([], [], this.watermark);
  }

  /** Ends the signs of life. */
  stop(): void {
    clearInterval(this.timer);
  }

  private signOfLife(): void {
    const isDue = this.ports.stopwatch.elapsedMs() - this.publishedMs >= HEARTBEAT_MS;
    // Where publishing is held up, more of it would only queue.
    if (!isDue || this.waiting > 0 || this.watermark === 0 || this.signal.aborted || !this.ports.isSure()) return;
    this.inLine([], [], this.watermark).catch((error: unknown) => {
      if (this.signal.aborted) return;
      this.ports.logger.warn({ source: this.source, detail: messageOf(error) }, 'a sign of life was not published');
    });
  }

  private advance(watermarkMs: number): void {
    this.watermark = Math.max(this.watermark, watermarkMs);
  }

  private async inLine(facts: readonly Fact[], changes: readonly ConfigChange[], watermarkMs: number): Promise<void> {
    this.waiting += 1;
    const mine = this.line.then(() => this.put([...facts, ...this.ports.takeCompanions()], changes, watermarkMs));
    this.line = mine.catch(() => undefined);
    try {
      await mine;
    } finally {
      this.waiting -= 1;
    }
  }

  private async put(facts: readonly Fact[], changes: readonly ConfigChange[], watermarkMs: number): Promise<void> {
    const portions = tailPortionsOf(facts, changes);
    const last = portions.at(-1);
    for (const portion of portions) {
      // Not before the last record are all facts of the page out.
      if (portion === last) this.advance(watermarkMs);
      const record: LiveTailRecord = {
        v: 1,
        source: this.source,
        seq: this.sequence + 1,
        watermark: this.watermark,
        facts: portion.facts,
        ...(portion.changes.length === 0 ? {} : { changes: portion.changes }),
      };
      // One at a time: a call with several may take a later one and refuse an earlier one.
      await this.ports.tail.publish([record], this.signal);
      this.sequence += 1;
    }
    this.publishedMs = this.ports.stopwatch.elapsedMs();
  }
}
