import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ROUGH } from './delivery/disturbance.ts';
import { createSimulation, historyOf } from './simulation.ts';
import type { SimulationOptions } from './simulation.ts';
import type { Delivery } from './world/wire.ts';

const START_MS = Date.parse('2026-03-10T14:00:00Z');
const minutes = (count: number): number => START_MS + count * 60_000;
const collect = (options: Partial<SimulationOptions>): Delivery[] => [
  ...createSimulation({ startMs: START_MS, endMs: minutes(5), ...options }),
];
const keyOf = ({ body }: Delivery): string =>
  typeof body['id'] === 'string' ? body['id'] : `${String(body['Core-UUID'])}:${String(body['Event-Sequence'])}`;

describe('createSimulation', () => {
  it('repeats itself byte for byte for the same seed, and not for another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const options = { seed, disturbance: ROUGH, endMs: minutes(2) };
        assert.deepEqual(collect(options), collect(options));
        assert.notDeepEqual(collect(options), collect({ ...options, seed: seed + 1 }));
      }),
      { numRuns: 5 },
    );
  });

  it('delivers in order of delivery, never before the event and never after the end', () => {
    const deliveries = collect({ disturbance: ROUGH, endMs: minutes(20) });
    let lastMs = START_MS;
    for (const { atMs, body } of deliveries) {
      const eventMs =
        typeof body['time'] === 'string' ? Date.parse(body['time']) : Number(body['Event-Date-Timestamp']) / 1000;
      assert.ok(atMs >= lastMs && atMs <= minutes(20));
      assert.ok(eventMs <= atMs && eventMs >= START_MS);
      lastMs = atMs;
    }
  });

  it('loses nothing but snapshots under disturbance, and sends some things twice and late', () => {
    const calm = collect({ endMs: minutes(20) });
    const rough = collect({ endMs: minutes(20), disturbance: ROUGH });
    const received = new Set(rough.map(keyOf));
    const lost = calm.filter((delivery) => !received.has(keyOf(delivery)));
    assert.ok(lost.length > 0);
    for (const { body } of lost) assert.match(String(body['type']), /_SNAPSHOT$/);
    assert.ok(rough.length > received.size * 1.05, 'duplicates and replays');
    const sent = new Set(calm.map(keyOf));
    assert.ok(rough.every((delivery) => sent.has(keyOf(delivery))));
    assert.notDeepEqual(
      [...received],
      [...sent].filter((key) => received.has(key)),
      'out of order',
    );
  });

  it('never loses three snapshots of a kind in a row, whole dark minutes apart', () => {
    const rough = collect({ endMs: minutes(40), territories: [101], disturbance: { ...ROUGH, lostSnapshots: 0.5 } });
    const atMs = [
      ...new Set(rough.filter(({ body }) => body['type'] === 'QUEUE_SNAPSHOT').map(({ body }) => body['time'])),
    ]
      .map((time) => Date.parse(String(time)))
      .sort((a, b) => a - b);
    const gaps = atMs.slice(1).map((at, index) => at - (atMs[index] ?? 0));
    assert.equal(gaps.filter((gap) => gap > 30_000).length, 2, 'one dark minute in each 20');
    assert.ok(gaps.every((gap) => gap <= 30_000 || gap === 70_000));
  });

  it('makes about the rate asked for', () => {
    for (const rate of [8, 15, 40]) {
      const perSecond = collect({ rate, endMs: minutes(60) }).length / 3_600;
      assert.ok(perSecond > rate * 0.75 && perSecond < rate * 1.35, `asked ${String(rate)}, got ${String(perSecond)}`);
    }
  });

  it('starts warm: calls end, agents talk and queues move within the first minute', () => {
    const deliveries = collect({ territories: [101], endMs: minutes(1) });
    const names = new Set(deliveries.map(({ body }) => body['CC-Action'] ?? body['type'] ?? body['Event-Name']));
    for (const name of ['CHANNEL_HANGUP_COMPLETE', 'bridge-agent-start', 'member-queue-end', 'AGENT_ACW']) {
      assert.ok(names.has(name), name);
    }
  });

  it('refuses an empty range', () => {
    assert.throws(() => createSimulation({ startMs: START_MS, endMs: START_MS }), /simulation_range/);
  });

  it('tells the truth only after the end', () => {
    assert.throws(() => createSimulation({ startMs: START_MS, endMs: minutes(1) }).truth(), /simulation_running/);
  });

  it('iterates asynchronously over the same deliveries', async () => {
    const deliveries: Delivery[] = [];
    for await (const delivery of createSimulation({ startMs: START_MS, endMs: minutes(1) })) deliveries.push(delivery);
    assert.deepEqual(deliveries, collect({ endMs: minutes(1) }));
  });

  it('simulates the platform as a territory without callers', () => {
    const types = new Set(collect({ territories: [0], platformRegionId: 2 }).map(({ body }) => body['type']));
    assert.ok(types.has('API_SAMPLE') && types.has('TRUNK_SNAPSHOT') && !types.has('QUEUE_SNAPSHOT'));
  });
});

describe('historyOf', () => {
  it('is continued by a live run of the same world without a seam', () => {
    const worldStartMs = START_MS - 1_800_000;
    const history = [...historyOf({ territoryId: 101, fromMs: START_MS, toMs: minutes(20) })];
    const live = collect({ startMs: minutes(20), endMs: minutes(25), worldStartMs });
    const whole = collect({ endMs: minutes(25) });
    const callEnds = (deliveries: readonly Delivery[]): string[] =>
      deliveries
        .filter(({ territoryId, body }) => territoryId === 101 && body['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE')
        .filter(({ body }) => body['variable_cc_side'] !== 'agent')
        .map(keyOf);
    assert.deepEqual([...callEnds(history), ...callEnds(live)], callEnds(whole));
  });

  it('has one snapshot a minute and nothing that no metric needs', () => {
    const history = [...historyOf({ territoryId: 202, fromMs: START_MS, toMs: minutes(10) })];
    const snapshots = history.filter(({ body }) => body['type'] === 'TRUNK_SNAPSHOT');
    assert.equal(snapshots.length, 10);
    assert.ok(snapshots.every(({ body }) => body['intervalMs'] === 60_000));
    assert.ok(history.every(({ body }) => body['CC-Action'] !== 'agent-offering' && body['Event-Name'] !== 'DTMF'));
  });
});
