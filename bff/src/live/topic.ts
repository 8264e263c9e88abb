import { LIVE_STALE_AFTER_MS, LIVE_TICK_MS } from '@lumina/contracts';
import type { Problem } from '@lumina/contracts';
import type { Clock } from './clock.ts';
import type { EvaluationGate } from './evaluation-gate.ts';
import { FrameRing } from './frame-ring.ts';
import { frameOf, tailOf } from './frame.ts';
import type { Frame, FrameNumbers } from './frame.ts';
import { closedSpan, diffReplies, isEmptyDelta } from './reply-diff.ts';
import type { TopicReply } from './watched-rows.ts';

/** A viewer of a topic. */
export interface TopicViewer {
  readonly deliver: (frame: Frame) => void;
}

/** What a topic needs. */
export interface TopicOptions {
  readonly clock: Clock;
  readonly numbers: FrameNumbers;
  readonly gate: EvaluationGate;
  /** Whose facts it is about; no territory's evaluations take the places of others. */
  readonly territoryId: number;
  readonly evaluate: (signal: AbortSignal) => Promise<TopicReply>;
  /** The problem of an error that will not go away by itself; undefined where trying again may help. */
  readonly refusalOf: (error: unknown) => Problem | undefined;
  /** The first of a row of failures, for the log. */
  readonly onFailure: (error: unknown) => void;
  /** Nobody has watched for a while. */
  readonly onAbandoned: () => void;
}

/** A slow evaluation may take a third of the time, no more. */
const REST_FACTOR = 3;
/** After this an evaluation has failed: a store that never answers must not hold a topic for ever. */
const EVALUATION_TIMEOUT_MS = 15_000;
/** News are answered at once; what comes soon after is answered together. */
const NEWS_GAP_MS = 450;
/** Answers that the store was asked for come ever less often, one step each, as long as memory cannot give them. */
const ASKING_STEP_MS = 500;
/** Well within the time after which no news is told as stale. */
const LONGEST_ASKING_MS = 3_000;
/** A refused request is looked at again: a range that lies in the future comes to lie in the past. */
const REFUSED_RETRY_MS = 30_000;
/** A page that is loaded again finds its topic. */
const LINGER_MS = 5_000;

/**
 * One question that is watched: evaluated while somebody watches, for all who watch, when there is news of its territory
 * and at least once a second. Where memory cannot answer, the store is asked in a rhythm of its own, news or not.
 */
export class Topic {
  readonly key: string;
  /** Whose facts it is about. */
  readonly territoryId: number;
  readonly #options: TopicOptions;
  readonly #viewers = new Set<TopicViewer>();
  readonly #ring: FrameRing;
  #reply: TopicReply | undefined;
  #replyTail: string | undefined;
  #refusal: Problem | undefined;
  /** Failures in a row. */
  #failures = 0;
  /** Answers in a row that the store was asked for. */
  #askings = 0;
  /** Something was stored since the last evaluation began. */
  #isWoken = false;
  /** What answers depend on besides facts has changed since the last evaluation began. */
  #isReconsidered = false;
  /** When news may be answered. */
  #readyAtMs = 0;
  #running: AbortController | undefined;
  #nextAtMs = 0;
  /** How long before that it was set: no clock that is set back makes it longer. */
  #restMs = 0;
  #watermark: number | null = null;
  /** When the watermark was last seen to move. */
  #newsAtMs: number;
  readonly #bornAtMs: number;
  #isStale = false;
  #cancelTick: (() => void) | undefined;
  #cancelStale: (() => void) | undefined;
  #cancelLinger: (() => void) | undefined;

  constructor(key: string, options: TopicOptions) {
    this.key = key;
    this.territoryId = options.territoryId;
    this.#options = options;
    // A number of its own: who saw the frame before it saw nothing of this topic.
    this.#ring = new FrameRing(options.numbers.next());
    this.#bornAtMs = options.clock.now();
    this.#newsAtMs = this.#bornAtMs;
    this.#linger();
  }

