import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricId, MetricReply } from '@lumina/contracts';
import { coveredUntilMs, tileViewOf } from './tile-view.ts';

const MINUTE_MS = 60_000;
const FROM_MS = Date.UTC(2026, 0, 1, 10, 0, 40);
const FIRST_BUCKET_MS = Date.UTC(2026, 0, 1, 10);

/** A reply in buckets of a minute, the first of which begins 40 s before the range. */
function replyOf(metric: MetricId, values: readonly (number | null)[], aggregations: MetricReply['aggregations'] = []) {
  const points = values.map((value, index): [number, number | null] => [FIRST_BUCKET_MS + index * MINUTE_MS, value]);
  const toMs = FROM_MS + (values.length - 1) * MINUTE_MS;
  return {
    data: [{ ref: 'A', metric, group: {}, points }],
    aggregations,
    errors: [],
    meta: {
      bin: '1m',
      from: FROM_MS,
      to: toMs,
      timeZone: 'Europe/London',
      asOf: toMs,
      watermark: toMs,
      cache: { state: 'miss', fetched: 1 },
      definitions: {},
    },
  } satisfies MetricReply;
}

function drawn(reply: MetricReply, metric: MetricId, stat?: 'average' | 'now'): readonly (number | null)[] {
  return tileViewOf(reply, { metrics: [metric], stat }).series.flatMap(({ points }) =>
    points.map(([, value]) => value),
  );
}

test('a bucket of which the range holds only the end is not drawn where values add up', () => {
  assert.deepEqual(drawn(replyOf('call_count', [3, 10, 10, 4]), 'call_count'), [10, 10, 4]);
});

test('a first bucket that lies within the range is drawn', () => {
  const reply = replyOf('call_count', [9, 10, 4]);
  assert.deepEqual(drawn({ ...reply, meta: { ...reply.meta, from: FIRST_BUCKET_MS } }, 'call_count'), [9, 10, 4]);
});

test('means, shares and levels are as true of a part of a bucket and stay whole', () => {
  for (const metric of ['call_duration', 'call_answer_rate', 'queue_service_level', 'longest_wait'] as const) {
    assert.deepEqual(drawn(replyOf(metric, [3, 10, 4]), metric), [3, 10, 4]);
  }
  for (const stat of ['average', 'now'] as const) {
    assert.deepEqual(drawn(replyOf('queue_depth', [3, 10, 4]), 'queue_depth', stat), [3, 10, 4]);
  }
});

test('a range within one bucket still shows that bucket', () => {
  assert.deepEqual(drawn(replyOf('call_count', [3]), 'call_count'), [3]);
});

test('the number over the range counts the part of the bucket that is not drawn', () => {
  const total = { ref: 'A', metric: 'call_count', group: {}, value: 27, num: 27, den: 1 };
  const view = tileViewOf(replyOf('call_count', [3, 10, 10, 4], [total]), { metrics: ['call_count'], stat: undefined });
  assert.equal(view.series[0]?.total, 27);
  assert.equal(view.openFromMs, FIRST_BUCKET_MS + 3 * MINUTE_MS);
});

test('an answer is as old as the last arrival, not as the question', () => {
  const reply = replyOf('call_count', [3, 10, 4]);
  const at = (watermark: number | null) => coveredUntilMs({ ...reply, meta: { ...reply.meta, watermark } });
  assert.equal(at(reply.meta.asOf - 40_000), reply.meta.asOf - 40_000);
  assert.equal(at(reply.meta.asOf + 5_000), reply.meta.asOf);
  assert.equal(at(null), reply.meta.from);
});

const total = (metric: MetricId, group: Record<string, string>, value: number, compare?: '1d') => ({
  ...{ ref: 'A', metric, group, value, num: value, den: 1 },
  ...(compare === undefined ? {} : { compare }),
});

test('a compared range lies beside its series and is no series of its own', () => {
  const reply = replyOf('call_count', [3, 10, 4], [total('call_count', {}, 17), total('call_count', {}, 30, '1d')]);
  const before = replyOf('call_count', [1, 20, 9]).data.map((one) => ({ ...one, compare: '1d' as const }));
  const view = tileViewOf({ ...reply, data: [...reply.data, ...before] }, { metrics: ['call_count'], stat: undefined });
  assert.equal(view.compare, '1d');
  assert.equal(view.series.length, 1);
  assert.equal(view.series[0]?.total, 17);
  assert.equal(view.series[0].compareTotal, 30);
  assert.deepEqual(
    view.series[0].comparePoints?.map(([, value]) => value),
    [20, 9],
  );
});

test('a queue that was there only in the compared range is not shown', () => {
  const reply = replyOf('call_count', [3], [total('call_count', { queue_id: 'old' }, 30, '1d')]);
  assert.deepEqual(
    tileViewOf(reply, { metrics: ['call_count'], stat: undefined }).series.map(({ value }) => value),
    [''],
  );
});

test('several metrics come in the order asked, each with its unit and direction', () => {
  const calls = replyOf('call_count', [3, 10], [total('call_count', { queue_id: 'q1' }, 13)]);
  const rates = replyOf('call_answer_rate', [90, 80]);
  const reply = { ...calls, data: [...calls.data, ...rates.data] };
  const view = tileViewOf(reply, { metrics: ['call_answer_rate', 'call_count'], stat: undefined });
  assert.deepEqual(
    view.series.map(({ metric, unit, better, value, total: whole }) => [metric, unit, better, value, whole]),
    [
      ['call_answer_rate', '%', 'higher', '', 80],
      ['call_count', 'count', 'neutral', '', 10],
      ['call_count', 'count', 'neutral', 'q1', 13],
    ],
  );
  assert.deepEqual(
    view.metrics.map(({ id }) => id),
    ['call_answer_rate', 'call_count'],
  );
  assert.equal(view.unit, '%');
  assert.equal(new Set(view.series.map(({ key }) => key)).size, 3);
});
