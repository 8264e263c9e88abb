import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { LiveFrame } from '@lumina/contracts';
import type { Identity } from '../auth/identity.ts';
import { HttpProblem } from '../http/problem.ts';
import { LiveHub } from './hub.ts';
import type { AskedSubscription } from './live-request.ts';
import type { LiveStream } from './stream.ts';
import { FakeMetrics } from './testing/fake-metrics.ts';
import { REQUEST, single, viewer } from './testing/live-identity.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { RecordingSink } from './testing/recording-sink.ts';

let clock: ManualClock;
let metrics: FakeMetrics;
let hub: LiveHub;
let failures: unknown[];

beforeEach(() => {
  clock = new ManualClock();
  metrics = new FakeMetrics(clock.now);
  failures = [];
  hub = new LiveHub({ service: metrics, clock, onFailure: (error) => failures.push(error) });
});

interface Watching {
  readonly stream: LiveStream;
  readonly sink: RecordingSink;
}

function watch(
  options: { identity?: Identity; subscriptions?: readonly AskedSubscription[]; resume?: string } = {},
): Watching {
  const stream = hub.open(options.identity ?? viewer(), options.subscriptions ?? single());
  const sink = new RecordingSink();
  stream.start(sink, options.resume);
  return { stream, sink };
}

/** The frames that hold numbers, as the values of the first point. */
function numbersOf(frames: readonly LiveFrame[]): (number | null | undefined)[] {
  return frames.flatMap((frame) =>
    frame.event === 'snapshot' || frame.event === 'delta' ? [frame.data[0]?.points[0]?.[1]] : [],
  );
}

describe('a topic', () => {
  it('sends a snapshot, then a delta every second, changed or not', async () => {
    metrics.pointsOf.set(101, [[0, 7]]);
    const { sink } = watch();
    await clock.pass(0);
    await clock.pass(2_000);
    assert.deepEqual(sink.events, ['snapshot', 'delta', 'delta']);
    assert.deepEqual(numbersOf(sink.frames), [7, undefined, undefined]);
    const [, , last] = sink.frames;
    assert.equal(last?.event === 'delta' ? last.meta.asOf : 0, clock.nowMs);
  });

  it('is evaluated once a second, however many watch, and writes each frame once for them all', async () => {
    const viewers = Array.from({ length: 20 }, (_, index) => watch({ identity: viewer({ sub: `u${String(index)}` }) }));
    await clock.pass(3_000);
    assert.equal(metrics.evaluations.length, 4);
    const [first, second] = viewers;
    assert.ok(first && second);
    assert.equal(first.sink.written.length, 4);
    assert.ok(first.sink.written.every((bytes, index) => bytes === second.sink.written[index]));
  });

  it('gives a later viewer the last answer at once, in a snapshot of its own', async () => {
    watch();
    await clock.pass(2_500);
    const late = watch({ identity: viewer({ sub: 'late' }) });
    assert.deepEqual(late.sink.events, ['snapshot']);
    assert.deepEqual(numbersOf(late.sink.frames), [3]);
    await clock.pass(500);
    assert.deepEqual(numbersOf(late.sink.frames), [3, 4]);
  });

  it('takes requests for the same whatever the order of their keys', async () => {
    watch();
    watch({ subscriptions: single({ queries: [{ metrics: ['call_count'], ref: 'A' }], range: { last: '1h' } }) });
    await clock.pass(0);
    assert.equal(metrics.evaluations.length, 1);
  });

  it('rests for twice as long as an evaluation took, and never has two at a time', async () => {
    const answer = Promise.withResolvers<undefined>();
    metrics.pause = answer.promise;
    watch();
    await clock.pass(2_000);
    assert.equal(metrics.evaluations.length, 1);
    answer.resolve(undefined);
    await clock.pass(3_900);
    assert.equal(metrics.evaluations.length, 1);
    await clock.pass(200);
    assert.equal(metrics.evaluations.length, 2);
  });

  it('stops when its last viewer leaves, and is there for a few seconds for the next', async () => {
    const { stream } = watch();
    await clock.pass(1_000);
    stream.close();
    const evaluations = metrics.evaluations.length;
    await clock.pass(4_000);
    assert.equal(metrics.evaluations.length, evaluations);
    const again = watch();
    assert.deepEqual(again.sink.events, ['snapshot']);
    await clock.pass(0);
    assert.equal(metrics.evaluations.length, evaluations + 1);
    again.stream.close();
    await clock.pass(10_000);
    assert.equal(clock.pending, 0);
    assert.deepEqual(watch().sink.events, []);
  });

  it('gives up an evaluation that nobody waits for, and one that never ends', async () => {
    metrics.pause = new Promise(() => undefined);
    const { stream } = watch();
    await clock.pass(0);
    stream.close();
    assert.equal(metrics.evaluations[0]?.signal?.aborted, true);
    assert.deepEqual(failures, []);
    watch();
    await clock.pass(16_000);
    assert.equal(failures.length, 1);
    metrics.pause = undefined;
    await clock.pass(1_000);
    assert.ok(metrics.evaluations.length > 2);
  });

  it('lets no more evaluations run at a time than the store can bear', async () => {
    const answer = Promise.withResolvers<undefined>();
    metrics.pause = answer.promise;
    for (let index = 0; index < 12; index += 1) {
      watch({ identity: viewer({ territoryId: index + 1, sub: String(index) }) });
    }
    await clock.pass(100);
    assert.equal(metrics.evaluations.length, 8);
    answer.resolve(undefined);
    await clock.pass(100);
    assert.equal(metrics.evaluations.length, 12);
  });

  it('says which buckets closed', async () => {
    metrics.pointsOf.set(101, [[0, 1]]);
    const { sink } = watch();
    await clock.pass(0);
    metrics.pointsOf.set(101, [
      [0, 1],
      [60_000, 0],
    ]);
    await clock.pass(1_000);
    const seal = sink.frames.at(-1);
    assert.deepEqual(seal?.event === 'seal' ? [seal.from, seal.to] : [], [0, 60_000]);
  });
});

