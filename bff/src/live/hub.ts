import { randomBytes } from 'node:crypto';
import { DEFAULT_MAX_STREAMS, PLATFORM_TERRITORY_ID } from '@lumina/contracts';
import type { Permission } from '@lumina/contracts';
import type { Identity } from '../auth/identity.ts';
import { rowProblemOf } from '../features/metrics/index.ts';
import type { MetricService, RowService } from '../features/metrics/index.ts';
import { endingProblem, retryAfterShutdownMs } from '../http/ending.ts';
import { HttpProblem } from '../http/problem.ts';
import { forDashboard } from '../timestream/asking-dashboard.ts';
import { announce } from './announcements.ts';
import type { Announcement, NewsSource } from './announcements.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { EvaluationGate } from './evaluation-gate.ts';
import { FrameEncoder, FrameNumbers } from './frame.ts';
import { toFrameProblem } from './live-request.ts';
import type { AskedSubscription } from './live-request.ts';
import { LiveStream } from './stream.ts';
import type { SubscriptionSource } from './stream.ts';
import { canonicalScope, topicKey, topicSubject } from './topic-key.ts';
import type { TopicSubject } from './topic-key.ts';
import { Topic } from './topic.ts';
import { RowWatch, permissionsOfRows } from './watched-rows.ts';
import type { TopicReply } from './watched-rows.ts';

/** What a hub needs. */
export interface LiveHubOptions {
  readonly service: Pick<MetricService, 'query'>;
  /** Answers for rows that are watched; without it none can be. */
  readonly rows?: Pick<RowService, 'query'>;
  /** The first of a row of failed evaluations of one topic. */
  readonly onFailure: (error: unknown) => void;
  readonly clock?: Clock;
  /** Whether the rights of an identity are still those it was let in with; a body or a first message may come late. */
  readonly isCurrent?: (identity: Identity) => boolean;
  /** Live connections that one person of a territory may have. */
  readonly maxStreamsOf?: (territoryId: number) => number;
  /** Where the alerts are, for streams that begin. */
  readonly news?: NewsSource;
}

/** Whose streams end; what is absent is no limit, but not both may be. */
export interface Revocation {
  readonly sub?: string;
  readonly territoryId?: number;
}

/** Evaluations at a time: each reads with up to eight connections of the store. */
const MAX_EVALUATIONS = 8;
/** So that a territory that asks for much leaves places for the others. */
const MAX_EVALUATIONS_PER_TERRITORY = 6;
/** How often streams are looked after: often enough that a slow store does not make a connection look dead. */
const CARE_MS = 2_000;
const MAX_SUBSCRIPTIONS_PER_IDENTITY = 200;
const RATE_RETRY_SECONDS = '5';
/** What a stream may be shown because of; with less, a new token cannot let it go on. */
const WATCHING_PERMISSIONS: readonly Permission[] = ['metrics:read', 'directory:read', 'system:read'];

function changedMeanwhile(): HttpProblem {
  return new HttpProblem('overloaded', 'Your rights have changed in the meantime; ask again.', {
    headers: { 'Retry-After': '1' },
  });
}

/** All live connections of a process and what they watch. */
export class LiveHub {
  readonly #service: Pick<MetricService, 'query'>;
  readonly #rows: Pick<RowService, 'query'> | undefined;
  readonly #onFailure: (error: unknown) => void;
  readonly #clock: Clock;
  readonly #isCurrent: (identity: Identity) => boolean;
  readonly #maxStreamsOf: (territoryId: number) => number;
  readonly #news: NewsSource;
  readonly #numbers = new FrameNumbers();
  readonly #encoder = new FrameEncoder();
  readonly #gate = new EvaluationGate(MAX_EVALUATIONS, MAX_EVALUATIONS_PER_TERRITORY);
  readonly #topics = new Map<string, Topic>();
  readonly #streams = new Map<string, LiveStream>();
  #cancelCare: (() => void) | undefined;
  #isDraining = false;

  constructor({
    service,
    rows,
    onFailure,
    clock = systemClock,
    isCurrent = () => true,
    maxStreamsOf = () => DEFAULT_MAX_STREAMS,
    news = () => [],
  }: LiveHubOptions) {
    this.#service = service;
    this.#rows = rows;
    this.#onFailure = onFailure;
    this.#clock = clock;
    this.#isCurrent = isCurrent;
    this.#maxStreamsOf = maxStreamsOf;
    this.#news = news;
  }

