import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROUGH } from '../delivery/disturbance.ts';
import { createSimulation } from '../simulation.ts';
import type { Simulation } from '../simulation.ts';
import { readDeliveries } from '../testing/received.ts';
import { cellKey, recountOf } from '../testing/recount.ts';
import type { Delivery } from '../world/wire.ts';
import { assertConservation } from './queue-truth.ts';
import type { TruthLine } from './truth-line.ts';

const START_MS = Date.parse('2026-03-10T14:00:00Z');
const MINUTES = 60;
const END_MS = START_MS + MINUTES * 60_000;

const REQUIRED = [
  'call_count',
  'call_duration',
  'call_answer_rate',
  'call_abandon_rate',
  'call_wait_time',
  'queue_depth',
  'queue_wait_time',
  'queue_abandon_rate',
  'queue_service_level',
  'agent_available_count',
  'agent_busy_count',
  'agent_handle_time',
  'agent_after_call_work',
  'trunk_utilization',
  'api_latency',
  'error_rate',
];

const run = (seed: number): { simulation: Simulation; deliveries: Delivery[] } => {
  const simulation = createSimulation({ startMs: START_MS, endMs: END_MS, seed, disturbance: ROUGH });
  return { simulation, deliveries: [...simulation] };
};

/** Denominators that are fixed by definition are not recounted. */
const comparable = ({ metric, stat, den }: TruthLine): number | null => {
  if (metric === 'call_count' || metric.startsWith('agent_available') || metric.startsWith('agent_busy')) return null;
  return stat === 'now' ? null : den;
};

describe('truth', () => {
  for (const seed of [1, 2]) {
    it(`equals a recount of what was delivered, however it was delivered (seed ${String(seed)})`, () => {
      const { simulation, deliveries } = run(seed);
      const truth = simulation.truth();
      for (const territoryId of [101, 202]) {
        const own = deliveries.filter((delivery) => delivery.territoryId === territoryId);
        const cells = recountOf(readDeliveries(own), START_MS, END_MS);
        let compared = 0;
        for (const line of truth) {
          if (line.territoryId !== territoryId || !REQUIRED.includes(line.metric)) continue;
          if (line.stat === 'now' && line.metric !== 'queue_depth') continue;
          const key = cellKey(line.metric, line.stat ?? '', line.minute, line.group);
          const [num, den] = cells.get(key) ?? [0, 0];
          const isFixed = comparable(line) === null;
          const isDepthTotal = line.metric === 'queue_depth' && Object.keys(line.group).length === 0;
          assert.equal(num, line.num, key);
          if (!isFixed && !isDepthTotal) assert.equal(den, line.den, key);
          cells.delete(key);
          compared += 1;
        }
        const { fromMs, toMs } = simulation.truthRange;
        const left = [...cells].filter(([key, [num]]) => {
          const minute = Number(key.split('|')[2]);
          return num !== 0 && minute >= fromMs && minute < toMs;
        });
        assert.deepEqual(left, [], 'cells that the truth does not have');
        assert.ok(compared > 5_000, `compared only ${String(compared)} cells`);
      }
    });
  }

  it('has every required metric, in total and per dimension, as whole numbers of whole minutes', () => {
    const truth = run(4).simulation.truth();
    for (const metric of REQUIRED) {
      const lines = truth.filter((line) => line.metric === metric);
      assert.ok(
        lines.some((line) => Object.keys(line.group).length === 0),
        `${metric} in total`,
      );
      assert.ok(
        lines.some((line) => Object.keys(line.group).length > 0),
        `${metric} per dimension`,
      );
    }
    for (const line of truth) {
      assert.ok(Number.isInteger(line.num) && Number.isInteger(line.den) && line.minute % 60_000 === 0);
      assert.ok(line.minute >= START_MS && line.minute < END_MS);
    }
  });

  it('leaves out the value now in minutes whose snapshots were all lost, but not the mean', () => {
    const truth = run(5).simulation.truth();
    const totals = truth.filter((line) => line.metric === 'queue_depth' && Object.keys(line.group).length === 0);
    const now = totals.filter((line) => line.stat === 'now' && line.territoryId === 101);
    const mean = totals.filter((line) => line.stat === undefined && line.territoryId === 101);
    assert.equal(now.length, MINUTES - 2 - 3, 'three dark minutes in the hour');
    assert.equal(mean.length, MINUTES - 2);
  });

  it('refuses a world whose queues do not balance', () => {
    const { simulation } = run(6);
    const [ledger] = simulation.ledgers();
    assert.ok(ledger);
    const [stay] = ledger.stays;
    assert.ok(stay);
    assert.doesNotThrow(() => {
      assertConservation(ledger, [stay.queueId]);
    });
    const broken = { ...ledger, stays: ledger.stays.filter((other) => other.leftMs - other.enteredMs < 11_000) };
    assert.throws(() => {
      assertConservation(broken, [stay.queueId]);
    }, /truth_conservation/);
  });
});
