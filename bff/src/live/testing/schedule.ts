import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataRow, Fact, LiveTailRecord, MetricQueryRequest, MetricReply } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import { MetricService } from '../../features/metrics/index.ts';
import { storeScanReaders } from '../../features/metrics/scans/store-scan-reader.ts';
import { DrawnRequests } from '../../features/metrics/testing/drawn-requests.ts';
import { drawBeats } from '../../features/metrics/testing/drawn-beats.ts';
import { FactWriter } from '../../features/metrics/testing/fact-writer.ts';
import type { LocalStore } from '../../features/metrics/testing/local-store.ts';
import { TailWriter, VersionedStore } from '../../features/metrics/testing/versioned-store.ts';
import { seeded } from '../../features/metrics/testing/world.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../features/metrics/time/grid.ts';
import type { LiveStream } from '../stream.ts';
import { FollowedReply } from './followed-reply.ts';
import { viewer } from './live-identity.ts';
import type { ManualClock } from './manual-clock.ts';
import { WatchedStore, directory, rowsOf, startReadingSide } from './reading-side.ts';
import type { ReadingSide } from './reading-side.ts';
import { RecordingSink } from './recording-sink.ts';

const QUERIES = 3;
const SUBSCRIPTIONS = 2;
const MOST_DELAYED = 3;
/** The longest that an instant is shared, and that a slow topic rests. */
const ALL_ASKED_MS = 14_000;

/** Everyone who may look, with rows of their own. */
const VIEWERS: readonly Identity[] = [
  { permissions: ['metrics:read', 'system:read'] as const },
  { territoryId: 202 },
  { scope: { queues: ['a'] } },
  { scope: { queues: ['b', "it's"], agents: ['a'] } },
  { scope: { teams: ['a', 'b'] } },
  { scope: { queues: [] } },
].map((more, index) => viewer({ sub: `viewer ${String(index)}`, permissions: ['metrics:read'], ...more }));

interface Connection {
  stream: LiveStream;
  sink: RecordingSink;
  /** Frames of the connection that were looked at. */
  taken: number;
}

interface Watcher extends Connection {
  readonly identity: Identity;
  readonly requests: readonly { readonly id: string; readonly request: MetricQueryRequest }[];
  readonly replies: ReadonlyMap<string, FollowedReply>;
}

/** What a subscription must have come to. */
interface Reference {
  readonly reply: MetricReply;
  readonly rows?: readonly DataRow[];
}

/** What a run has seen, to know that it was not idle. */
export interface ScheduleCounts {
  readonly asked: number;
  live: number;
  compared: number;
  points: number;
  deltas: number;
  /** Rows of those who wait. */
  waiting: number;
  restarts: number;
}

/**
 * One randomised run of a regional BFF over a real store, at a clock of its own: writes as ingestion makes them, their tail
 * with delays, overtaking and losses, queries and live subscriptions, restarts. Whatever is answered must equal what a
 * service without any memory reads from the store.
 */
export class Schedule {
  readonly clock: ManualClock;
  readonly #chance;
  readonly #local: LocalStore;
  readonly #store: WatchedStore;
  readonly #writer: FactWriter;
  readonly #tail = new TailWriter();
  readonly #truth = new VersionedStore();
  readonly #requests: DrawnRequests;
  readonly #failures: unknown[] = [];
  readonly counts: ScheduleCounts;
  #delayed: LiveTailRecord[] = [];
  #process: ReadingSide;
  #watchers: Watcher[] = [];
  #isTailSilent = false;
  #writtenMs = 0;