  add(viewer: TopicViewer): void {
    const { clock } = this.#options;
    const isFirst = this.#viewers.size === 0;
    this.#viewers.add(viewer);
    if (!isFirst) return;
    this.#cancelLinger?.();
    // Nobody looked in the meantime, so nobody can say that there was no news.
    if (!this.#isStale) this.#newsAtMs = Math.max(this.#newsAtMs, clock.now());
    this.#watchForNews();
    this.#schedule();
  }

  remove(viewer: TopicViewer): void {
    if (!this.#viewers.delete(viewer) || this.#viewers.size > 0) return;
    this.#rest();
    this.#linger();
  }

  /** Something was stored that the answer may depend on. */
  wake(): void {
    // A store that answers each question itself is not asked more often because much happens, nor while it fails.
    if (this.#askings > 1 || this.#failures > 0 || this.#reply === undefined) return;
    this.#isWoken = true;
    this.#schedule();
  }

  /** What an answer depends on besides facts has changed: it is asked for anew at once, whatever that costs. */
  reconsider(): void {
    this.#isReconsidered = true;
    this.#schedule();
  }

  /** Whether there is an answer, or a reason why there is none. */
  get hasAnswer(): boolean {
    return this.#reply !== undefined || this.#refusal !== undefined;
  }

  /** What a viewer who has nothing begins with. */
  base(): readonly Frame[] {
    const frames: Frame[] = [];
    if (this.#refusal !== undefined) frames.push(this.#frame('problem', { problem: this.#refusal }));
    if (this.#reply !== undefined) {
      this.#replyTail ??= tailOf(this.#reply);
      frames.push({ event: 'snapshot', sequence: this.#options.numbers.next(), tail: this.#replyTail });
    }
    if (this.#isStale) frames.push(this.#frame('stale', { since: this.#since() }));
    return frames;
  }

  /** What a viewer missed since a number; undefined if it is not known any more. */
  since(sequence: number): readonly Frame[] | undefined {
    return this.hasAnswer ? this.#ring.since(sequence) : undefined;
  }

  close(): void {
    this.#viewers.clear();
    this.#rest();
    this.#cancelLinger?.();
  }

  #linger(): void {
    this.#cancelLinger = this.#options.clock.after(LINGER_MS, this.#options.onAbandoned);
  }

  #rest(): void {
    this.#cancelTick?.();
    this.#cancelStale?.();
    this.#running?.abort();
  }

  #schedule(): void {
    if (this.#running !== undefined || this.#viewers.size === 0) return;
    const { clock } = this.#options;
    this.#cancelTick?.();
    const now = clock.now();
    const dueMs = this.#isReconsidered ? 0 : Math.min(this.#restMs, this.#nextAtMs - now);
    const newsMs = this.#isWoken ? Math.max(0, this.#readyAtMs - now) : Number.POSITIVE_INFINITY;
    this.#cancelTick = clock.after(Math.min(dueMs, newsMs), () => {
      void this.#tick(newsMs < dueMs);
    });
  }

  /** `isEarly`: because of news, before it was due. */
  async #tick(isEarly: boolean): Promise<void> {
    const { clock, gate } = this.#options;
    const abort = new AbortController();
    this.#running = abort;
    const leave = await gate.enter(this.#options.territoryId);
    const startedAtMs = clock.now();
    this.#isWoken = false;
    this.#isReconsidered = false;
    if (!abort.signal.aborted) await this.#evaluate(abort, startedAtMs, isEarly);
    leave();
    this.#running = undefined;
    this.#schedule();
  }

  async #evaluate(abort: AbortController, startedAtMs: number, isEarly: boolean): Promise<void> {
    const { clock, evaluate } = this.#options;
    const isLate = new AbortController();
    const cancelTimeout = clock.after(EVALUATION_TIMEOUT_MS, () => {
      isLate.abort(new Error('The evaluation took too long.'));
    });
    try {
      const signal = AbortSignal.any([abort.signal, isLate.signal]);
      const reply = await Promise.race([evaluate(signal), abortionOf(signal)]);
      // A clock that was set meanwhile says nonsense about how long it took.
      const tookMs = Math.min(Math.max(0, clock.now() - startedAtMs), EVALUATION_TIMEOUT_MS);
      this.#readyAtMs = clock.now() + Math.max(NEWS_GAP_MS, REST_FACTOR * tookMs) - tookMs;
      this.#askings = reply.meta.cache.fetched > 0 ? this.#askings + 1 : 0;
      const tickMs = Math.min(LONGEST_ASKING_MS, LIVE_TICK_MS + Math.max(0, this.#askings - 2) * ASKING_STEP_MS);
      const isTold = this.#take(reply, isEarly);
      // What was not told must be told when it is due all the same.
      if (isTold) this.#restFor(Math.max(tickMs, REST_FACTOR * tookMs) - tookMs);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#fail(error);
    } finally {
      cancelTimeout();
    }
  }

  /** @returns whether viewers were told: news that turn out to be none are not worth a frame before one is due. */
  #take(reply: TopicReply, isEarly: boolean): boolean {
    const previous = this.#reply;
    const { asOf, watermark } = reply.meta;
    const hasNews = previous === undefined ? watermark !== null : (watermark ?? 0) > (this.#watermark ?? 0);
    const wasStale = this.#isStale;
    this.#watermark = watermark;
    this.#refusal = undefined;
    this.#failures = 0;
    if (hasNews) {
      this.#isStale = false;
      const now = this.#options.clock.now();
      // The first answer tells how long there has been no news; afterwards it was seen to move.
      this.#newsAtMs = previous === undefined ? now - Math.max(0, asOf - (watermark ?? asOf)) : now;
    }
    const isFresh = wasStale && hasNews;
    const isTold = this.#tell(previous, reply, isEarly && !isFresh);
    if (hasNews || previous === undefined) this.#watchForNews();
    return isTold;
  }

  /** `isOptional`: an answer that says nothing new need not be told. */
  #tell(previous: TopicReply | undefined, reply: TopicReply, isOptional: boolean): boolean {
    const delta = previous === undefined ? undefined : diffReplies(previous, reply);
    if (isOptional && previous !== undefined && delta !== undefined && isEmptyDelta(previous, delta)) return false;
    this.#reply = reply;
    this.#replyTail = undefined;
    if (delta === undefined) {
      const tail = (this.#replyTail = tailOf(reply));
      this.#publish({ event: 'snapshot', sequence: this.#options.numbers.next(), tail });
    } else {
      this.#publish(this.#frame('delta', delta));
    }
    const closed = previous === undefined ? undefined : closedSpan(previous, reply);
    if (closed !== undefined) this.#publish(this.#frame('seal', closed));
    return true;
  }

  #fail(error: unknown): void {
    const { refusalOf, onFailure } = this.#options;
    const refusal = refusalOf(error);
    if (refusal === undefined) {
      // Ever less often, so that a store that comes back is not met by all questions at once.
      this.#restFor(Math.min(LONGEST_ASKING_MS, LIVE_TICK_MS + this.#failures * ASKING_STEP_MS));
      // Viewers are told nothing they could take for an answer; that there is no news they learn by `stale`.
      if (this.#failures === 0) onFailure(error);
      this.#failures += 1;
      return;
    }
    this.#restFor(REFUSED_RETRY_MS);
    const isKnown = this.#refusal?.code === refusal.code && this.#refusal.detail === refusal.detail;
    this.#reply = undefined;
    this.#refusal = isKnown ? this.#refusal : refusal;
    this.#cancelStale?.();
    this.#isStale = false;
    if (!isKnown) this.#publish(this.#frame('problem', { problem: refusal }));
  }

  #restFor(durationMs: number): void {
    this.#restMs = durationMs;
    this.#nextAtMs = this.#options.clock.now() + durationMs;
  }

  #watchForNews(): void {
    const { clock } = this.#options;
    this.#cancelStale?.();
    if (this.#isStale || this.#refusal !== undefined || this.#viewers.size === 0) return;
    this.#cancelStale = clock.after(Math.min(0, this.#newsAtMs - clock.now()) + LIVE_STALE_AFTER_MS, () => {
      this.#isStale = true;
      this.#publish(this.#frame('stale', { since: this.#since() }));
    });
  }

  #since(): number {
    return this.#reply?.meta.watermark ?? this.#bornAtMs;
  }

  #frame(event: Frame['event'], fields: object): Frame {
    return frameOf(event, this.#options.numbers.next(), fields);
  }

  #publish(frame: Frame): void {
    this.#ring.push(frame);
    for (const viewer of this.#viewers) viewer.deliver(frame);
  }
}

function abortionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const refuse = (): void => {
      const reason: unknown = signal.reason;
      reject(reason instanceof Error ? reason : new Error('The evaluation was given up.'));
    };
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
}
