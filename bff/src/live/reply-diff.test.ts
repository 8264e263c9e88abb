import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MetricReply, MetricSeries } from '@lumina/contracts';
import { closedSpan, diffReplies } from './reply-diff.ts';
import type { ReplyDelta } from './reply-diff.ts';
import { replyOf } from './testing/fake-metrics.ts';

const BIN_MS = 60_000;
type Point = MetricSeries['points'][number];

/** What a client does with a delta, said as plainly as the contract says it. */
function apply(reply: MetricReply, delta: ReplyDelta): MetricReply {
  const keyOf = ({ ref, metric, group, compare }: MetricSeries): string =>
    JSON.stringify([ref, metric, compare, Object.entries(group).sort()]);
  const fresh = delta.data.filter((one) => !reply.data.some((known) => keyOf(known) === keyOf(one)));
  const data = [...reply.data, ...fresh].map((series) => {
    const change = delta.data.find((one) => keyOf(one) === keyOf(series))?.points ?? [];
    const points = new Map<number, Point>([...series.points, ...change].map((point) => [point[0], point]));
    const sorted = [...points.values()].sort((a, b) => a[0] - b[0]);
    return { ...series, points: sorted.filter(([atMs]) => atMs + BIN_MS > delta.meta.from) };
  });
  return { ...delta, data: data.filter(({ points }) => points.length > 0) };
}

const value = fc.option(fc.nat({ max: 3 }), { nil: null });
const series = fc.record({
  ref: fc.constantFrom('A', 'B'),
  group: fc.constantFrom<Record<string, string>[]>({}, { queue_id: 'q1' }, { queue_id: 'q2' }, { a: '1', b: '2' }),
  compare: fc.option(fc.constant('previous' as const), { nil: undefined }),
  values: fc.array(value, { minLength: 8, maxLength: 8 }),
});

/** A range that runs on: its bins lie on the grid, the first overlaps its start, compared ones are shifted. */
function replyAt(
  fromMs: number,
  toMs: number,
  parts: readonly (typeof series extends fc.Arbitrary<infer S> ? S : never)[],
): MetricReply {
  const first = Math.floor(fromMs / BIN_MS);
  const count = Math.ceil(toMs / BIN_MS) - first;
  const data = parts.map(({ ref, group, compare, values }): MetricSeries => ({
    ref,
    metric: 'call_count',
    group,
    ...(compare === undefined ? {} : { compare }),
    points: Array.from({ length: count }, (_, index): Point => [
      (first + index) * BIN_MS,
      values[(first + index) % values.length] ?? null,
    ]),
  }));
  return { ...replyOf([], { from: fromMs, to: toMs, asOf: toMs }), data };
}

const parts = fc.uniqueArray(series, {
  maxLength: 6,
  selector: ({ ref, group, compare }) => JSON.stringify([ref, group, compare]),
});

describe('diffReplies', () => {
  it('gives the next reply when it is applied, or is not offered', () => {
    let offered = 0;
    fc.assert(
      fc.property(
        parts,
        parts,
        fc.nat({ max: 300_000 }),
        fc.nat({ max: 200_000 }),
        fc.boolean(),
        (one, two, at, step, isSame) => {
          const previous = replyAt(at, at + 300_000, one);
          // The same series with other values, as it mostly is, or any others.
          const next = replyAt(
            at + step,
            at + step + 300_000,
            isSame ? one.map((part, index) => ({ ...part, values: two[index]?.values ?? part.values })) : two,
          );
          const delta = diffReplies(previous, next);
          if (isSame) assert.ok(delta !== undefined);
          if (delta === undefined) return;
          offered += 1;
          assert.deepEqual(apply(previous, delta), next);
        },
      ),
      { numRuns: 500 },
    );
    assert.ok(offered > 200);
  });

  it('holds nothing of series that did not change, and only the changed points of others', () => {
    const previous = replyOf(
      [
        [0, 1],
        [60_000, 2],
        [120_000, null],
      ],
      { from: 10 },
    );
    const next = replyOf(
      [
        [60_000, 2],
        [120_000, 7],
        [180_000, null],
      ],
      { from: 60_010 },
    );
    assert.deepEqual(diffReplies(previous, next)?.data[0]?.points, [
      [120_000, 7],
      [180_000, null],
    ]);
    assert.deepEqual(diffReplies(previous, previous)?.data, []);
  });

  const base = replyOf(
    [
      [0, 1],
      [60_000, 2],
    ],
    { from: 10 },
  );
  const [only] = base.data;
  assert.ok(only);
  const other = { ...only, ref: 'B' };
  const inexpressible: readonly [string, MetricReply, MetricReply][] = [
    ['a series that vanished', { ...base, data: [only, other] }, base],
    ['series in another order', { ...base, data: [only, other] }, { ...base, data: [other, only] }],
    ['a new series in front', base, { ...base, data: [other, only] }],
    ['another bin', base, { ...base, meta: { ...base.meta, bin: '5m' } }],
    ['another zone', base, { ...base, meta: { ...base.meta, timeZone: 'Asia/Tokyo' } }],
    [
      'a grid that shifted',
      base,
      replyOf(
        [
          [30_000, 1],
          [90_000, 2],
        ],
        { from: 30_010 },
      ),
    ],
    ['a bucket that vanished', base, replyOf([[0, 1]], { from: 10 })],
    ['a first bucket that vanished too early', base, replyOf([[60_000, 2]], { from: 10 })],
    ['series that cannot be told apart', { ...base, data: [only, only] }, { ...base, data: [only, only] }],
  ];
  for (const [name, previous, next] of inexpressible) {
    it(`is not offered for ${name}`, () => {
      assert.equal(diffReplies(previous, next), undefined);
    });
  }
});

describe('closedSpan', () => {
  it('spans what was open and is not any more', () => {
    const before = replyOf([
      [0, 1],
      [60_000, 2],
    ]);
    const after = replyOf([
      [60_000, 2],
      [120_000, 1],
      [180_000, 0],
    ]);
    assert.deepEqual(closedSpan(before, after), { from: 60_000, to: 180_000 });
    assert.equal(closedSpan(before, before), undefined);
    assert.equal(closedSpan(replyOf([]), after), undefined);
  });
});
