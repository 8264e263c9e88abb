import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { createRecordFactStore } from '../../adapters/fact-store.ts';
import { MemoryRecordStore } from '../../adapters/memory-records.ts';
import { decodeDelivery } from '../../core/decode-delivery.ts';
import { COMPARED_KINDS } from '../stored-totals.ts';
import { cellOf, differences, type Totals } from './oracle.ts';
import { makeTraffic, type Delivery } from './traffic.ts';

const TERRITORIES = [7, 8];

function totalsOf(records: MemoryRecordStore): Totals {
  const totals: Totals = new Map();
  for (const [kind, dimension, parts] of COMPARED_KINDS) {
    const [table = '', name = ''] = kind.split('.');
    for (const { territoryId, timeMs, dimensions, measures } of records.rows(table, name)) {
      for (const part of parts) {
        const cell = cellOf(territoryId, kind, dimensions[dimension] ?? '', timeMs, part);
        totals.set(cell, (totals.get(cell) ?? 0) + Number(measures[part] ?? 0));
      }
    }
  }
  return totals;
}

/** What comes to be stored when pages of some size are read in this order. */
async function stored(deliveries: readonly Delivery[], pageSize: number): Promise<Totals> {
  const records = new MemoryRecordStore();
  const store = createRecordFactStore(records);
  for (let start = 0; start < deliveries.length; start += pageSize) {
    const facts = deliveries.slice(start, start + pageSize).flatMap(({ bytes, deadCode }) => {
      const { facts: own, error } = decodeDelivery(bytes, { regionId: 1, personalIdSecret: '', nowMs: Date.now() });
      if (deadCode === undefined) assert.equal(error, undefined);
      return own;
    });
    const outcomes = await store.write(facts);
    assert.ok(outcomes.every(({ status }) => status !== 'dead'));
  }
  return totalsOf(records);
}

describe('the traffic of the fault tests', () => {
  test('comes to what its oracle says, in any order and with anything said again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 500 }),
        fc.infiniteStream(fc.nat()),
        async (seed, size, draws) => {
          const { deliveries, totals } = makeTraffic({ seed, territories: TERRITORIES, calls: 12 });
          const shuffled = deliveries
            .map((delivery) => ({ delivery, place: draws.next().value }))
            .sort((a, b) => a.place - b.place)
            .map(({ delivery }) => delivery);
          assert.deepEqual(differences(totals, await stored(shuffled, size)), []);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('repeats for a seed, but for the moment of its making', () => {
    const make = (seed: number): string[] =>
      makeTraffic({ seed, territories: TERRITORIES, calls: 3 }).deliveries.map(({ partitionKey }) => partitionKey);
    assert.deepEqual(make(5), make(5));
    assert.notDeepEqual(make(5), make(6));
  });

  test('one lost record, and one that counts twice, show', async () => {
    const { deliveries, totals } = makeTraffic({ seed: 3, territories: TERRITORIES, calls: 4 });
    const [lost] = deliveries.filter(({ bytes }) => bytes.includes('"CALL_START"'));
    assert.ok(lost);
    const without = deliveries.filter(({ bytes }) => !bytes.equals(lost.bytes));
    assert.equal(differences(totals, await stored(without, 100)).length, 1);
    const [cell = ''] = totals.keys();
    const doubled = new Map(totals).set(cell, (totals.get(cell) ?? 0) * 2);
    assert.match(differences(totals, doubled)[0] ?? '', /too much/);
  });
});
