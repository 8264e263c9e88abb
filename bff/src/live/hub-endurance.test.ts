import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Identity } from '../auth/identity.ts';
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

beforeEach(() => {
  clock = new ManualClock();
  metrics = new FakeMetrics(clock.now);
  hub = new LiveHub({ service: metrics, clock, onFailure: () => undefined });
});

interface Watching {
  readonly stream: LiveStream;
  readonly sink: RecordingSink;
}

function watch(identity: Identity, subscriptions: readonly AskedSubscription[] = single()): Watching {
  const stream = hub.open(identity, subscriptions);
  const sink = new RecordingSink();
  stream.start(sink, undefined);
  return { stream, sink };
}

const ofHours = (hours: number): typeof REQUEST => ({ ...REQUEST, range: { last: `${String(hours)}h` } });

describe('a territory', () => {
  it('that asks for much leaves the store open to the others', async () => {
    metrics.pause = new Promise(() => undefined);
    for (let index = 0; index < 12; index += 1) watch(viewer({ sub: String(index) }), single(ofHours(index + 1)));
    await clock.pass(100);
    watch(viewer({ territoryId: 102 }));
    await clock.pass(100);
    assert.equal(metrics.evaluations.at(-1)?.identity.territoryId, 102);
  });
});

describe('a clock that is set', () => {
  for (const [name, byMs] of [
    ['back', -3_600_000],
    ['forward', 3_600_000],
  ] as const) {
    it(`${name} during an evaluation does not hold the topic`, async () => {
      const answer = Promise.withResolvers<undefined>();
      metrics.pause = answer.promise;
      const { sink } = watch(viewer());
      await clock.pass(1_500);
      clock.set(byMs);
      answer.resolve(undefined);
      // The longest that an evaluation may have taken, and the rest after it.
      await clock.pass(45_000);
      const frames = sink.frames.length;
      await clock.pass(3_000);
      assert.ok(sink.frames.length >= frames + 2, sink.events.join());
    });
  }

  it('back does not end the heartbeats', async () => {
    const { sink } = watch(viewer());
    await clock.pass(16_000);
    clock.set(-3_600_000);
    const { heartbeats } = sink;
    await clock.pass(34_000);
    assert.ok(sink.heartbeats >= heartbeats + 2);
  });
});

describe('a slow viewer', () => {
  it('gets the snapshots of a page as it takes them', async () => {
    const subscriptions = ['a', 'b', 'c'].map((id, index) => ({ id, ask: ofHours(index + 1) }));
    watch(viewer(), subscriptions);
    await clock.pass(0);
    const stream = hub.open(viewer({ sub: 'slow' }), subscriptions);
    const sink = new RecordingSink();
    let takenBytes = 0;
    sink.pendingBytes = () => sink.frames.length * 800_000 - takenBytes;
    stream.start(sink, undefined);
    await clock.pass(2_000);
    assert.deepEqual(sink.events, ['snapshot', 'snapshot']);
    takenBytes = Number.MAX_SAFE_INTEGER;
    await clock.pass(1_000);
    assert.ok(sink.frames.some((frame) => frame.event === 'snapshot' && frame.request === 'c'));
  });
});

describe('a token', () => {
  it('that its ticket outlived shows nothing', async () => {
    watch(viewer());
    await clock.pass(0);
    const { sink } = watch(viewer({ expiresAtSeconds: clock.nowMs / 1_000 }));
    assert.deepEqual(sink.events, ['bye']);
    assert.equal(sink.endedWith, 'expired');
  });
});