describe('no territory and no scope', () => {
  const others: readonly [string, Partial<Identity>][] = [
    ['another territory', { territoryId: 102 }],
    ['another region', { regionId: 2 }],
    ['a scope', { scope: { queues: ['q1'] } }],
    ['an empty scope', { scope: {} }],
    ['a scope of nothing', { scope: { queues: [] } }],
  ];
  for (const [name, more] of others) {
    it(`shares a topic with ${name}`, async () => {
      watch();
      const other = watch({ identity: viewer(more) });
      await clock.pass(1_000);
      assert.equal(metrics.evaluations.length, 4);
      assert.deepEqual(numbersOf(other.sink.frames), [2, 4]);
    });
  }

  it('is answered by what another may see, even when both ask at once', async () => {
    metrics.pointsOf.set(101, [[0, 101]]);
    metrics.pointsOf.set(102, [[0, 102]]);
    const one = watch();
    const two = watch({ identity: viewer({ territoryId: 102 }) });
    await clock.pass(0);
    assert.deepEqual([numbersOf(one.sink.frames), numbersOf(two.sink.frames)], [[101], [102]]);
    // An id of the other's frames opens nothing.
    const thief = watch({ identity: viewer({ territoryId: 102, sub: 'thief' }), resume: one.sink.lastId });
    assert.deepEqual(numbersOf(thief.sink.frames), [102]);
  });

  it('differs by the order in which its scope is written', async () => {
    watch({ identity: viewer({ scope: { queues: ['q1', 'q2'] } }) });
    watch({ identity: viewer({ scope: { queues: ['q2', 'q1', 'q1'] } }) });
    await clock.pass(0);
    assert.equal(metrics.evaluations.length, 1);
  });

  it('is evaluated with rights that its viewers do not all have', async () => {
    const admin = viewer({ sub: 'root', permissions: ['metrics:read', 'system:read', 'users:write'] });
    watch({ identity: admin });
    watch();
    watch({ identity: admin, subscriptions: single({ ...REQUEST, territory: 'platform' }) });
    const refused = watch({ subscriptions: single({ ...REQUEST, territory: 'platform' }) });
    await clock.pass(0);
    assert.deepEqual(
      metrics.evaluations.map(({ identity }) => identity.permissions),
      [['metrics:read'], ['metrics:read', 'system:read']],
    );
    const [problem] = refused.sink.frames;
    assert.equal(problem?.event === 'problem' ? problem.problem.code : '', 'forbidden');
  });
});

