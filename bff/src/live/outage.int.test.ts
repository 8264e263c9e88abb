import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalStore } from '../features/metrics/testing/local-store.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { REQUEST, single, viewer } from './testing/live-identity.ts';
import { WatchedStore, startReadingSide } from './testing/reading-side.ts';
import { RecordingSink } from './testing/recording-sink.ts';

const VIEWERS = 40;
const OUTAGE_S = 120;

describe('a store that is away for minutes, with no tail to answer from', () => {
  const clock = new ManualClock(Date.parse('2026-11-20T12:00:00Z'));
  let local: LocalStore;

  before(async () => {
    local = await LocalStore.start(clock.now, 1);
    await local.write([
      { fact: 'call_metrics.call', timeMs: clock.nowMs - 60_000, values: { direction: 'inbound', n: 1, eid: 'a' } },
      {
        fact: 'system_metrics.source',
        timeMs: clock.nowMs - 10_000,
        values: { source: 's', worker: 'w', received: 1, rejected: 0, last_ms: clock.nowMs - 1_000 },
      },
    ]);
  });
  after(() => local.close());

  for (const kind of ['throttle', 'error'] as const) {
    it(`by "${kind}": says so with its age, is asked little, and comes back without a stampede`, async (t) => {
      const store = new WatchedStore(local.store);
      const { hub } = startReadingSide(store, clock, () => undefined);
      const pass = async (seconds: number): Promise<number> => {
        const before = store.queries;
        for (let second = 0; second < seconds; second += 1) {
          await clock.pass(1_000);
          do await delay(1);
          while (store.underWay > 0);
        }
        return store.queries - before;
      };
      const sinks = Array.from({ length: VIEWERS }, (_, index) => {
        const sink = new RecordingSink();
        hub.open(viewer({ sub: String(index) }), single({ ...REQUEST, range: { last: '30m' } })).start(sink, undefined);
        return sink;
      });
      const usual = await pass(20);
      const newest = sinks[0]?.frames.findLast(({ event }) => event === 'delta' || event === 'snapshot');
      assert.ok(newest?.event === 'delta' || newest?.event === 'snapshot');
      local.setFaults({ faults: [{ operation: 'Query', kind }], visibilityLagMs: 0 });
      const meanwhile = await pass(OUTAGE_S);
      local.setFaults({ faults: [], visibilityLagMs: 0 });
      const afterwards = await pass(20);
      for (const { frames, events } of sinks) {
        const stale = frames.find((frame) => frame.event === 'stale');
        assert.equal(stale?.event === 'stale' ? stale.since : 0, newest.meta.watermark);
        assert.equal(events.at(-1), 'delta', 'and goes on where it was');
      }
      // As many questions as one viewer asks, fewer while nothing is answered, no more than ever when it is again.
      t.diagnostic(JSON.stringify({ usual, meanwhile, afterwards }));
      assert.ok(meanwhile / OUTAGE_S <= usual / 20, `${String(meanwhile)} in the outage, ${String(usual)} before`);
      assert.ok(afterwards <= usual + 5, `${String(afterwards)} after, ${String(usual)} before`);
      hub.drain();
    });
  }
});
