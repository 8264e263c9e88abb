import { createHash } from 'node:crypto';
import { LIVE_HEARTBEAT_MS } from '@lumina/contracts';
import type { ByeReason } from '@lumina/contracts';
import type { Identity } from '../auth/identity.ts';
import { HttpProblem } from '../http/problem.ts';
import type { AlertNews } from './announcements.ts';
import type { Clock } from './clock.ts';
import { MAX_DELAY_MS } from './clock.ts';
import { UNFINISHED, frameOf } from './frame.ts';
import type { Frame, FrameEncoder, FrameNumbers, Wire } from './frame.ts';
import { toFrameProblem } from './live-request.ts';
import type { Topic, TopicViewer } from './topic.ts';

/** The connection behind a stream. */
export interface Sink {
  readonly wire: Wire;
  /** Never throws, even after the other side has gone. */
  readonly write: (bytes: Buffer) => void;
  /** Shows whatever is in between that the connection lives, and finds out whether it does. */
  readonly heartbeat: () => void;
  /** Shows the other side that the connection lives though there is nothing to say. */
  readonly showLife: () => void;
  /** Bytes written that the other side has not taken. */
  readonly pendingBytes: () => number;
  /** Ends the connection after what was written. */
  readonly end: (reason: ByeReason) => void;
}

/** What a subscription shows: its topic, or why there is none. */
export interface SubscriptionSource {
  readonly id: string | undefined;
  readonly source: Topic | HttpProblem;
}

/** What a stream needs. */
export interface StreamOptions {
  readonly id: string;
  readonly identity: Identity;
  readonly sources: readonly SubscriptionSource[];
  readonly clock: Clock;
  readonly numbers: FrameNumbers;
  readonly encoder: FrameEncoder;
  readonly onClosed: (stream: LiveStream) => void;
  /** What it is told besides what it watches: where the alerts are. */
  readonly news?: () => readonly AlertNews[];
}

/** A viewer who takes no more than this is sent nothing further until it has been taken. */
const MAX_PENDING_BYTES = 1_000_000;
/** After so long a viewer that cannot keep up is better off with a new connection. */
const MAX_CONGESTION_MS = 30_000;
const REAUTH_LEAD_MS = 30_000;
const SLOW_RETRY_MS = 5_000;

/** One subscription of a stream, as viewer of its topic. */
class Subscription implements TopicViewer {
  readonly id: string | undefined;
  readonly topic: Topic;
  /** Whether the viewer holds all that was said so far. */
  isWhole = false;
  readonly #push: (subscription: Subscription, frame: Frame) => void;

  constructor(id: string | undefined, topic: Topic, push: (subscription: Subscription, frame: Frame) => void) {
    this.id = id;
    this.topic = topic;
    this.#push = push;
  }

  deliver(frame: Frame): void {
    this.#push(this, frame);
  }
}

/** One live connection: several topics on one sink, until the token expires or either side ends it. */
export class LiveStream {
  readonly id: string;
  readonly identity: Identity;
  readonly #options: StreamOptions;
  readonly #subscriptions: readonly Subscription[];
  /** Names the set of subscriptions, so that one with another set never resumes from its frames. */
  readonly #mark: string;
  #sink: Sink | undefined;
  #isClosed = false;
  #expiresAtMs: number;
  #hasAskedForToken = false;
  #cancelTimer: (() => void) | undefined;
  #congestedSinceMs: number | undefined;
  #heartbeatAtMs: number;
  #hasWritten = false;
  #hasAllNews = true;