describe('a store without news', () => {
  it('is told once as stale after five seconds, with the last watermark, and ends with the next news', async () => {
    const { sink } = watch();
    await clock.pass(1_000);
    const lastMs = clock.nowMs;
    metrics.error = new Error('The store is away.');
    await clock.pass(12_000);
    assert.deepEqual(sink.events, ['snapshot', 'delta', 'stale']);
    const stale = sink.frames.at(-1);
    assert.equal(stale?.event === 'stale' ? stale.since : 0, lastMs);
    assert.equal(failures.length, 1);
    metrics.error = undefined;
    await clock.pass(3_000);
    assert.equal(sink.events[3], 'delta');
    metrics.error = new Error('Again.');
    await clock.pass(6_000);
    assert.equal(sink.events.filter((event) => event === 'stale').length, 2);
  });

  it('is stale though it answers, as long as its watermark stands still', async () => {
    metrics.watermark = clock.nowMs;
    const { sink } = watch();
    await clock.pass(8_000);
    assert.equal(sink.events.filter((event) => event === 'stale').length, 1);
    assert.equal(sink.events.filter((event) => event === 'delta').length, 8);
  });

  it('whose news is old already is stale from the start, also for who comes later', async () => {
    metrics.watermark = clock.nowMs - 60_000;
    const first = watch();
    await clock.pass(0);
    assert.deepEqual(first.sink.events, ['snapshot', 'stale']);
    assert.deepEqual(watch().sink.events, ['snapshot', 'stale']);
  });

  it('is stale also before its first answer', async () => {
    metrics.error = new Error('The store is away.');
    const bornMs = clock.nowMs;
    const { sink } = watch();
    await clock.pass(5_000);
    const [stale] = sink.frames;
    assert.equal(stale?.event === 'stale' ? stale.since : 0, bornMs);
    metrics.error = undefined;
    await clock.pass(3_000);
    assert.deepEqual(sink.events.slice(0, 2), ['stale', 'snapshot']);
  });
});

describe('a subscription that cannot be answered', () => {
  it('is told as a problem, while the others of the page go on', async () => {
    const subscriptions: AskedSubscription[] = [
      { id: 'good', ask: REQUEST },
      { id: 'bad', ask: new HttpProblem('invalid_request', 'No such zone.') },
    ];
    const { sink } = watch({ subscriptions });
    await clock.pass(1_000);
    assert.deepEqual(
      sink.frames.map((frame) => [frame.event, 'request' in frame ? frame.request : undefined]),
      [
        ['problem', 'bad'],
        ['snapshot', 'good'],
        ['delta', 'good'],
      ],
    );
  });

  it('is looked at again now and then, and told anew only if it changed', async () => {
    metrics.error = new HttpProblem('invalid_request', 'The range lies in the future.');
    const { sink } = watch();
    await clock.pass(59_000);
    assert.deepEqual(sink.events, ['problem']);
    assert.equal(metrics.evaluations.length, 2);
    assert.deepEqual(watch().sink.events, ['problem']);
    metrics.error = undefined;
    await clock.pass(2_000);
    assert.deepEqual(sink.events.slice(0, 2), ['problem', 'snapshot']);
  });
});

