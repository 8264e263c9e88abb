import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fingerprintOf, storedSeries } from '../write/digest.ts';
import { KeyTable } from './key-table.ts';
import type { Fingerprint, StoredKey } from './key-table.ts';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
// Few halves, so that fingerprints meet and chains grow.
const half = fc.oneof(fc.integer({ min: -3, max: 3 }), int32);
const nameOf = ({ high, low }: Fingerprint): string => `${high},${low}`;

test('a key table answers as a map would, also after it has grown', () => {
  const writes = fc.array(
    fc.record({
      key: fc.record({ high: half, low: half }),
      value: fc.record({
        version: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
        digest: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      }),
    }),
    { maxLength: 3000, size: 'max' },
  );
  fc.assert(
    fc.property(writes, (steps) => {
      const table = new KeyTable();
      const model = new Map<string, StoredKey>();
      for (const { key, value } of steps) {
        assert.deepEqual(table.get(key), model.get(nameOf(key)));
        table.set(key, value);
        model.set(nameOf(key), { ...value });
      }
      assert.equal(table.size, model.size);
      for (const { key } of steps) assert.deepEqual(table.get(key), model.get(nameOf(key)));
    }),
    { numRuns: 40 },
  );
});

test('two instants of one series never share a fingerprint', () => {
  const instant = fc.bigInt({ min: 0n, max: 2n ** 62n });
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), instant, instant, (series, one, other) => {
      fc.pre(one !== other);
      const of = (timeNs: bigint): string => nameOf(fingerprintOf(storedSeries(series), timeNs));
      assert.notEqual(of(one), of(other));
    }),
    { numRuns: 2000 },
  );
});