  constructor(options: StreamOptions) {
    this.id = options.id;
    this.identity = options.identity;
    this.#options = options;
    this.#subscriptions = options.sources.flatMap(({ id, source }) =>
      source instanceof HttpProblem
        ? []
        : [
            new Subscription(id, source, (subscription, frame) => {
              this.#push(subscription, frame);
            }),
          ],
    );
    const names = this.#subscriptions.map(({ id, topic }) => JSON.stringify([id ?? null, topic.key]));
    this.#mark = createHash('sha256').update(names.toSorted().join()).digest('hex').slice(0, 12);
    this.#expiresAtMs = options.identity.expiresAtSeconds * 1_000;
    this.#heartbeatAtMs = options.clock.now();
  }

  /** How many subscriptions it was asked for; bounded per identity. */
  get size(): number {
    return this.#options.sources.length;
  }

  /** When its token expires, epoch ms. */
  get expiresAtMs(): number {
    return this.#expiresAtMs;
  }

  /** Begins to send: what was missed since `resume` where that is known, else all there is. */
  start(sink: Sink, resume: string | undefined): void {
    if (this.#isClosed) return;
    this.#sink = sink;
    // A ticket, or the tolerance for clocks, may have outlived the token.
    if (this.#expiresAtMs <= this.#options.clock.now()) {
      this.end('expired', 0);
      return;
    }
    const point = this.#options.numbers.parse(resume);
    for (const { id, source } of this.#options.sources) {
      if (source instanceof HttpProblem) this.#write(id, this.#frame('problem', { problem: toFrameProblem(source) }));
    }
    for (const subscription of this.#subscriptions) {
      const missed = point?.mark === this.#mark ? subscription.topic.since(point.sequence) : undefined;
      if (missed === undefined || this.#isCongested()) {
        this.#writeBase(subscription);
      } else {
        subscription.isWhole = true;
        for (const frame of missed) this.#write(subscription.id, frame);
      }
      subscription.topic.add(subscription);
    }
    this.#tellAllNews();
    this.#watchToken();
  }

  /** Tells of something that it does not watch, now or once the viewer has caught up. */
  tell(frame: Frame): void {
    this.#hasAllNews &&= !this.#isCongested();
    if (this.#hasAllNews) this.#write(undefined, frame);
  }

  /** A later token of the same identity; the stream may go on until that one expires. */
  extend(expiresAtSeconds: number): void {
    this.#expiresAtMs = Math.max(this.#expiresAtMs, expiresAtSeconds * 1_000);
    this.#hasAskedForToken = false;
    if (this.#sink !== undefined) this.#watchToken();
  }

  /** Called every few seconds: shows life where nothing else does, and catches up for whoever was behind. */
  care(): void {
    const now = this.#options.clock.now();
    if (!this.#hasWritten) this.#sink?.showLife();
    this.#hasWritten = false;
    // A clock that was set back must not end the heartbeats.
    if (now < this.#heartbeatAtMs || now - this.#heartbeatAtMs >= LIVE_HEARTBEAT_MS) {
      this.#heartbeatAtMs = now;
      this.#sink?.heartbeat();
    }
    if (this.#isCongested()) return;
    if (!this.#hasAllNews) this.#tellAllNews();
    for (const subscription of this.#subscriptions)
      if (!subscription.isWhole && subscription.topic.hasAnswer) this.#writeBase(subscription);
  }

  /** Says goodbye and ends. */
  end(reason: ByeReason, retryMs: number): void {
    if (this.#isClosed) return;
    this.#write(undefined, this.#frame('bye', { reason, retryMs }));
    const sink = this.#sink;
    this.close();
    sink?.end(reason);
  }

  /** The other side has gone, or was told goodbye. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTimer?.();
    for (const subscription of this.#subscriptions) subscription.topic.remove(subscription);
    this.#sink = undefined;
    this.#options.onClosed(this);
  }

  #push(subscription: Subscription, frame: Frame): void {
    if (this.#isClosed) return;
    if (this.#isCongested()) {
      subscription.isWhole = false;
      return;
    }
    const isBeginning = frame.event === 'snapshot' || frame.event === 'problem';
    if (!subscription.isWhole && !isBeginning && subscription.topic.hasAnswer) {
      this.#writeBase(subscription);
      return;
    }
    // Without an answer yet, that there is no news is worth telling all the same.
    if (isBeginning) subscription.isWhole = true;
    this.#write(subscription.id, frame);
  }

  #writeBase(subscription: Subscription): void {
    // The snapshots of a page together may be more than a viewer takes; the rest follows once it has.
    if (this.#isCongested()) {
      subscription.isWhole = false;
      return;
    }
    subscription.isWhole = subscription.topic.hasAnswer;
    for (const frame of subscription.topic.base()) this.#write(subscription.id, frame);
  }

  #tellAllNews(): void {
    this.#hasAllNews = !this.#isCongested();
    if (!this.#hasAllNews) return;
    for (const news of this.#options.news?.() ?? []) this.#write(undefined, this.#frame('alert', news));
  }

  #isCongested(): boolean {
    const pending = this.#sink?.pendingBytes() ?? 0;
    const now = this.#options.clock.now();
    if (pending <= MAX_PENDING_BYTES) {
      this.#congestedSinceMs = undefined;
      return false;
    }
    this.#congestedSinceMs = Math.min(this.#congestedSinceMs ?? now, now);
    if (now - this.#congestedSinceMs >= MAX_CONGESTION_MS) this.end('slow', SLOW_RETRY_MS);
    return true;
  }

  #frame(event: Frame['event'], fields: object): Frame {
    return frameOf(event, this.#options.numbers.next(), fields);
  }

  #write(request: string | undefined, frame: Frame): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    const isWhole = this.#subscriptions.every((subscription) => subscription.isWhole);
    const id = this.#options.numbers.idOf(frame.sequence, isWhole ? this.#mark : UNFINISHED);
    this.#hasWritten = true;
    sink.write(this.#options.encoder.encode(frame, id, request, sink.wire));
  }

  #watchToken(): void {
    this.#cancelTimer?.();
    const { clock } = this.#options;
    const leftMs = this.#expiresAtMs - clock.now();
    // A token so short that the usual notice would come at once is asked for halfway.
    const noticeMs = this.#hasAskedForToken ? leftMs : leftMs - Math.min(REAUTH_LEAD_MS, leftMs / 2);
    this.#cancelTimer = clock.after(Math.min(noticeMs, MAX_DELAY_MS), () => {
      this.#onTime(noticeMs > MAX_DELAY_MS);
    });
  }

  #onTime(isTooEarly: boolean): void {
    if (this.#expiresAtMs <= this.#options.clock.now()) {
      this.end('expired', 0);
      return;
    }
    if (!isTooEarly && !this.#hasAskedForToken) {
      this.#hasAskedForToken = true;
      this.#write(undefined, this.#frame('reauth', { stream: this.id, expiresAt: this.#expiresAtMs }));
    }
    this.#watchToken();
  }
}