describe('a viewer who comes back', () => {
  it('gets exactly what it missed', async () => {
    const stays = watch();
    await clock.pass(2_000);
    const leaves = watch();
    await clock.pass(1_000);
    leaves.stream.close();
    await clock.pass(3_000);
    const back = watch({ resume: leaves.sink.lastId });
    await clock.pass(1_000);
    const all = [...leaves.sink.frames, ...back.sink.frames].slice(1).map(({ id }) => id);
    assert.deepEqual(
      all,
      stays.sink.frames.slice(3).map(({ id }) => id),
    );
    assert.equal(new Set(all).size, all.length);
  });

  it('gets a snapshot when it was away for too long, or says an id that means nothing here', async () => {
    watch();
    const { sink, stream } = watch();
    await clock.pass(1_000);
    stream.close();
    await clock.pass(90_000);
    for (const resume of [sink.lastId, '', '0', 'x'.repeat(120), '1-2-3', `${sink.lastId}0`, '000000000000-1-abc']) {
      assert.deepEqual(watch({ resume }).sink.events, ['snapshot'], resume);
    }
  });

  it('gets snapshots when it watches something else than before', async () => {
    const other = { ...REQUEST, range: { last: '2h' } };
    const keeps = watch({
      subscriptions: [
        { id: 'a', ask: REQUEST },
        { id: 'b', ask: other },
      ],
    });
    const { sink } = watch({ subscriptions: [{ id: 'a', ask: REQUEST }] });
    await clock.pass(1_000);
    const grown = watch({
      subscriptions: [
        { id: 'a', ask: REQUEST },
        { id: 'b', ask: other },
      ],
      resume: sink.lastId,
    });
    assert.deepEqual(grown.sink.events, ['snapshot', 'snapshot']);
    const same = watch({
      subscriptions: [
        { id: 'b', ask: other },
        { id: 'a', ask: REQUEST },
      ],
      resume: keeps.sink.lastId,
    });
    assert.deepEqual(same.sink.events, []);
  });

  it('gets snapshots when the connection broke before it had everything', async () => {
    const subscriptions: AskedSubscription[] = [
      { id: 'a', ask: REQUEST },
      { id: 'b', ask: { ...REQUEST, range: { last: '2h' } } },
    ];
    watch({ subscriptions });
    await clock.pass(1_000);
    const { sink } = watch({ subscriptions });
    const [first] = sink.frames;
    await clock.pass(1_000);
    const again = watch({ subscriptions, resume: first?.id ?? '' });
    assert.deepEqual(again.sink.events, ['snapshot', 'snapshot']);
  });
});

describe('a slow viewer', () => {
  it('is sent nothing while it takes nothing, then the newest snapshot', async () => {
    const { sink, stream } = watch();
    await clock.pass(1_000);
    sink.pending = 2_000_000;
    await clock.pass(5_000);
    assert.deepEqual(sink.events, ['snapshot', 'delta']);
    sink.pending = 0;
    stream.care();
    assert.deepEqual(sink.events, ['snapshot', 'delta', 'snapshot']);
    assert.equal(numbersOf(sink.frames).at(-1), metrics.evaluations.length);
    await clock.pass(1_000);
    assert.equal(sink.events.at(-1), 'delta');
  });

  it('does not learn later what it can resume from before it has it', async () => {
    const { sink, stream } = watch();
    await clock.pass(1_000);
    sink.pending = 2_000_000;
    await clock.pass(1_000);
    sink.pending = 0;
    const keptId = sink.lastId;
    stream.close();
    // What it has is whole up to there; what was dropped comes from the ring.
    assert.deepEqual(watch({ resume: keptId }).sink.events, ['delta']);
  });

  it('is told goodbye after half a minute', async () => {
    const { sink } = watch();
    await clock.pass(1_000);
    sink.pending = 2_000_000;
    await clock.pass(31_000);
    assert.equal(sink.endedWith, 'slow');
    assert.equal(sink.events.at(-1), 'bye');
  });
});

