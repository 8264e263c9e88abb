import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MINUTE_MS } from '../time/grid.ts';
import { CARRY_MINUTES, LOOK_BACK_MS, integrateStock } from './stock-integral.ts';
import type { MinuteFlow, MinuteLevel } from '../scans/scan.ts';

const INTERVAL_MS = 10_000;
const ORIGIN = LOOK_BACK_MS + MINUTE_MS;
const SPAN_MINUTES = 7;
const END = ORIGIN + SPAN_MINUTES * MINUTE_MS;
const OUT = new Set(['visit']);

interface Stay {
  readonly queue: string;
  readonly joinMs: number;
  readonly leaveMs: number;
}

const depthAt = (stays: readonly Stay[], queue: string, ms: number): number =>
  stays.filter((stay) => stay.queue === queue && stay.joinMs <= ms && stay.leaveMs > ms).length;

/** What the store would hold of a world of stays, as the two queries return it. */
function store(
  stays: readonly Stay[],
  queues: readonly string[],
  isSampled: (slotMs: number) => boolean,
): { levels: MinuteLevel[]; flows: MinuteFlow[] } {
  const levels = new Map<string, MinuteLevel>();
  const beats = new Map<number, number>();
  for (let slotMs = 0; slotMs < END; slotMs += INTERVAL_MS) {
    if (!isSampled(slotMs)) continue;
    const atMs = slotMs + 4321;
    const minuteMs = Math.floor(slotMs / MINUTE_MS) * MINUTE_MS;
    beats.set(minuteMs, atMs);
    for (const series of ['*', ...queues]) {
      const level = series === '*' ? 0 : depthAt(stays, series, atMs);
      if (series === '*' || level > 0)
        levels.set(`${minuteMs} ${series}`, { minuteMs, part: '0', series, slotMs, level });
    }
  }
  const flows = new Map<string, MinuteFlow>();
  const flow = (fact: string, series: string, ms: number): void => {
    const minuteMs = Math.floor(ms / MINUTE_MS) * MINUTE_MS;
    const beat = beats.get(minuteMs);
    const known = flows.get(`${minuteMs} ${series} ${fact}`) ?? { n: 0, weightedMs: 0, afterBeat: 0 };
    flows.set(`${minuteMs} ${series} ${fact}`, {
      minuteMs,
      series,
      fact,
      part: beat === undefined ? undefined : '0',
      n: known.n + 1,
      weightedMs: known.weightedMs + minuteMs + MINUTE_MS - ms,
      afterBeat: known.afterBeat + (beat !== undefined && ms > beat ? 1 : 0),
    });
  };
  for (const { queue, joinMs, leaveMs } of stays) {
    flow('join', queue, joinMs);
    if (leaveMs < END) flow('visit', queue, leaveMs);
  }
  return { levels: [...levels.values()], flows: [...flows.values()] };
}

const stays = fc
  .array(
    fc.record({
      queue: fc.constantFrom('a', 'b'),
      joinMs: fc.integer({ min: 0, max: END - 1 }),
      ms: fc.integer({ min: 1, max: 20 * MINUTE_MS }),
    }),
    { maxLength: 60 },
  )
  .map((items): Stay[] => items.map(({ queue, joinMs, ms }) => ({ queue, joinMs, leaveMs: joinMs + ms })));

function exact(world: readonly Stay[], fromMs: number, toMs: number): number {
  return world.reduce(
    (sum, { joinMs, leaveMs }) => sum + Math.max(0, Math.min(leaveMs, toMs) - Math.max(joinMs, fromMs)),
    0,
  );
}

test('the rebuilt integral of every minute is exact, also where snapshots were lost', () => {
  fc.assert(
    fc.property(stays, fc.array(fc.nat(END / INTERVAL_MS), { maxLength: 40 }), (world, lost) => {
      const gone = new Set(lost.map((slot) => slot * INTERVAL_MS));
      const { levels, flows } = store(world, ['a', 'b'], (slotMs) => !gone.has(slotMs));
      const { integrals, known } = integrateStock(levels, flows, OUT, { fromMs: ORIGIN, untilMs: END });
      for (let startMs = ORIGIN; startMs < END; startMs += MINUTE_MS) {
        assert.ok(known.has(startMs));
        const total = integrals
          .filter(({ minuteMs }) => minuteMs === startMs)
          .reduce((sum, { integralMs }) => sum + (integralMs ?? Number.NaN), 0);
        assert.equal(total, exact(world, startMs, startMs + MINUTE_MS));
      }
    }),
    { numRuns: 150 },
  );
});

