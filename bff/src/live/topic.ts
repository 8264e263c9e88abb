import { LIVE_STALE_AFTER_MS, LIVE_TICK_MS } from '@lumina/contracts';
import type { MetricReply, Problem } from '@lumina/contracts';
import type { Clock } from './clock.ts';
import type { EvaluationGate } from './evaluation-gate.ts';
import { FrameRing } from './frame-ring.ts';
import { frameOf, tailOf } from './frame.ts';
import type { Frame, FrameNumbers } from './frame.ts';
import { closedSpan, diffReplies } from './reply-diff.ts';

/** A viewer of a topic. */
export interface TopicViewer {
  readonly deliver: (frame: Frame) => void;
}

/** What a topic needs. */
export interface TopicOptions {
  readonly clock: Clock;
  readonly numbers: FrameNumbers;
  readonly gate: EvaluationGate;
  /** Whose evaluations they are, so that no territory takes the places of others. */
  readonly territoryId: number;
  readonly evaluate: (signal: AbortSignal) => Promise<MetricReply>;
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
/** A refused request is looked at again: a range that lies in the future comes to lie in the past. */
const REFUSED_RETRY_MS = 30_000;
/** A page that is loaded again finds its topic. */
const LINGER_MS = 5_000;

/** One question that is watched: evaluated once a second while somebody watches, for all who watch. */
export class Topic {
  readonly key: string;
  readonly #options: TopicOptions;
  readonly #viewers = new Set<TopicViewer>();
  readonly #ring: FrameRing;
  #reply: MetricReply | undefined;
  #replyTail: string | undefined;
  #refusal: Problem | undefined;
  #isFailing = false;
  #running: AbortController | undefined;
  #nextAtMs = 0;
  /** How long before that it was set: no clock that is set back makes it longer. */
  #restMs = 0;
  /** When the watermark was last seen to move. */
  #newsAtMs: number;
  readonly #bornAtMs: number;
  #isStale = false;
  #cancelTick: (() => void) | undefined;
  #cancelStale: (() => void) | undefined;
  #cancelLinger: (() => void) | undefined;

  constructor(key: string, options: TopicOptions) {
    this.key = key;
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
    this.#cancelTick = clock.after(Math.min(this.#restMs, this.#nextAtMs - clock.now()), () => {
      void this.#tick();
    });
  }

  async #tick(): Promise<void> {
    const { clock, gate } = this.#options;
    const abort = new AbortController();
    this.#running = abort;
    const leave = await gate.enter(this.#options.territoryId);
    const startedAtMs = clock.now();
    if (!abort.signal.aborted) await this.#evaluate(abort, startedAtMs);
    leave();
    this.#running = undefined;
    this.#schedule();
  }

  async #evaluate(abort: AbortController, startedAtMs: number): Promise<void> {
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
      this.#restFor(Math.max(LIVE_TICK_MS, REST_FACTOR * tookMs) - tookMs);
      this.#take(reply);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#fail(error);
    } finally {
      cancelTimeout();
    }
  }

  #take(reply: MetricReply): void {
    const previous = this.#reply;
    this.#reply = reply;
    this.#replyTail = undefined;
    this.#refusal = undefined;
    this.#isFailing = false;
    const { asOf, watermark } = reply.meta;
    const hasNews = previous === undefined ? watermark !== null : (watermark ?? 0) > (previous.meta.watermark ?? 0);
    if (hasNews) {
      this.#isStale = false;
      const now = this.#options.clock.now();
      // The first answer tells how long there has been no news; afterwards it was seen to move.
      this.#newsAtMs = previous === undefined ? now - Math.max(0, asOf - (watermark ?? asOf)) : now;
    }
    this.#tell(previous, reply);
    if (hasNews || previous === undefined) this.#watchForNews();
  }

  #tell(previous: MetricReply | undefined, reply: MetricReply): void {
    const delta = previous === undefined ? undefined : diffReplies(previous, reply);
    if (delta === undefined) {
      const tail = (this.#replyTail = tailOf(reply));
      this.#publish({ event: 'snapshot', sequence: this.#options.numbers.next(), tail });
    } else {
      this.#publish(this.#frame('delta', delta));
    }
    const closed = previous === undefined ? undefined : closedSpan(previous, reply);
    if (closed !== undefined) this.#publish(this.#frame('seal', closed));
  }

  #fail(error: unknown): void {
    const { refusalOf, onFailure } = this.#options;
    const refusal = refusalOf(error);
    if (refusal === undefined) {
      this.#restFor(LIVE_TICK_MS);
      // Viewers are told nothing they could take for an answer; that there is no news they learn by `stale`.
      if (!this.#isFailing) onFailure(error);
      this.#isFailing = true;
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
