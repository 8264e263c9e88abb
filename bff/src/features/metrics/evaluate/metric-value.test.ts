import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LATENCY_BUCKET_EDGES_MS, metricDefinition } from '@lumina/contracts';
import { metricValue } from './metric-value.ts';
import { quantileOf } from './quantile.ts';
import { serviceLevelOptions } from './service-level.ts';

const options = serviceLevelOptions({});

test('a ratio with an empty denominator is null, not zero', () => {
  const { stats } = metricDefinition('call_duration');
  assert.ok(stats.average);
  assert.deepEqual(metricValue(stats.average, [0, 0], options), { value: null, num: 0, den: 0 });
  assert.deepEqual(metricValue(stats.average, [12_345, 1], options), { value: 12.345, num: 12_345, den: 1 });
});

test('parts that stand both above and below the line are read once', () => {
  const { stats } = metricDefinition('occupancy');
  assert.ok(stats.average);
  const { value, num, den } = metricValue(stats.average, [30, 10, 60, 999], options);
  assert.deepEqual({ value, num, den }, { value: 40, num: 40, den: 100 });
});

test('what is unknown stays unknown', () => {
  const { stats } = metricDefinition('queue_depth');
  assert.ok(stats.now);
  assert.deepEqual(metricValue(stats.now, null, options), { value: null, num: null, den: null });
});

test('a quantile lies in the bucket of its rank, in proportion', () => {
  const counts = LATENCY_BUCKET_EDGES_MS.map(() => 0);
  counts[0] = 50;
  counts[10] = 50;
  assert.equal(quantileOf(counts, 0.5), 1);
  const [low = 0, high = 0] = LATENCY_BUCKET_EDGES_MS.slice(9, 11);
  assert.equal(quantileOf(counts, 0.75), low + (high - low) / 2);
  assert.equal(quantileOf(counts, 1), high);
  assert.equal(
    quantileOf(
      counts.map(() => 0),
      0.5,
    ),
    null,
  );
});

test('beyond the last edge a quantile claims only that edge', () => {
  const counts = LATENCY_BUCKET_EDGES_MS.map(() => 0);
  counts[counts.length - 1] = 3;
  assert.equal(quantileOf(counts, 0.99), LATENCY_BUCKET_EDGES_MS.at(-2));
});
