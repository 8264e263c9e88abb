import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MetricId, MetricStat } from '@lumina/contracts';
import { readParts } from './index.ts';
import { LocalStore } from './testing/local-store.ts';
import { factsOf, makeWorld, seeded } from './testing/world.ts';
import type { StateInterval, Visit } from './testing/world.ts';
import { MINUTE_MS, QUARTER_MS, floorTo } from './time/grid.ts';

const FROM = floorTo(Date.now(), QUARTER_MS) - 3 * 3_600_000;
const TO = FROM + 2 * 3_600_000;
const NOW = TO + 20 * MINUTE_MS;
const BINS = [1, 7, 15, 60].map((minutes) => minutes * MINUTE_MS);

const world = makeWorld(7, FROM - 40 * MINUTE_MS, NOW);
let local: LocalStore;

before(async () => {
  local = await LocalStore.start(NOW);
  const chance = seeded(11);
  await local.write(factsOf(world, FROM - 40 * MINUTE_MS, NOW, () => chance(12) === 0));
});
after(async () => {
  await local.close();
});

type Cells = Record<string, [number, number]>;
interface Bin {
  readonly fromMs: number;
  readonly toMs: number;
}

async function stored(
  metric: MetricId,
  stat: MetricStat | undefined,
  groupBy: readonly string[],
  binMs: number,
): Promise<Cells> {
  const options = stat === undefined ? {} : { stat };
  const cells = await readParts(local.store, {
    territoryId: 101,
    regionId: 1,
    metric,
    ...options,
    groupBy,
    fromMs: FROM,
    toMs: TO,
    binMs,
    timeZone: 'UTC',
    nowMs: NOW,
  });
  return Object.fromEntries(
    cells
      .filter(({ num }) => num !== 0)
      .map(({ group, startMs, num, den }) => [
        [...Object.values(group), (startMs - FROM) / MINUTE_MS].join(' '),
        [num ?? Number.NaN, den ?? Number.NaN],
      ]),
  );
}

/** What the world itself says, bin by bin; cells without a numerator are left out, as above. */
function truth<Thing>(
  things: readonly Thing[],
  nameOf: (thing: Thing) => string | undefined,
  binMs: number,
  count: (thing: Thing, bin: Bin) => [number, number],
  fixedDen?: 'elapsed',
): Cells {
  const cells: Cells = {};
  for (let startMs = floorTo(FROM, binMs); startMs < TO; startMs += binMs) {
    const bin = { fromMs: Math.max(startMs, FROM), toMs: Math.min(startMs + binMs, TO) };
    for (const thing of things) {
      const [num, den] = count(thing, bin);
      const name = nameOf(thing);
      const key = [...(name === undefined ? [] : [name]), (startMs - FROM) / MINUTE_MS].join(' ');
      const known = cells[key] ?? [0, 0];
      cells[key] = [known[0] + num, fixedDen === undefined ? known[1] + den : bin.toMs - bin.fromMs];
    }
  }
  return Object.fromEntries(Object.entries(cells).filter(([, [num]]) => num !== 0));
}

const overlap = (aFrom: number, aTo: number, { fromMs, toMs }: Bin): number =>
  Math.max(0, Math.min(aTo, toMs) - Math.max(aFrom, fromMs));
const left = ({ leaveMs }: Visit, bin: Bin): boolean => leaveMs >= bin.fromMs && leaveMs < bin.toMs;
const ofQueue = ({ queue }: Visit): string => queue;
const total = (): undefined => undefined;

const visitCounts: Partial<Record<MetricId, (visit: Visit) => [number, number]>> = {
  queue_wait_time: ({ joinMs, leaveMs }) => [leaveMs - joinMs, 1],
  queue_abandon_rate: ({ outcome }) => [Number(outcome === 'abandoned'), 1],
  flowout_rate: ({ outcome }) => [Number(outcome === 'timeout' || outcome === 'callback'), 1],
  call_wait_time: ({ joinMs, leaveMs, outcome }) => (outcome === 'answered' ? [leaveMs - joinMs, 1] : [0, 0]),
  call_duration: ({ joinMs, leaveMs }) => [leaveMs - joinMs + 7, 1],
  call_answer_rate: ({ outcome }) => [Number(outcome === 'answered'), 1],
  queue_service_level: ({ joinMs, leaveMs, outcome }) => {
    const waitMs = leaveMs - joinMs;
    if (outcome === 'answered') return [Number(waitMs <= 20_000), 1];
    return [0, Number(outcome === 'abandoned' && waitMs > 5000)];
  },
};

for (const [metric, count] of Object.entries(visitCounts) as [MetricId, (visit: Visit) => [number, number]][]) {
  test(`${metric} equals the world's own count at every bin, grouped and in total`, async () => {
    for (const binMs of BINS) {
      const counted = (visit: Visit, bin: Bin): [number, number] => (left(visit, bin) ? count(visit) : [0, 0]);
      assert.deepEqual(
        await stored(metric, undefined, ['queue_id'], binMs),
        truth(world.visits, ofQueue, binMs, counted),
      );
      assert.deepEqual(await stored(metric, undefined, [], binMs), truth(world.visits, total, binMs, counted));
    }
  });
}

test('the average depth is the exact integral of the waiting, with snapshots lost', async () => {
  const waiting = ({ joinMs, leaveMs }: Visit, bin: Bin): [number, number] => [overlap(joinMs, leaveMs, bin), 0];
  for (const binMs of BINS) {
    assert.deepEqual(
      await stored('queue_depth', 'average', ['queue_id'], binMs),
      truth(world.visits, ofQueue, binMs, waiting, 'elapsed'),
    );
    assert.deepEqual(
      await stored('queue_depth', 'average', [], binMs),
      truth(world.visits, total, binMs, waiting, 'elapsed'),
    );
  }
});

test('state time is clipped to every bin, by agent, by team and in total', async () => {
  const busy = ({ state, fromMs, toMs }: StateInterval, bin: Bin): [number, number] => [
    state === 'on_contact' || state === 'acw' ? overlap(fromMs, toMs, bin) : 0,
    0,
  ];
  for (const binMs of BINS) {
    const read = (groupBy: readonly string[]): Promise<Cells> => stored('agent_busy_count', 'average', groupBy, binMs);
    assert.deepEqual(
      await read(['agent_id']),
      truth(world.states, ({ agent }) => agent, binMs, busy, 'elapsed'),
    );
    assert.deepEqual(
      await read(['team_id']),
      truth(world.states, ({ team }) => team, binMs, busy, 'elapsed'),
    );
    assert.deepEqual(await read([]), truth(world.states, total, binMs, busy, 'elapsed'));
  }
});

test('occupancy relates clipped times', async () => {
  const occupied = ({ state, fromMs, toMs }: StateInterval, bin: Bin): [number, number] => {
    const ms = state === 'away' ? 0 : overlap(fromMs, toMs, bin);
    return [state === 'available' ? 0 : ms, ms];
  };
  for (const binMs of BINS) {
    assert.deepEqual(
      await stored('occupancy', undefined, ['team_id'], binMs),
      truth(world.states, ({ team }) => team, binMs, occupied),
    );
  }
});

test('another territory sees nothing of it', async () => {
  const cells = await readParts(local.store, {
    territoryId: 202,
    metric: 'call_count',
    groupBy: [],
    fromMs: FROM,
    toMs: TO,
    binMs: QUARTER_MS,
    timeZone: 'UTC',
    nowMs: NOW,
  });
  assert.ok(cells.length > 0 && cells.every(({ num }) => num === 0));
});
