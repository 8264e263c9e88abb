import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DashboardSchema, LiveFrameSchema, MetricReplySchema, SessionSchema } from '@lumina/contracts/schemas';
import type { LiveFrame, MetricReply } from '@lumina/contracts';
import Schema from 'typebox/value';
import { FakeBff } from './fake-bff.ts';
import { FAKE_DASHBOARDS } from './fake-bff-dashboards.ts';
import { fakeEntries } from './fake-bff-directory.ts';

const API = 'http://api.example';

function queryOf(query: object): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify({ range: { last: '1h' }, bin: '1m', queries: [{ ref: 'A', ...query }] }),
  };
}

async function ask(bff: FakeBff, query: object): Promise<MetricReply> {
  const reply = await bff.fetch(`${API}/api/metrics/query`, queryOf(query));
  return JSON.parse(await reply.text()) as MetricReply;
}

/** Reads frames of one live connection as they come. */
async function liveOf(bff: FakeBff, query: object): Promise<() => Promise<LiveFrame>> {
  const reply = await bff.fetch(`${API}/api/live`, queryOf(query));
  assert.ok(reply.body);
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  return async () => {
    const { value = '' } = await reader.read();
    const data = /^data: (.*)$/mu.exec(value)?.[1];
    assert.ok(data, 'the stream has ended');
    return JSON.parse(data) as LiveFrame;
  };
}

test('the fake answers in the shapes of the contract', async () => {
  for (const scenario of ['live', 'empty', 'late', 'stale', 'refused'] as const) {
    const bff = new FakeBff({ scenario });
    const reply = await ask(bff, { metrics: ['call_count'], groupBy: ['direction'], compare: '1d', top: 2 });
    assert.deepEqual([...Schema.Errors(MetricReplySchema, reply)], [], scenario);
  }
  const session = await new FakeBff().fetch(`${API}/api/session`);
  assert.deepEqual([...Schema.Errors(SessionSchema, JSON.parse(await session.text()))], []);
});

test('its dashboards are dashboards', async () => {
  const bff = new FakeBff();
  const list = JSON.parse(await (await bff.fetch(`${API}/api/dashboards`)).text());
  assert.deepEqual(
    list.items.map(({ id }: { id: string }) => id),
    FAKE_DASHBOARDS.map(({ id }) => id),
  );
  const one = JSON.parse(await (await bff.fetch(`${API}/api/dashboards/queues`)).text());
  assert.deepEqual([...Schema.Errors(DashboardSchema, one.body)], []);
  assert.equal((await bff.fetch(`${API}/api/dashboards/none`)).status, 404);
});

test('a live connection begins with a snapshot; a pushed value is a delta of that bucket alone', async () => {
  const bff = new FakeBff({ nowMs: () => Date.UTC(2026, 2, 2, 10, 0, 30), tickMs: 0 });
  const next = await liveOf(bff, { metrics: ['call_count'] });
  const snapshot = await next();
  assert.equal(snapshot.event, 'snapshot');
  bff.put('call_count', 4242);
  const delta = await next();
  assert.ok(delta.event === 'delta');
  assert.deepEqual(delta.data[0]?.points, [[Date.UTC(2026, 2, 2, 10, 0), 4242]]);
  assert.equal(delta.aggregations[0]?.value, 4242);
  for (const frame of [snapshot, delta]) assert.deepEqual([...Schema.Errors(LiveFrameSchema, frame)], []);
  bff.endLive();
  assert.equal((await next()).event, 'bye');
  assert.equal(bff.liveCount, 0);
});

test('single metrics behave on their own', async () => {
  const bff = new FakeBff({
    scenarios: { call_count: 'zero', queue_depth: 'denied', occupancy: { values: [1, null, 3], total: 2 } },
  });
  const zero = await ask(bff, { metrics: ['call_count'] });
  assert.ok(zero.data[0]?.points.every(([, value]) => value === 0));
  const denied = await ask(bff, { metrics: ['queue_depth'] });
  assert.equal(denied.errors[0]?.code, 'out_of_scope');
  const given = await ask(bff, { metrics: ['occupancy'] });
  assert.deepEqual(
    given.data[0]?.points.slice(-3).map(([, value]) => value),
    [1, null, 3],
  );
  assert.equal(given.aggregations[0]?.value, 2);
});

test('many groups, filters and the rest of a top', async () => {
  const bff = new FakeBff({ directory: { queues: fakeEntries('queue', 40) } });
  const all = await ask(bff, { metrics: ['queue_depth'], groupBy: ['queue_id'] });
  assert.equal(all.data.length, 40);
  const top = await ask(bff, { metrics: ['queue_depth'], groupBy: ['queue_id'], top: 5 });
  assert.equal(top.data.length, 6);
  assert.deepEqual(top.data.at(-1)?.group, { queue_id: 'other' });
  const filters = [{ dim: 'queue_id', op: 'in', values: ['queue_002', 'queue_003'] }];
  assert.equal((await ask(bff, { metrics: ['queue_depth'], groupBy: ['queue_id'], filters })).data.length, 2);
});

test('a clock that starts where the test says, and moves when told', async () => {
  const startMs = Date.UTC(2026, 2, 2, 10);
  const bff = new FakeBff({ startMs, tickMs: 0 });
  bff.advance(60_000);
  const { meta } = await ask(bff, { metrics: ['call_count'] });
  assert.ok(meta.asOf >= startMs + 60_000 && meta.asOf < startMs + 120_000);
});
