import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LiveFrame, MetricReply, MetricSeries } from '@lumina/contracts';
import { applyFrame } from './apply-frame.ts';

const BIN_MS = 60_000;
type Point = [number, number | null];

function metaOf(fromMs: number, bin = '1m'): MetricReply['meta'] {
  return {
    bin,
    from: fromMs,
    to: fromMs + 3_600_000,
    timeZone: 'UTC',
    asOf: fromMs + 3_600_000,
    watermark: fromMs,
    cache: { state: 'hit', fetched: 0 },
    definitions: {},
  };
}

function replyOf(data: MetricSeries[], meta = metaOf(0)): MetricReply {
  return { data, aggregations: [], errors: [], meta };
}

function deltaOf(reply: MetricReply): LiveFrame {
  return { event: 'delta', id: 'e-1-m', ...reply };
}

function seriesOf(queue: string, points: Point[], compare?: '1d'): MetricSeries {
  return {
    ref: 'A',
    metric: 'queue_depth',
    group: { queue_id: queue },
    points,
    ...(compare === undefined ? {} : { compare }),
  };
}

/** The same in another way: a table of cells by series and time, without any order. */
class Model {
  readonly cells = new Map<string, Map<number, number | null>>();

  add(data: readonly MetricSeries[]): void {
    for (const { group, compare, points } of data) {
      const key = `${group['queue_id'] ?? ''}/${compare ?? ''}`;
      const row = this.cells.get(key) ?? new Map<number, number | null>();
      this.cells.set(key, row);
      for (const [at, value] of points) row.set(at, value);
    }
  }

  forget(fromMs: number): void {
    for (const [key, row] of this.cells) {
      const had = row.size > 0;
      for (const at of [...row.keys()]) if (at + BIN_MS <= fromMs) row.delete(at);
      if (had && row.size === 0) this.cells.delete(key);
    }
  }

  sorted(): unknown {
    return [...this.cells].map(([key, row]) => [key, [...row].sort(([a], [b]) => a - b)]).sort();
  }
}

const arbPoints = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.option(fc.integer({ min: 0, max: 9 }))), {
    selector: ([bucket]) => bucket,
    maxLength: 12,
  })
  .map((points) => points.sort(([a], [b]) => a - b).map(([bucket, value]): Point => [bucket * BIN_MS, value]));
const arbData = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(undefined, '1d' as const), arbPoints)
    .map(([queue, compare, points]) => seriesOf(queue, points, compare)),
  { selector: ({ group, compare }) => `${group['queue_id'] ?? ''}/${compare ?? ''}` },
);
const arbDeltas = fc.array(fc.tuple(arbData, fc.integer({ min: 0, max: 20 * BIN_MS })), { maxLength: 8 });

test('frames add up to what a table of cells holds', () => {
  fc.assert(
    fc.property(arbData, arbDeltas, (first, deltas) => {
      const model = new Model();
      model.add(first);
      let reply: MetricReply | undefined = applyFrame(undefined, { event: 'snapshot', id: 'e-0-m', ...replyOf(first) });
      for (const [data, fromMs] of deltas) {
        model.add(data);
        model.forget(fromMs);
        reply = applyFrame(reply, deltaOf(replyOf(data, metaOf(fromMs))));
      }
      const applied = new Model();
      applied.add(reply?.data ?? []);
      assert.deepEqual(applied.sorted(), model.sorted());
      for (const { points } of reply?.data ?? []) {
        assert.deepEqual(
          points,
          [...points].sort(([a], [b]) => a - b),
        );
      }
    }),
  );
});

/** What changed, in the plainest way. */
function changesOf(before: MetricReply, after: MetricReply): MetricReply {
  const data = after.data.flatMap((series) => {
    const known = before.data.find((other) => other.group['queue_id'] === series.group['queue_id']);
    const points = series.points.filter(
      ([at, value]) => known?.points.some(([otherAt, other]) => otherAt === at && other === value) !== true,
    );
    return points.length === 0 ? [] : [{ ...series, points }];
  });
  return { ...after, data };
}

