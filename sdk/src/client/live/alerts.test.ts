import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { settled } from '../../testing/fake-managers.ts';
import type { LuminaAlert } from '../alerts.ts';
import { LiveBench } from '../testing/live-bench.ts';

afterEach(() => {
  LiveBench.endAll();
});

const alert = (ruleId: string, state: LuminaAlert['state'], since: number): LuminaAlert => ({
  ruleId,
  state,
  since,
  value: 50,
  name: `Rule ${ruleId}`,
  metric: 'queue_service_level',
  severity: 'critical',
});

test('alerts reach whoever listens, once each, and what was over before is no news', async () => {
  const bench = new LiveBench();
  const told: string[] = [];
  let changes = 0;
  bench.client.alerts.onAlert(({ ruleId, state }) => told.push(`${ruleId} ${state}`));
  bench.client.alerts.subscribe(() => {
    changes += 1;
  });
  await bench.opened('call_count');
  const { stream } = bench.server;
  const send = async (...alerts: readonly LuminaAlert[]): Promise<void> => {
    stream.send(...alerts.map((one, index) => ({ event: 'alert', id: `other-${String(index)}`, ...one })));
    await settled();
  };
  await send(alert('a', 'alerting', 1), alert('b', 'normal', 2));
  assert.deepEqual(told, ['a alerting']);
  await send(alert('a', 'alerting', 1), alert('c', 'alerting', 3));
  assert.deepEqual(told, ['a alerting', 'c alerting']);
  assert.deepEqual(
    bench.client.alerts.firing.map(({ ruleId }) => ruleId),
    ['c', 'a'],
  );
  await send(alert('a', 'normal', 9));
  assert.deepEqual(told.at(-1), 'a normal');
  assert.deepEqual(
    bench.client.alerts.firing.map(({ ruleId }) => ruleId),
    ['c'],
  );
  assert.equal(changes, 4);
  assert.equal(bench.phase, 'open');
});

test('a frame that is no whole alert is passed over', async () => {
  const bench = new LiveBench();
  await bench.opened('call_count');
  bench.server.stream.send({ event: 'alert', id: 'other-1', ruleId: 'a', state: 'alerting' });
  await settled();
  assert.deepEqual(bench.client.alerts.firing, []);
  assert.equal(bench.phase, 'open');
});

async function told(bench: LiveBench, ...alerts: readonly LuminaAlert[]): Promise<void> {
  bench.server.stream.send(...alerts.map((one, index) => ({ event: 'alert', id: `other-${String(index)}`, ...one })));
  await settled();
}

const firing = ({ client }: LiveBench): readonly string[] => client.alerts.firing.map(({ ruleId }) => ruleId);

test('after a gap, what is not told again is over: the rule is gone, or out of sight', async () => {
  const bench = new LiveBench();
  const heard: string[] = [];
  bench.client.alerts.onAlert(({ ruleId, state, value }) => heard.push(`${ruleId} ${state} ${String(value)}`));
  await bench.opened('call_count');
  await told(bench, alert('a', 'alerting', 1), alert('b', 'alerting', 2));
  bench.server.stream.breakOff();
  await bench.pass(2_000);
  bench.answer();
  await told(bench, alert('b', 'alerting', 2));
  assert.equal(bench.phase, 'open');
  assert.deepEqual(firing(bench), ['b', 'a']);
  for (let seconds = 0; seconds < 10; seconds += 2) {
    await bench.pass(2_000);
    bench.change(seconds);
    await settled();
  }
  assert.deepEqual(firing(bench), ['b']);
  assert.deepEqual(heard, ['a alerting 50', 'b alerting 50', 'a normal null']);
});

test('where nothing is heard any more, nothing is claimed', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  await told(bench, alert('a', 'alerting', 1));
  watched?.watch.stop();
  await bench.pass(1_000);
  assert.equal(bench.phase, 'idle');
  assert.deepEqual(firing(bench), []);
});