  constructor(
    local: LocalStore,
    clock: ManualClock,
    { seed, firstMeasure }: { readonly seed: number; readonly firstMeasure: number },
  ) {
    this.clock = clock;
    this.#local = local;
    this.#chance = seeded(seed);
    this.#store = new WatchedStore(local.store);
    this.#writer = new FactWriter(local.writer);
    const requests = (this.#requests = new DrawnRequests(this.#chance));
    requests.asked = firstMeasure;
    this.counts = {
      get asked() {
        return requests.asked;
      },
      live: 0,
      compared: 0,
      points: 0,
      deltas: 0,
      waiting: 0,
      restarts: 0,
    };
    this.#process = this.#start();
  }

  /** Writes a past, so that there is something to ask for. */
  async begin(facts: number): Promise<void> {
    await this.#write(facts, { fromMs: this.clock.nowMs - 26 * HOUR_MS, toMs: this.clock.nowMs });
    await this.#write(facts, { fromMs: this.clock.nowMs - 2 * HOUR_MS, toMs: this.clock.nowMs });
    this.#openAll();
  }

  /** One step: time passes, something happens, somebody asks. */
  async step(): Promise<void> {
    const chance = this.#chance;
    if (chance(7) === 0) this.#isTailSilent = !this.#isTailSilent;
    await this.#pass(1_000 * (1 + chance(chance(8) === 0 ? 60 : 6)));
    const backMs = [MINUTE_MS, MINUTE_MS, 20 * MINUTE_MS, 2 * HOUR_MS, DAY_MS][chance(5)] ?? MINUTE_MS;
    for (let count = 1 + chance(3); count > 0; count -= 1) {
      const facts = await this.#write(chance(20), { fromMs: this.clock.nowMs - backMs, toMs: this.clock.nowMs });
      this.#publish(facts);
    }
    if (chance(10) === 0) await this.#restart();
    if (chance(6) === 0) this.#reconnect();
    // Asked while some of it is not yet known here: the answer is nobody's, what is remembered of it is everybody's.
    if (chance(2) === 0) await this.#askMeanwhile();
    if (chance(2) === 0) return;
    if (this.#isTailSilent) this.#isTailSilent = chance(2) === 0;
    this.#deliverAll();
    if (this.#process.fold.isLive) this.counts.live += 1;
    await this.#compare();
  }

  /** Ends everything; whatever failed on the way comes out. */
  async end(): Promise<void> {
    this.#isTailSilent = false;
    this.#deliverAll();
    await this.#compare();
    await this.#pass(ALL_ASKED_MS);
    this.#compareLive(await this.#referencesOf(this.#watchers));
    this.#process.hub.drain();
    await this.#settle();
    assert.deepEqual(this.#failures, []);
  }

  #start(): ReadingSide {
    // Nothing is shared for a while: what the store is asked for is what it holds then.
    const memory = { shareMs: 0, maxAgeMs: 1 };
    return startReadingSide(this.#store, this.clock, (error) => this.#failures.push(error), memory);
  }

  #openAll(): void {
    this.#watchers = VIEWERS.map((identity) => {
      const requests = Array.from({ length: SUBSCRIPTIONS }, (_, index) => ({
        id: String(index),
        request: this.#request(identity),
      }));
      const watcher = {
        identity,
        requests,
        replies: new Map(requests.map(({ id }) => [id, new FollowedReply()])),
        ...this.#open(identity, requests, undefined),
      };
      return watcher;
    });
  }

  #request(identity: Identity): MetricQueryRequest {
    const request = this.#requests.next(this.clock.nowMs, QUERIES);
    // Without the right to see the platform there is no answer at all.
    return identity.permissions.includes('system:read') ? request : { ...request, territory: 'own' };
  }

