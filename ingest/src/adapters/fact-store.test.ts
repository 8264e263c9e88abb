import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Fact } from '@lumina/contracts';

import { recordKey, recordTimeNs } from '../core/encode-record.ts';
import { T0 } from '../testing/events.ts';
import { createRecordFactStore } from './fact-store.ts';
import { MemoryRecordStore } from './memory-records.ts';

const start = (eid: string, version = 1, n = 1, timeMs = T0 + 1): Fact => ({
  table: 'call_metrics',
  name: 'start',
  territoryId: 101,
  regionId: 1,
  dimensions: { direction: 'inbound' },
  timeMs,
  eid,
  version,
  measures: { n, eid },
});

/** Ids that meet at one place: with a million places a few thousand ids suffice. */
function collidingIds(count: number): string[] {
  const places = new Map<string, string[]>();
  for (let index = 0; ; index += 1) {
    const eid = `c${String(index)}`;
    const key = recordKey(start(eid), 0);
    const ids = [...(places.get(key) ?? []), eid];
    if (ids.length === count) return ids;
    places.set(key, ids);
  }
}

const total = (store: MemoryRecordStore): number =>
  store.rows('call_metrics', 'start').reduce((sum, { measures }) => sum + Number(measures['n']), 0);

describe('fact store', () => {
  test('things that meet at one place are both kept, in any order, versions and repetition', async () => {
    const [a = '', b = ''] = collidingIds(2);
    const said = [
      start(a),
      start(b),
      start(a, 2, 0),
      start(b, 3, 5),
      start(a),
      start(b, 2, 4),
      start(a, 2, 0),
      start(b, 3, 5),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(said, { minLength: said.length }),
        fc.integer({ min: 1, max: 8 }),
        async (facts, size) => {
          const records = new MemoryRecordStore();
          const store = createRecordFactStore(records);
          for (let index = 0; index < facts.length; index += size) {
            const outcomes = await store.write(facts.slice(index, index + size));
            assert.ok(outcomes.every(({ status }) => status !== 'dead'));
          }
          assert.equal(total(records), 5);
        },
      ),
    );
  });

  test('equal version and other values is a conflict, never a second row', async () => {
    const records = new MemoryRecordStore();
    const store = createRecordFactStore(records);
    const outcomes = await store.write([start('a'), start('a', 1, 2)]);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'dead' ? outcome.code : outcome.status)),
      ['stored', 'conflict'],
    );
    assert.equal(total(records), 1);
  });

  test('a claimed place is never counted, and a first version behind it is superseded', async () => {
    const records = new MemoryRecordStore();
    const store = createRecordFactStore(records);
    await records.writeRecords({ table: 'call_metrics', territoryId: 101, regionId: 1 }, [
      { fact: { ...start('a'), measures: { n: 0, claim: 1, eid: 'a' } }, salt: 0 },
    ]);
    assert.deepEqual(await store.write([start('a')]), [{ status: 'duplicate' }]);
    assert.equal(total(records), 0);
  });

  test('a lower version of a sample is superseded, an equal one with other values a conflict', async () => {
    const level = (version: number, depth: number): Fact => ({
      table: 'queue_metrics',
      name: 'level',
      territoryId: 101,
      regionId: 1,
      dimensions: { queue_id: 'q', part: 'p' },
      timeMs: T0,
      version,
      measures: { depth },
    });
    const store = createRecordFactStore(new MemoryRecordStore());
    const outcomes = await store.write([level(5, 1), level(3, 2), level(5, 1), level(5, 9)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['stored', 'duplicate', 'stored', 'dead'],
    );
  });

  test('batches hold at most 100 records of one table and territory', async () => {
    const records = new MemoryRecordStore();
    const facts = Array.from({ length: 250 }, (_, index) => ({
      ...start(`x${String(index)}`),
      territoryId: index < 30 ? 101 : 202,
    }));
    await createRecordFactStore(records).write(facts);
    assert.deepEqual(
      records.calls.sort((a, b) => a - b),
      [20, 30, 100, 100],
    );
  });

  test('a place lies within its millisecond, or within its second for whole seconds', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 0, max: 9 }),
        (eid, timeMs, salt) => {
          const spread = recordTimeNs(start(eid, 1, 1, timeMs), salt) - BigInt(timeMs) * 1_000_000n;
          assert.ok(spread >= 0n && spread < (timeMs % 1000 === 0 ? 1_000_000_000n : 1_000_000n));
        },
      ),
    );
  });
});