  /**
   * Opens a stream, to be started once its connection stands. What it is the first to ask is counted for `dashboard`.
   * Throws `rate_limited` or `overloaded`.
   */
  open(identity: Identity, subscriptions: readonly AskedSubscription[], dashboard?: string): LiveStream {
    this.#assertRoom(identity, subscriptions.length);
    const stream = new LiveStream({
      id: randomBytes(16).toString('base64url'),
      identity,
      sources: subscriptions.map((subscription) => this.#sourceOf(identity, subscription, dashboard)),
      clock: this.#clock,
      numbers: this.#numbers,
      encoder: this.#encoder,
      news: () => this.#news(identity),
      onClosed: ({ id }) => {
        this.#streams.delete(id);
        if (this.#streams.size === 0) this.#cancelCare?.();
      },
    });
    if (this.#streams.size === 0) this.#careLater();
    this.#streams.set(stream.id, stream);
    return stream;
  }

  /** Lets a stream go on with a new token of the same identity; until when, epoch ms. Throws `not_found`, `forbidden`. */
  extend(streamId: string, identity: Identity): number {
    const stream = this.#streams.get(streamId);
    // What another territory watches is as if it were not there.
    if (stream?.identity.territoryId !== identity.territoryId)
      throw new HttpProblem('not_found', 'There is no such stream any more; open a new one.');
    if (!isSameViewer(stream.identity, identity))
      throw new HttpProblem('forbidden', 'This token is of another identity than the stream; open a new one.');
    stream.extend(identity.expiresAtSeconds);
    return stream.expiresAtMs;
  }

  /** Something of these territories was stored: what is watched of them is evaluated soon. */
  wake(territoryIds: ReadonlySet<number>): void {
    for (const topic of this.#topics.values()) if (territoryIds.has(topic.territoryId)) topic.wake();
  }

  /** What the answers of a territory depend on besides facts has changed: all that is watched of it is evaluated at once. */
  reconsider(territoryId: number): void {
    for (const topic of this.#topics.values()) if (topic.territoryId === territoryId) topic.reconsider();
  }

  /** Tells the streams of a territory that may hear it. */
  announce(announcement: Announcement): void {
    announce(this.#streams.values(), announcement, this.#numbers);
  }

  /**
   * Ends the streams of a person, of a territory, or of a person in a territory at once: what they were allowed has changed.
   * @returns how many.
   */
  revoke({ sub, territoryId }: Revocation): number {
    if (sub === undefined && territoryId === undefined) return 0;
    const concerned = [...this.#streams.values()].filter(
      ({ identity }) =>
        (sub === undefined || identity.sub === sub) &&
        (territoryId === undefined || identity.territoryId === territoryId),
    );
    for (const stream of concerned) stream.end('revoked', 0);
    return concerned.length;
  }

  /** Says goodbye to everyone; afterwards no stream opens any more. */
  drain(): void {
    this.#isDraining = true;
    for (const stream of this.#streams.values()) stream.end('shutdown', retryAfterShutdownMs());
    for (const topic of this.#topics.values()) topic.close();
    this.#topics.clear();
  }

  #assertRoom(identity: Identity, wanted: number): void {
    if (this.#isDraining) throw endingProblem();
    if (!this.#isCurrent(identity)) throw changedMeanwhile();
    const own = [...this.#streams.values()].filter(
      ({ identity: other }) => other.sub === identity.sub && other.territoryId === identity.territoryId,
    );
    const asked = own.reduce((sum, { size }) => sum + size, wanted);
    if (own.length < this.#maxStreamsOf(identity.territoryId) && asked <= MAX_SUBSCRIPTIONS_PER_IDENTITY) return;
    throw new HttpProblem('rate_limited', 'Too many live connections are open; close some.', {
      headers: { 'Retry-After': RATE_RETRY_SECONDS },
    });
  }

  #sourceOf(
    identity: Identity,
    { id, ask, rows }: AskedSubscription,
    dashboard: string | undefined,
  ): SubscriptionSource {
    if (ask instanceof HttpProblem) return { id, source: ask };
    const subject = topicSubject(identity, ask, rows);
    const missing = permissionsOfRows(rows).find((permission) => !identity.permissions.includes(permission));
    if (missing !== undefined)
      return { id, source: new HttpProblem('forbidden', `These rows need the permission ${missing}.`) };
    if (rows !== undefined && this.#rows === undefined)
      return { id, source: new HttpProblem('invalid_request', 'Rows cannot be watched here.') };
    if (ask.territory === 'platform' && !subject.identity.permissions.includes('system:read')) {
      const detail = 'Metrics of the platform need the permission system:read.';
      return { id, source: new HttpProblem('forbidden', detail) };
    }
    return { id, source: this.#topicOf(subject, dashboard) };
  }

  #topicOf(subject: TopicSubject, dashboard: string | undefined): Topic {
    const key = topicKey(subject);
    const { identity, request } = subject;
    const known = this.#topics.get(key);
    if (known !== undefined) return known;
    const topic: Topic = new Topic(key, {
      clock: this.#clock,
      numbers: this.#numbers,
      gate: this.#gate,
      territoryId: request.territory === 'platform' ? PLATFORM_TERRITORY_ID : identity.territoryId,
      evaluate: this.#evaluatorOf(subject, dashboard),
      refusalOf: (error) => {
        const problem = rowProblemOf(error);
        return problem instanceof HttpProblem && problem.status < 500 ? toFrameProblem(problem) : undefined;
      },
      onFailure: this.#onFailure,
      onAbandoned: () => {
        topic.close();
        this.#topics.delete(key);
      },
    });
    this.#topics.set(key, topic);
    return topic;
  }

  #evaluatorOf(
    { identity, request, rows }: TopicSubject,
    dashboard: string | undefined,
  ): (signal: AbortSignal) => Promise<TopicReply> {
    const answer = (signal: AbortSignal): Promise<TopicReply> =>
      forDashboard(dashboard, () => this.#service.query(request, identity, signal));
    if (rows === undefined || this.#rows === undefined) return answer;
    const watch = new RowWatch(this.#rows, this.#clock, rows, identity);
    return async (signal) => {
      const [reply, part] = await Promise.all([answer(signal), watch.read(signal)]);
      return { ...reply, rows: part.rows, meta: { ...reply.meta, rows: part.meta } };
    };
  }

  #careLater(): void {
    this.#cancelCare = this.#clock.after(CARE_MS, () => {
      for (const stream of this.#streams.values()) stream.care();
      if (this.#streams.size > 0) this.#careLater();
    });
  }
}

/** Whether a token may take the place of another: same person, same place, same rows, no right of the stream lost. */
function isSameViewer(one: Identity, other: Identity): boolean {
  const keeps = (permission: Permission): boolean =>
    other.permissions.includes(permission) || !one.permissions.includes(permission);
  return (
    one.sub === other.sub &&
    one.territoryId === other.territoryId &&
    one.regionId === other.regionId &&
    canonicalScope(one.scope) === canonicalScope(other.scope) &&
    WATCHING_PERMISSIONS.every(keeps)
  );
}