test('the changes between whole replies lead from each to the next, whatever the range does', () => {
  const arbTruth = fc.array(
    fc.record({
      stepMs: fc.integer({ min: 0, max: 5 * BIN_MS }),
      queues: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(),
    }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(arbTruth, (steps) => {
      let fromMs = 0;
      let queues = 0;
      const truths = steps.map(({ stepMs, queues: more, seed }) => {
        fromMs += stepMs;
        queues = Math.max(queues, more);
        const starts: number[] = [];
        for (let at = Math.floor(fromMs / BIN_MS) * BIN_MS; at < fromMs + 10 * BIN_MS; at += BIN_MS) starts.push(at);
        const data = ['a', 'b', 'c'].slice(0, queues).map((queue, index) => {
          return seriesOf(
            queue,
            starts.map((at): Point => [at, ((at / BIN_MS + index + seed) * 7) % 5 === 0 ? null : (seed + index) % 3]),
          );
        });
        return replyOf(data, metaOf(fromMs));
      });
      const [first] = truths;
      assert.ok(first);
      let reply: MetricReply | undefined = first;
      truths.slice(1).forEach((truth, index) => {
        const before = truths[index];
        assert.ok(before);
        reply = applyFrame(reply, deltaOf(changesOf(before, truth)));
        assert.deepEqual(reply, truth);
      });
    }),
  );
});

test('a delta without anything it changes cannot be applied', () => {
  assert.equal(applyFrame(undefined, deltaOf(replyOf([]))), undefined);
});

test('what a delta does not touch stays the same object, and nothing given is changed', () => {
  const before = replyOf([seriesOf('a', [[0, 1]]), seriesOf('b', [[0, 1]])]);
  const copy = JSON.stringify(before);
  const after = applyFrame(before, deltaOf(replyOf([seriesOf('b', [[0, 2]])])));
  assert.equal(after?.data[0], before.data[0]);
  assert.deepEqual(after?.data[1]?.points, [[0, 2]]);
  assert.equal(JSON.stringify(before), copy);
});

test('the order of dimensions in a group does not make another series', () => {
  const series = { ref: 'A', metric: 'm', points: [[0, 1]] as Point[] };
  const before = replyOf([{ ...series, group: { a: '1', b: '2' } }]);
  const after = applyFrame(before, deltaOf(replyOf([{ ...series, group: { b: '2', a: '1' }, points: [[0, 5]] }])));
  assert.deepEqual(
    after?.data.map(({ points }) => points),
    [[[0, 5]]],
  );
});

test('a day lasts until the next begins, be it of 23 or 25 hours', () => {
  const hourMs = 3_600_000;
  const points: Point[] = [
    [0, 1],
    [25 * hourMs, 2],
    [48 * hourMs, 3],
  ];
  const before = replyOf([seriesOf('a', points)], metaOf(0, '1d'));
  const firstAt = (fromMs: number) =>
    applyFrame(before, deltaOf(replyOf([], metaOf(fromMs, '1d'))))?.data[0]?.points[0]?.[0];
  assert.equal(firstAt(24.5 * hourMs), 0);
  assert.equal(firstAt(25 * hourMs), 25 * hourMs);
  assert.equal(firstAt(48.5 * hourMs), 48 * hourMs);
});

test('stale takes back a watermark that claimed more, and nothing else; seals leave the reply alone', () => {
  const reply = replyOf([], { ...metaOf(0), watermark: 5000 });
  assert.equal(applyFrame(reply, { event: 'stale', id: 'x', since: 4000 })?.meta.watermark, 4000);
  assert.equal(applyFrame(reply, { event: 'stale', id: 'x', since: 6000 }), reply);
  assert.equal(applyFrame(reply, { event: 'seal', id: 'x', from: 0, to: 1 }), reply);
});
