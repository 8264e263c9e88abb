import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricReply } from '@lumina/contracts';
import type { BudgetState } from '../../timestream/query-budget.ts';
import { storeScanReaders } from './scans/store-scan-reader.ts';
import { MetricService } from './service.ts';

const NOW = Date.parse('2026-03-02T10:00:17.500Z');
const directory = {
  timeZoneOf: (): Promise<undefined> => Promise.resolve(undefined),
  agentsOfTeams: (): Promise<string[]> => Promise.resolve([]),
  agentsOfQueues: (): Promise<string[]> => Promise.resolve([]),
};

function ask(budget: BudgetState | undefined, maxPoints?: number): Promise<MetricReply> {
  const readers = storeScanReaders({ query: () => Promise.resolve([{ bin: NOW - 120_000, p0: 3 }]) });
  const service = new MetricService({ readers, directory, clock: () => NOW, budgetOf: () => budget, maxPoints });
  return service.query(
    { range: { last: '1h' }, bin: '1m', queries: [{ ref: 'A', metrics: ['call_count'] }] },
    { territoryId: 101, regionId: 1, permissions: ['metrics:read'] },
  );
}

test('a budget that is nearly used up warns and changes nothing', async () => {
  const { meta } = await ask({ state: 'warn', refreshMs: 1_000 });
  assert.deepEqual([meta.budget, meta.asOf], [{ state: 'warn', refreshMs: 1_000 }, NOW]);
  assert.equal((await ask(undefined)).meta.budget, undefined);
});

test('a budget that is used up makes new data rarer, says so and blanks nothing', async () => {
  const reply = await ask({ state: 'slow', refreshMs: 60_000 });
  assert.deepEqual(reply.meta.budget, { state: 'slow', refreshMs: 60_000 });
  assert.equal(reply.meta.asOf, Date.parse('2026-03-02T10:00:00Z'));
  assert.equal(reply.aggregations[0]?.value, 3);
});

test('points of a reply are limited as configured', async () => {
  assert.deepEqual((await ask(undefined, 61)).errors, []);
  assert.deepEqual((await ask(undefined, 60)).errors[0]?.code, 'bin_too_small');
});