  #open(identity: Identity, requests: Watcher['requests'], resume: string | undefined): Connection {
    // One of them watches who waits besides.
    const asked = requests.map(({ id, request }, index) => ({
      id,
      ask: request,
      ...(index === 0 ? { rows: { rows: 'waiting' as const } } : {}),
    }));
    const sink = new RecordingSink();
    const stream = this.#process.hub.open(identity, asked);
    stream.start(sink, resume);
    return { stream, sink, taken: 0 };
  }

  async #restart(): Promise<void> {
    this.#process.hub.drain();
    await this.#settle();
    this.#process = this.#start();
    this.counts.restarts += 1;
    this.#openAll();
    this.#deliverAll();
    await this.#askMeanwhile();
  }

  /** Somebody's connection breaks, and is opened again where it was. */
  #reconnect(): void {
    const watcher = this.#watchers[this.#chance(this.#watchers.length)];
    if (watcher === undefined) return;
    this.#follow(watcher);
    watcher.stream.close();
    Object.assign(watcher, this.#open(watcher.identity, watcher.requests, watcher.sink.lastId));
  }

  async #write(count: number, span: { fromMs: number; toMs: number }): Promise<Fact[]> {
    const chance = this.#chance;
    const territoryId = [101, 101, 101, 202, 0][chance(5)] ?? 101;
    const drawn = this.#truth.draw({ chance, territoryId }, count, span);
    const beats = drawBeats(chance, territoryId, { fromMs: span.toMs - 30_000, toMs: span.toMs });
    const facts = [...drawn, ...beats];
    const published = this.#truth.store(facts);
    await this.#writer.write(facts);
    this.#writtenMs = this.clock.nowMs;
    return published;
  }

  #publish(facts: readonly Fact[]): void {
    const record = this.#tail.record(facts, this.clock.nowMs - 1_000);
    // Some are lost; nobody can know before a later one comes.
    if (this.#chance(10) === 0) return;
    this.#delayed.push(record);
    if (this.#isTailSilent) return;
    if (this.#chance(4) === 0) this.#delayed.reverse();
    while (this.#delayed.length > MOST_DELAYED || (this.#delayed.length > 0 && this.#chance(2) === 0))
      this.#take(this.#delayed.shift());
  }

  #deliverAll(): void {
    if (this.#isTailSilent) return;
    for (const record of this.#delayed.splice(0)) this.#take(record);
    this.#take(this.#tail.record([], this.clock.nowMs - 500));
  }

  #take(record: LiveTailRecord | undefined): void {
    if (record === undefined) return;
    this.#process.fold.take({ records: [record] });
    this.#process.hub.wake(new Set(record.facts.map(({ territoryId }) => territoryId)));
  }

  /** Lets time pass, with a sign of life of the tail every second. */
  async #pass(durationMs: number): Promise<void> {
    const endMs = this.clock.nowMs + durationMs;
    while (this.clock.nowMs < endMs) {
      if (!this.#isTailSilent && this.#delayed.length === 0) this.#take(this.#tail.record([], this.clock.nowMs - 500));
      await this.clock.pass(Math.min(1_000, endMs - this.clock.nowMs));
      await this.#settle();
    }
  }

  /** Lets everything under way come to its end. */
  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < 2;) {
      await delay(0);
      quiet = this.#store.underWay > 0 ? 0 : quiet + 1;
    }
  }

  /** Asks, and writes and publishes while the answer is on its way. */
  async #askMeanwhile(): Promise<void> {
    const asking = this.#ask();
    this.#publish(await this.#write(30, { fromMs: this.clock.nowMs - 10 * MINUTE_MS, toMs: this.clock.nowMs }));
    this.#deliverAll();
    await asking;
  }

  async #ask(): Promise<{ reply: MetricReply; request: MetricQueryRequest; identity: Identity }> {
    const identity = VIEWERS[this.#chance(VIEWERS.length)] ?? viewer();
    const request = this.#request(identity);
    return { reply: await this.#process.service.query(request, identity), request, identity };
  }

  async #compare(): Promise<void> {
    // A tail that has just fallen silent is not known to be: what is answered meanwhile is what it told last.
    if (this.#isTailSilent && this.#process.fold.isLive) return;
    for (let count = 0; count < 2; count += 1) {
      const { reply, request, identity } = await this.#ask();
      this.#equal(reply, await this.#reference(request, identity, reply.meta.asOf), { request, identity });
    }
    if (this.#chance(2) === 0) return;
    for (let waitedMs = 0; waitedMs < ALL_ASKED_MS && this.#lags(); waitedMs += 1_000) await this.#pass(1_000);
    this.#compareLive(await this.#referencesOf(this.#watchers));
  }

  /** Whether some subscription has not been answered since something was last written. */
  #lags(): boolean {
    return this.#watchers.some((watcher) => {
      this.#follow(watcher);
      return [...watcher.replies.values()].some(
        ({ reply }) =>
          reply !== undefined && Math.min(reply.meta.asOf, reply.meta.rows?.asOf ?? Infinity) <= this.#writtenMs,
      );
    });
  }

  async #referencesOf(watchers: readonly Watcher[]): Promise<Map<FollowedReply, Reference>> {
    const references = new Map<FollowedReply, Reference>();
    for (const watcher of watchers) {
      this.#follow(watcher);
      for (const { id, request } of watcher.requests) {
        const followed = watcher.replies.get(id);
        if (followed?.reply === undefined) continue;
        const { asOf, rows } = followed.reply.meta;
        references.set(followed, {
          reply: await this.#reference(request, watcher.identity, asOf),
          ...(rows === undefined ? {} : { rows: await this.#waiting(watcher.identity, rows.asOf) }),
        });
      }
    }
    return references;
  }

  #compareLive(references: ReadonlyMap<FollowedReply, Reference>): void {
    for (const watcher of this.#watchers) {
      for (const { id, request } of watcher.requests) {
        const followed = watcher.replies.get(id);
        const expected = followed === undefined ? undefined : references.get(followed);
        if (expected === undefined || followed?.reply === undefined) continue;
        const about = { request, identity: watcher.identity, by: 'frames' };
        this.#equal(followed.reply, expected.reply, about);
        assert.deepEqual(followed.reply.rows, expected.rows, JSON.stringify(about));
        this.counts.waiting += expected.rows?.length ?? 0;
      }
    }
  }

  #follow(watcher: Watcher): void {
    for (const frame of watcher.sink.frames.slice(watcher.taken)) {
      if (frame.event === 'delta') this.counts.deltas += 1;
      if ('request' in frame) watcher.replies.get(frame.request ?? '')?.take(frame);
    }
    watcher.taken = watcher.sink.frames.length;
  }

  /** Who waits, as a service that remembers nothing reads it from the store; the wait itself is not watched. */
  async #waiting(identity: Identity, asOfMs: number): Promise<readonly DataRow[]> {
    const { store } = this.#local;
    const service = rowsOf(store, storeScanReaders(store), () => asOfMs);
    const { rows } = await service.query({ rows: 'waiting' }, identity);
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'wait_ms')) as DataRow);
  }

  /** What a service that remembers nothing reads from the store. */
  #reference(request: MetricQueryRequest, identity: Identity, asOfMs: number): Promise<MetricReply> {
    const service = new MetricService({
      readers: storeScanReaders(this.#local.store),
      directory,
      clock: () => asOfMs,
    });
    return service.query(request, identity);
  }

  #equal(actual: MetricReply, expected: MetricReply, about: object): void {
    const comparable = ({ data, aggregations, errors, meta }: MetricReply): unknown => {
      const { bin, from, to, timeZone, asOf, definitions } = meta;
      return { data, aggregations, errors, meta: { bin, from, to, timeZone, asOf, definitions } };
    };
    this.counts.compared += 1;
    this.counts.points += expected.data.reduce(
      (sum, { points }) => sum + points.filter(([, value]) => value !== null && value !== 0).length,
      0,
    );
    assert.deepEqual(
      comparable(actual),
      comparable(expected),
      JSON.stringify({ ...about, isLive: this.#process.fold.isLive, at: new Date(this.clock.nowMs) }),
    );
  }
}