test('seven one-minute integrals are one seven-minute integral', () => {
  fc.assert(
    fc.property(stays, (world) => {
      const { levels, flows } = store(world, ['a', 'b'], () => true);
      const { integrals } = integrateStock(levels, flows, OUT, { fromMs: ORIGIN, untilMs: END });
      assert.equal(
        integrals.reduce((sum, { integralMs }) => sum + (integralMs ?? Number.NaN), 0),
        exact(world, ORIGIN, END),
      );
    }),
    { numRuns: 100 },
  );
});

test('without beats the level is carried for fifteen minutes and then unknown', () => {
  const world: Stay[] = [{ queue: 'a', joinMs: 30_000, leaveMs: END + 1 }];
  const carriedUntil = ORIGIN + 3 * MINUTE_MS;
  const { levels, flows } = store(world, ['a'], (slotMs) => slotMs < carriedUntil - CARRY_MINUTES * MINUTE_MS);
  const { integrals, known, drifting } = integrateStock(levels, flows, OUT, { fromMs: ORIGIN, untilMs: END });
  const values = integrals.map(({ integralMs }) => integralMs);
  assert.deepEqual([...known], [ORIGIN, ORIGIN + MINUTE_MS, ORIGIN + 2 * MINUTE_MS]);
  assert.deepEqual(values, [MINUTE_MS, MINUTE_MS, MINUTE_MS, null, null, null, null]);
  assert.ok(drifting.has(ORIGIN));
});

test('the running minute is integrated up to now', () => {
  const world: Stay[] = [{ queue: 'a', joinMs: ORIGIN + 10_000, leaveMs: END + 1 }];
  const { levels, flows } = store(world, ['a'], (slotMs) => slotMs < ORIGIN);
  const { integrals } = integrateStock(levels, flows, OUT, { fromMs: ORIGIN, untilMs: ORIGIN + 25_000 });
  assert.deepEqual(integrals, [{ minuteMs: ORIGIN, series: 'a', integralMs: 15_000 }]);
});

test('a queue that moved to another part counts once, from its newest row', () => {
  const minuteMs = ORIGIN - MINUTE_MS;
  const beat = (part: string, slotMs: number): MinuteLevel => ({ minuteMs, part, series: '*', slotMs, level: 0 });
  const levels: MinuteLevel[] = [
    beat('0', minuteMs + 50_000),
    beat('1', minuteMs + 50_000),
    { minuteMs, part: '0', series: 'a', slotMs: minuteMs + 30_000, level: 4 },
    { minuteMs, part: '1', series: 'a', slotMs: minuteMs + 50_000, level: 3 },
  ];
  const { integrals } = integrateStock(levels, [], OUT, { fromMs: ORIGIN, untilMs: ORIGIN + MINUTE_MS });
  assert.deepEqual(integrals, [{ minuteMs: ORIGIN, series: 'a', integralMs: 3 * MINUTE_MS }]);
});

test('a queue of which two parts tell at one instant counts once, in whatever order its rows were read', () => {
  const minuteMs = ORIGIN - MINUTE_MS;
  const slotMs = minuteMs + 50_000;
  const row = (part: string, series: string, level: number): MinuteLevel => ({ minuteMs, part, series, slotMs, level });
  const levels = [row('0', '*', 0), row('1', '*', 0), row('0', 'a', 4), row('1', 'a', 3)];
  const span = { fromMs: ORIGIN, untilMs: ORIGIN + MINUTE_MS };
  const integrals = (rows: readonly MinuteLevel[]): unknown => integrateStock(rows, [], OUT, span).integrals;
  assert.deepEqual(integrals(levels), [{ minuteMs: ORIGIN, series: 'a', integralMs: 3 * MINUTE_MS }]);
  assert.deepEqual(integrals([...levels].reverse()), integrals(levels));
});
