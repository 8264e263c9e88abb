import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { NegativeControl } from '@lumina/ingest';
import { createSimulation, ROUGH, type Delivery, type TruthLine } from '@lumina/simulator';

import { MINUTE_MS } from './cells.ts';
import { compareWithTruth } from './compare.ts';
import { fillDirectStore, type DirectStore } from './direct-store.ts';

const TERRITORY_ID = 101;
const SIMULATED_MINUTES = 24;

const endMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const startMs = endMs - SIMULATED_MINUTES * MINUTE_MS;
const span = { territoryId: TERRITORY_ID, fromMs: startMs + 2 * MINUTE_MS, toMs: endMs - 3 * MINUTE_MS };

/** Calls whose first leg was created, counted from the raw events alone. */
function startedCalls(deliveries: readonly Delivery[]): number {
  const calls = new Set<unknown>();
  for (const { body } of deliveries) {
    const isCall =
      body['Event-Name'] === 'CHANNEL_CREATE' &&
      body['Unique-ID'] === body['Channel-Call-UUID'] &&
      body['variable_cc_side'] !== 'agent';
    if (isCall) calls.add(body['Unique-ID']);
  }
  return calls.size;
}

/** The event of a switch that keeps no fractions of a second, so that calls begin at the same instant. */
function inWholeSeconds(delivery: Delivery): Delivery {
  const coarse = (name: string): string => `${String(delivery.body[name]).slice(0, -6)}000000`;
  const times = ['Event-Date-Timestamp', 'Caller-Channel-Created-Time'].map((name) => [name, coarse(name)]);
  return { ...delivery, body: { ...delivery.body, ...Object.fromEntries(times) } };
}

async function storedStarts({ store }: DirectStore): Promise<number> {
  const rows = await store.query(
    `SELECT sum(n) AS n FROM "lumina"."call_metrics" WHERE territory_id = '${String(TERRITORY_ID)}' AND measure_name = 'start'`,
  );
  return Number(rows[0]?.['n']);
}

describe('verification against the truth', () => {
  let deliveries: Delivery[] = [];
  let truth: TruthLine[] = [];
  let sound: DirectStore;

  before(async () => {
    const simulation = createSimulation({
      startMs,
      endMs,
      seed: 7,
      rate: 12,
      territories: [TERRITORY_ID],
      disturbance: ROUGH,
    });
    deliveries = [...simulation];
    truth = simulation.truth();
    sound = await fillDirectStore(deliveries);
  });
  after(async () => {
    await sound.close();
  });

  const unequalMetrics = async (control: NegativeControl): Promise<Set<string>> => {
    const damaged = await fillDirectStore(deliveries, control);
    try {
      const { unequal } = await compareWithTruth(damaged.store, truth, span);
      return new Set(unequal.map((cell) => cell.metric));
    } finally {
      await damaged.close();
    }
  };

  it('finds every cell equal with the fact model as it is', async () => {
    const { equal, unequal } = await compareWithTruth(sound.store, truth, span);
    assert.deepEqual(unequal, []);
    assert.ok(equal > 5_000, `only ${String(equal)} cells were compared`);
    assert.equal(await storedStarts(sound), startedCalls(deliveries));
  });

  it('fails when facts are identified by the event that told them', async () => {
    const metrics = await unequalMetrics('identity-by-event-id');
    assert.ok(metrics.has('queue_abandon_rate'), [...metrics].join(', '));
  });

  it('fails when after-call work is written inside the handled contact', async () => {
    const metrics = await unequalMetrics('acw-inside-handle');
    assert.ok(metrics.has('agent_handle_time') && metrics.has('agent_after_call_work'), [...metrics].join(', '));
  });

  it('fails when the start of a call is kept without its id', async () => {
    const crowded = deliveries.filter(({ body }) => body['Event-Name'] === 'CHANNEL_CREATE').map(inWholeSeconds);
    const kept = await fillDirectStore(crowded);
    const damaged = await fillDirectStore(crowded, 'start-without-eid');
    try {
      assert.equal(await storedStarts(kept), startedCalls(crowded));
      assert.ok((await storedStarts(damaged)) < startedCalls(crowded));
    } finally {
      await kept.close();
      await damaged.close();
    }
  });

  it('fails when slices are summed at one minute without clipping', async () => {
    const rows = await sound.store.query(
      `SELECT to_milliseconds(bin(time, 1m)) AS bin_ms, sum(ms) AS ms FROM "lumina"."agent_metrics" ` +
        `WHERE territory_id = '${String(TERRITORY_ID)}' AND measure_name = 'slice' AND state = 'available' GROUP BY 1`,
    );
    const plain = new Map(rows.map((row) => [Number(row['bin_ms']), Number(row['ms'])]));
    const lines = truth.filter(
      (line) =>
        line.metric === 'agent_available_count' && line.stat === undefined && Object.keys(line.group).length === 0,
    );
    const wrong = lines.filter((line) => plain.get(line.minute) !== line.num);
    assert.ok(lines.length > SIMULATED_MINUTES / 2);
    assert.ok(wrong.length > lines.length / 2, `${String(wrong.length)} of ${String(lines.length)} minutes differ`);
  });
});
