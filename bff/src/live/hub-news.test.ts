import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { LiveHub } from './hub.ts';
import type { LiveStream } from './stream.ts';
import { FakeMetrics } from './testing/fake-metrics.ts';
import { REQUEST, single, viewer } from './testing/live-identity.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { RecordingSink } from './testing/recording-sink.ts';

let clock: ManualClock;
let metrics: FakeMetrics;
let hub: LiveHub;

beforeEach(() => {
  clock = new ManualClock();
  metrics = new FakeMetrics(clock.now);
  hub = new LiveHub({ service: metrics, clock, onFailure: () => undefined });
});

function watch(identity = viewer(), subscriptions = single()): { stream: LiveStream; sink: RecordingSink } {
  const stream = hub.open(identity, subscriptions);
  const sink = new RecordingSink();
  stream.start(sink, undefined);
  return { stream, sink };
}

const wake = (...territoryIds: number[]): void => {
  hub.wake(new Set(territoryIds));
};

describe('news of a territory', () => {
  it('are answered at once where the last answer is old enough', async () => {
    const { sink } = watch();
    await clock.pass(600);
    wake(101);
    await clock.pass(0);
    assert.deepEqual(sink.events, ['snapshot', 'delta']);
    await clock.pass(999);
    assert.equal(sink.events.length, 2, 'the next frame is due a second after the last');
    await clock.pass(1);
    assert.equal(sink.events.length, 3);
  });

  it('that keep coming are answered together, twice a second', async () => {
    watch();
    await clock.pass(0);
    for (let count = 0; count < 1_000; count += 1) {
      wake(101);
      await clock.pass(9);
    }
    assert.equal(metrics.evaluations.length, 1 + 9_000 / 450);
  });

  it('that change nothing are not told before a frame is due', async () => {
    metrics.pointsOf.set(101, [[0, 7]]);
    const { sink } = watch();
    await clock.pass(500);
    wake(101);
    await clock.pass(499);
    assert.deepEqual([metrics.evaluations.length, sink.events], [2, ['snapshot']]);
    await clock.pass(1);
    assert.deepEqual(sink.events, ['snapshot', 'delta']);
    metrics.pointsOf.set(101, [[0, 8]]);
    await clock.pass(500);
    wake(101);
    await clock.pass(0);
    assert.deepEqual(sink.events, ['snapshot', 'delta', 'delta']);
  });

  it('wake nobody else, and the platform only by its own', async () => {
    const root = viewer({ permissions: ['metrics:read', 'system:read'] });
    watch();
    watch(root, single({ ...REQUEST, territory: 'platform' }));
    await clock.pass(500);
    wake(102, 202);
    await clock.pass(0);
    assert.equal(metrics.evaluations.length, 2);
    wake(0);
    await clock.pass(0);
    assert.deepEqual(
      metrics.evaluations.map(({ request }) => request.territory),
      [undefined, 'platform', 'platform'],
    );
  });

  it('that come while an answer is made are answered after it', async () => {
    const answer = Promise.withResolvers<undefined>();
    watch();
    await clock.pass(500);
    metrics.pause = answer.promise;
    wake(101);
    await clock.pass(10);
    wake(101);
    metrics.pause = undefined;
    answer.resolve(undefined);
    await clock.pass(439);
    assert.equal(metrics.evaluations.length, 2);
    await clock.pass(1);
    assert.equal(metrics.evaluations.length, 3);
  });

  it('do not make a store be asked more often, which is asked ever less often while memory cannot answer', async () => {
    metrics.fetched = 1;
    const { sink } = watch();
    for (let count = 0; count < 600; count += 1) {
      await clock.pass(100);
      wake(101);
    }
    assert.ok(metrics.evaluations.length >= 20 && metrics.evaluations.length <= 26, String(metrics.evaluations.length));
    assert.equal(sink.events.filter((event) => event === 'stale').length, 0);
    metrics.fetched = 0;
    await clock.pass(5_000);
    const before = metrics.evaluations.length;
    await clock.pass(5_000);
    assert.equal(metrics.evaluations.length, before + 5);
  });

  it('do not make a store be asked more often that fails, which is asked ever less often', async () => {
    watch();
    await clock.pass(0);
    metrics.error = new Error('The store is away.');
    for (let count = 0; count < 600; count += 1) {
      await clock.pass(100);
      wake(101);
    }
    assert.ok(metrics.evaluations.length <= 26, String(metrics.evaluations.length));
    metrics.error = undefined;
    await clock.pass(5_000);
    wake(101);
    const before = metrics.evaluations.length;
    await clock.pass(450);
    assert.equal(metrics.evaluations.length, before + 1);
  });
});

describe('a revocation', () => {
  it('ends the streams of a person, of a territory, or of a person in one, at once, and no others', () => {
    const open = (sub: string, territoryId: number): RecordingSink => watch(viewer({ sub, territoryId })).sink;
    const sinks = [open('a', 101), open('a', 202), open('b', 101), open('b', 202), open('c', 303)];
    const ended = (): number[] => sinks.flatMap(({ endedWith }, index) => (endedWith === 'revoked' ? [index] : []));
    assert.equal(hub.revoke({}), 0, 'nobody is meant');
    assert.equal(hub.revoke({ sub: 'nobody' }), 0);
    assert.equal(hub.revoke({ sub: 'a', territoryId: 101 }), 1);
    assert.deepEqual(ended(), [0]);
    assert.equal(hub.revoke({ territoryId: 202 }), 2);
    assert.deepEqual(ended(), [0, 1, 3]);
    assert.equal(hub.revoke({ sub: 'b' }), 1);
    assert.deepEqual(ended(), [0, 1, 2, 3]);
    const bye = sinks[0]?.frames.at(-1);
    assert.deepEqual(bye?.event === 'bye' ? [bye.reason, bye.retryMs] : [], ['revoked', 0]);
  });
});
