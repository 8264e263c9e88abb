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
  queueMembers: (): Promise<never[]> => Promise.resolve([]),
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

test('groups count too: a query whose series are too many is refused, the others are answered', async () => {
  const rows = Array.from({ length: 40 }, (_, index) => ({ bin: NOW - 120_000, g0: `q_${String(index)}`, p0: 1 }));
  const readers = storeScanReaders({ query: () => Promise.resolve(rows) });
  const service = new MetricService({ readers, directory, clock: () => NOW, maxPoints: 1_000 });
  const grouped = { metrics: ['call_count'], groupBy: ['queue_id'] };
  const reply = await service.query(
    {
      range: { last: '1h' },
      bin: '1m',
      queries: [
        { ref: 'all', ...grouped },
        { ref: 'top', ...grouped, top: 3 },
      ],
    },
    { territoryId: 101, regionId: 1, permissions: ['metrics:read'] },
  );
  assert.deepEqual(
    reply.errors.map(({ ref, code }) => [ref, code]),
    [['all', 'bin_too_small']],
  );
  assert.deepEqual(
    reply.aggregations.map(({ value }) => value),
    [1, 1, 1, 37],
  );
});

test('a definition tells the rules of a number, or none where widgets have different ones', async () => {
  const readers = storeScanReaders({ query: () => Promise.resolve([]) });
  const service = new MetricService({ readers, directory, clock: () => NOW });
  const level = (ref: string, thresholdS: number): { ref: string; metrics: string[]; options: object } => ({
    ref,
    metrics: ['queue_service_level'],
    options: { thresholdS },
  });
  const textOf = async (...thresholds: number[]): Promise<string | undefined> => {
    const queries = thresholds.map((thresholdS, index) => level(String(index), thresholdS));
    const identity = { territoryId: 101, regionId: 1, permissions: ['metrics:read' as const] };
    return (await service.query({ range: { last: '1h' }, queries }, identity)).meta.definitions['queue_service_level']
      ?.text;
  };
  assert.match((await textOf(30, 30)) ?? '', /T = 30 s/u);
  assert.doesNotMatch((await textOf(30, 60, 30)) ?? '', /T = /u);
});
