import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fact } from '@lumina/contracts';

import { encodeRecord, recordKey, recordTimeNs } from './encode-record.ts';
import { boundedHash } from './hash.ts';

const slice: Fact = {
  table: 'agent_metrics',
  name: 'slice',
  territoryId: 101,
  regionId: 1,
  dimensions: { agent_id: 'a', state: 'away' },
  timeMs: 5,
  version: 1,
  measures: { ms: 0, team_id: 't' },
};

test('the time of a record is its ms, and within it or its whole second a hash of its thing', () => {
  const instant = fc.oneof(
    fc.nat(2000),
    fc.integer({ min: 0, max: 4e12 }),
    fc.nat(4e9).map((seconds) => seconds * 1000),
  );
  fc.assert(
    fc.property(instant, fc.option(fc.string(), { nil: undefined }), fc.nat(20), (timeMs, eid, salt) => {
      const { eid: _eid, ...plain } = { ...slice, timeMs, eid };
      const fact: Fact = eid === undefined ? plain : { ...plain, eid };
      const bound = timeMs % 1000 === 0 ? 1_000_000_000 : 1_000_000;
      const expected = BigInt(timeMs) * 1_000_000n + BigInt(eid === undefined ? 0 : boundedHash(eid, salt, bound));
      assert.equal(recordTimeNs(fact, salt), expected);
      assert.equal(encodeRecord(fact, salt).Time, String(expected));
    }),
    { numRuns: 2000 },
  );
});

test('keys tell dimensions apart, in whatever order a fact has them', () => {
  const swapped = { ...slice, dimensions: { state: 'away', agent_id: 'a' } };
  assert.equal(recordKey(slice, 0), recordKey(swapped, 0));
  for (const other of [
    { ...slice, dimensions: { agent_id: 'b', state: 'away' } },
    { ...slice, dimensions: { agent_id: 'a', state: 'acw' } },
    { ...slice, timeMs: 6 },
    { ...slice, territoryId: 102 },
    { ...slice, regionId: 2 },
  ])
    assert.notEqual(recordKey(slice, 0), recordKey(other, 0));
});

test('a fact or measure that the model does not have is a defect, and says so', () => {
  assert.throws(() => encodeRecord({ ...slice, name: 'nothing' }, 0), /There is no fact agent_metrics\.nothing/);
  assert.throws(() => encodeRecord({ ...slice, measures: { hours: 1 } }, 0), /has no measure hours/);
});
