import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fact } from '@lumina/contracts';
import fc from 'fast-check';

import { Accounting, type Delivery, type DeliveryClass } from './accounting.ts';

/** The last slot of a UTC day. */
const LATE_MS = Date.UTC(2026, 2, 3, 23, 59, 50);
const CLASSES: readonly DeliveryClass[] = ['stored', 'late', 'duplicate', 'rejected', 'dead_lettered'];

function delivery(more: Partial<Delivery> = {}): Delivery {
  return { source: 'freeswitch', territoryId: 101, outcome: 'stored', lagMs: 40, ...more };
}

/** The rows as the store has them: the highest version of each counts, and no version has two values. */
function rowsOf(facts: readonly Fact[]): Fact[] {
  const rows = new Map<string, Fact>();
  for (const fact of facts) {
    const key = JSON.stringify([fact.name, fact.territoryId, fact.dimensions, fact.timeMs]);
    const before = rows.get(key);
    if (before?.version === fact.version) assert.deepEqual(fact, before, 'one version with two values');
    if (before === undefined || before.version < fact.version) rows.set(key, fact);
  }
  return [...rows.values()];
}

const sum = (facts: readonly Fact[], measure: string): number =>
  facts.reduce((total, { measures }) => total + Number(measures[measure]), 0);

describe('accounting', () => {
  test('counts per source and worker as facts of the platform, per tenant as facts of the tenant', () => {
    const accounting = new Accounting('w1', 1);
    accounting.count([delivery(), delivery({ outcome: 'dead_lettered', lagMs: 100 })], LATE_MS + 500);
    assert.deepEqual(accounting.takeFacts(LATE_MS + 600), [
      {
        table: 'system_metrics',
        name: 'ingest',
        territoryId: 0,
        regionId: 1,
        dimensions: { source: 'freeswitch', worker: 'w1' },
        timeMs: LATE_MS,
        version: 601,
        measures: { deliveries: 2, stored: 1, late: 0, duplicate: 0, rejected: 0, dead_lettered: 1, lag_ms: 100 },
      },
      {
        table: 'system_metrics',
        name: 'source',
        territoryId: 101,
        regionId: 1,
        dimensions: { source: 'freeswitch', worker: 'w1' },
        timeMs: LATE_MS,
        version: 601,
        measures: { received: 2, rejected: 1, last_ms: LATE_MS + 460 },
      },
    ]);
  });

  test('a delivery whose tenant could not be told counts for the platform only', () => {
    const accounting = new Accounting('w1', 1);
    accounting.count([delivery({ territoryId: undefined, outcome: 'dead_lettered' })], LATE_MS);
    assert.deepEqual(
      accounting.takeFacts(LATE_MS).map(({ name }) => name),
      ['ingest'],
    );
  });

  test('tells only the rows that changed', () => {
    const accounting = new Accounting('w1', 1);
    accounting.count([delivery(), delivery({ source: 'cai' })], LATE_MS);
    accounting.takeFacts(LATE_MS + 1);
    accounting.count([delivery({ source: 'cai' })], LATE_MS + 2);
    const facts = accounting.takeFacts(LATE_MS + 3);
    assert.deepEqual(
      facts.map(({ name, dimensions }) => [name, dimensions['source']]),
      [
        ['ingest', 'cai'],
        ['source', 'cai'],
      ],
    );
    assert.deepEqual(accounting.takeFacts(LATE_MS + 4), []);
  });

  test('a slot that ended meanwhile is told in full, over midnight too', () => {
    const accounting = new Accounting('w1', 1);
    accounting.count([delivery()], LATE_MS + 9999);
    accounting.count([delivery()], LATE_MS + 10_000);
    const facts = accounting.takeFacts(LATE_MS + 25_000).filter(({ name }) => name === 'ingest');
    assert.deepEqual(
      facts.map(({ timeMs, version, measures }) => [timeMs, version, measures['deliveries']]),
      [
        [LATE_MS, 10_001, 1],
        [LATE_MS + 10_000, 10_001, 1],
      ],
    );
  });

  test('a clock that is set back opens no slot again that was told and forgotten', () => {
    const accounting = new Accounting('w1', 1);
    accounting.count([delivery()], LATE_MS + 5000);
    const facts = accounting.takeFacts(LATE_MS + 12_000);
    accounting.count([delivery()], LATE_MS + 6000);
    facts.push(...accounting.takeFacts(LATE_MS + 6000), ...accounting.takeFacts(LATE_MS + 13_000));
    assert.equal(sum(rowsOf(facts.filter(({ name }) => name === 'ingest')), 'deliveries'), 2);
  });

  test('whatever the clock does and however often it is asked, no delivery is lost and the classes add up', () => {
    const stepArbitrary = fc.record({
      advanceMs: fc.integer({ min: -3000, max: 12_000 }),
      deliveries: fc.array(
        fc.record({
          source: fc.constantFrom('freeswitch', 'cai', ''),
          territoryId: fc.constantFrom(101, 102, undefined),
          outcome: fc.constantFrom(...CLASSES),
          lagMs: fc.nat(100_000),
        }),
        { maxLength: 5 },
      ),
      isTaken: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 30 }), (steps) => {
        const accounting = new Accounting('w1', 1);
        const facts: Fact[] = [];
        let nowMs = LATE_MS;
        for (const { advanceMs, deliveries, isTaken } of steps) {
          nowMs += advanceMs;
          accounting.count(deliveries, nowMs);
          if (isTaken) facts.push(...accounting.takeFacts(nowMs));
        }
        facts.push(...accounting.takeFacts(nowMs));
        const rows = rowsOf(facts);
        const ingest = rows.filter(({ name }) => name === 'ingest');
        const all = steps.flatMap(({ deliveries }) => deliveries);
        assert.equal(sum(ingest, 'deliveries'), all.length);
        for (const outcome of CLASSES)
          assert.equal(sum(ingest, outcome), all.filter((one) => one.outcome === outcome).length);
        const tenants = rows.filter(({ name }) => name === 'source');
        assert.equal(sum(tenants, 'received'), all.filter(({ territoryId }) => territoryId !== undefined).length);
      }),
    );
  });
});