describe('a token', () => {
  const lasting = (seconds: number): Identity => viewer({ expiresAtSeconds: clock.nowMs / 1_000 + seconds });

  it('is asked for half a minute before it expires, and ends the stream when it does', async () => {
    const { sink, stream } = watch({ identity: lasting(100) });
    await clock.pass(69_000);
    assert.ok(!sink.events.includes('reauth'));
    await clock.pass(1_000);
    const reauth = sink.frames.find(({ event }) => event === 'reauth');
    assert.deepEqual(reauth?.event === 'reauth' ? [reauth.stream, reauth.expiresAt] : [], [
      stream.id,
      clock.nowMs + 30_000,
    ]);
    await clock.pass(29_000);
    assert.equal(sink.endedWith, undefined);
    await clock.pass(1_000);
    assert.equal(sink.endedWith, 'expired');
    const bye = sink.frames.at(-1);
    assert.deepEqual(bye?.event === 'bye' ? [bye.reason, bye.retryMs] : [], ['expired', 0]);
    await clock.pass(10_000);
    assert.equal(clock.pending, 0);
  });

  it('that is short is asked for halfway', async () => {
    const { sink } = watch({ identity: lasting(20) });
    await clock.pass(10_000);
    assert.equal(sink.events.filter((event) => event === 'reauth').length, 1);
  });

  it('of the same identity lets the stream go on, and is asked for again', async () => {
    const { sink, stream } = watch({ identity: lasting(60) });
    await clock.pass(40_000);
    assert.equal(hub.extend(stream.id, lasting(100)), clock.nowMs + 100_000);
    await clock.pass(60_000);
    assert.equal(sink.endedWith, undefined);
    await clock.pass(20_000);
    assert.equal(sink.events.filter((event) => event === 'reauth').length, 2);
    await clock.pass(20_000);
    assert.equal(sink.endedWith, 'expired');
  });

  it('of anyone else is refused', () => {
    const { stream } = watch({ identity: viewer({ scope: { queues: ['q1'] } }) });
    for (const other of [
      viewer(),
      viewer({ scope: { queues: ['q1'] }, sub: 'other' }),
      viewer({ scope: { queues: ['q1', 'q2'] } }),
    ]) {
      assert.throws(() => hub.extend(stream.id, other), { code: 'forbidden' });
    }
    const neighbour = viewer({ scope: { queues: ['q1'] }, territoryId: 102 });
    assert.throws(() => hub.extend(stream.id, neighbour), { code: 'not_found' });
    assert.throws(() => hub.extend('unknown', viewer()), { code: 'not_found' });
    hub.extend(stream.id, viewer({ scope: { queues: ['q1'] } }));
  });
});

describe('a hub', () => {
  it('bounds the streams and the subscriptions of an identity, and of no other', () => {
    const streams = Array.from({ length: 20 }, () => watch().stream);
    assert.throws(() => watch(), { code: 'rate_limited' });
    watch({ identity: viewer({ sub: 'other' }) });
    streams[0]?.close();
    watch();
    const page = Array.from({ length: 24 }, (_, index): AskedSubscription => ({ id: String(index), ask: REQUEST }));
    const busy = viewer({ sub: 'busy' });
    for (let count = 0; count < 8; count += 1) watch({ identity: busy, subscriptions: page });
    assert.throws(() => watch({ identity: busy, subscriptions: page }), { code: 'rate_limited' });
  });

  it('shows life every fifteen seconds while somebody watches', async () => {
    const { sink, stream } = watch();
    await clock.pass(50_000);
    assert.equal(sink.heartbeats, 3);
    assert.equal(sink.signsOfLife, 0);
    stream.close();
    await clock.pass(45_000);
    assert.equal(clock.pending, 0);
  });

  it('shows that a connection lives while the store says nothing', async () => {
    metrics.error = new Error('The store is away.');
    const { sink } = watch();
    await clock.pass(20_000);
    assert.deepEqual(sink.events, ['stale']);
    assert.ok(sink.signsOfLife >= 8);
  });

  it('says goodbye to all when it ends, and lets nobody in', async () => {
    const { sink } = watch();
    await clock.pass(1_000);
    hub.drain();
    const bye = sink.frames.at(-1);
    assert.ok(bye?.event === 'bye' && bye.reason === 'shutdown' && bye.retryMs >= 200 && bye.retryMs <= 1_500);
    assert.equal(sink.endedWith, 'shutdown');
    assert.equal(clock.pending, 0);
    assert.throws(() => watch(), { code: 'overloaded' });
  });
});
