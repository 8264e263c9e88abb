import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askingDashboard, namedDashboard } from '../timestream/asking-dashboard.ts';
import { LiveHub } from './hub.ts';
import { FakeMetrics } from './testing/fake-metrics.ts';
import { REQUEST, single, viewer } from './testing/live-identity.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { RecordingSink } from './testing/recording-sink.ts';

test('what a board is the first to watch is counted for it, tick after tick, and for no other', async () => {
  const clock = new ManualClock();
  const metrics = new FakeMetrics(clock.now);
  const counted: [string, string | undefined][] = [];
  const hub = new LiveHub({
    service: {
      query: (request, identity, signal) => {
        counted.push([JSON.stringify(request.range), askingDashboard()]);
        return metrics.query(request, identity, signal);
      },
    },
    clock,
    onFailure: (error) => assert.fail(String(error)),
  });
  hub.open(viewer(), single(), 'floor').start(new RecordingSink(), undefined);
  hub.open(viewer({ sub: 'other' }), single(), 'second').start(new RecordingSink(), undefined);
  const wide = single({ ...REQUEST, range: { last: '3h' } });
  hub.open(viewer(), wide).start(new RecordingSink(), undefined);
  await clock.pass(1_000);
  const of = (range: string): readonly (string | undefined)[] =>
    counted.flatMap(([asked, dashboard]) => (asked.includes(range) ? [dashboard] : []));
  assert.deepEqual(new Set(of('"3h"')), new Set([undefined]));
  const own = counted.flatMap(([asked, dashboard]) => (asked.includes('"3h"') ? [] : [dashboard]));
  assert.ok(own.length >= 2);
  assert.deepEqual(new Set(own), new Set(['floor']));
});

test('only an id names a board', () => {
  assert.equal(namedDashboard('floor_1-a'), 'floor_1-a');
  for (const header of [undefined, '', 'a b', 'ä', 'x'.repeat(65), 'a,b']) {
    assert.equal(namedDashboard(header), undefined);
  }
});
