import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { forDashboard } from './asking-dashboard.ts';
import { GuardedStore } from './guarded-store.ts';
import type { GuardedStoreOptions } from './guarded-store.ts';
import { StoreError } from './port.ts';
import type { QueryOptions, TimeSeriesStore } from './port.ts';
import { QueryBudget } from './query-budget.ts';
import { createStoreMeter } from './store-metrics.ts';

const never = (): AbortSignal => new AbortController().signal;
const until = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DOMException('ended', 'AbortError'));
    });
  });

function guarded(inner: TimeSeriesStore['query'], more: Partial<GuardedStoreOptions> = {}): GuardedStore {
  const meter = { finished: () => undefined };
  return new GuardedStore({
    inner: { query: inner },
    maxConcurrent: 2,
    timeoutMs: 1_000,
    meter,
    timeout: never,
    ...more,
  });
}

test('a territory has only so many queries under way, and takes nothing from another', async () => {
  const running = new Map<number, number>();
  const most = new Map<number, number>();
  const store = guarded(async (_sql, { territoryId = 0 } = {}) => {
    running.set(territoryId, (running.get(territoryId) ?? 0) + 1);
    most.set(territoryId, Math.max(most.get(territoryId) ?? 0, running.get(territoryId) ?? 0));
    await new Promise<void>((resolve) => setImmediate(resolve));
    running.set(territoryId, (running.get(territoryId) ?? 0) - 1);
    return [];
  });
  await Promise.all(Array.from({ length: 30 }, (_, index) => store.query('', { territoryId: 101 + (index % 2) })));
  assert.deepEqual(
    [...most],
    [
      [101, 2],
      [102, 2],
    ],
  );
});

test('who gives up leaves the line, and the place goes to the next', async () => {
  const order: string[] = [];
  const finish: (() => void)[] = [];
  const store = guarded(
    (sql) => {
      order.push(sql);
      return new Promise((resolve) =>
        finish.push(() => {
          resolve([]);
        }),
      );
    },
    { maxConcurrent: 1 },
  );
  const abort = new AbortController();
  const first = store.query('first', { territoryId: 1 });
  const second = store.query('second', { territoryId: 1, signal: abort.signal });
  const third = store.query('third', { territoryId: 1 });
  abort.abort();
  await assert.rejects(second, { name: 'AbortError' });
  finish.shift()?.();
  await first;
  await new Promise<void>((resolve) => setImmediate(resolve));
  finish.shift()?.();
  await third;
  assert.deepEqual(order, ['first', 'third']);
});

test('a query that takes too long is ended, which cancels it in the store, and says so', async () => {
  const late = new AbortController();
  let given: QueryOptions = {};
  const store = guarded(
    (_sql, options = {}) => {
      given = options;
      return until(options.signal);
    },
    { timeout: () => late.signal },
  );
  const answer = store.query('', { territoryId: 1 });
  await Promise.resolve();
  late.abort();
  await assert.rejects(
    answer,
    (error) => error instanceof StoreError && error.code === 'store_timed_out' && error.retriable,
  );
  assert.equal(given.signal?.aborted, true);
});

test('what queries cost is counted by territory and dashboard, and against the budget of the day', async () => {
  let nowMs = Date.parse('2026-03-02T23:00:00Z');
  const registry = new Registry();
  const budget = new QueryBudget({ usdPerDay: 1, clock: () => nowMs });
  const meter = createStoreMeter({ registry, budget, usdPerGb: 0.1 });
  let bytes = 4e9;
  const store = guarded(
    (_sql, { onCost } = {}) => {
      onCost?.({ scannedBytes: 1, meteredBytes: bytes });
      return Promise.resolve([]);
    },
    { meter },
  );
  assert.equal(budget.stateOf(101), undefined);
  await forDashboard('board', () => store.query('', { territoryId: 101 }));
  assert.equal(budget.stateOf(101), undefined);
  await store.query('', { territoryId: 101 });
  assert.equal(budget.stateOf(101)?.state, 'warn');
  bytes = 2e9;
  await store.query('', { territoryId: 101 });
  assert.deepEqual(budget.stateOf(101), { state: 'slow', refreshMs: 60_000 });
  assert.equal(budget.stateOf(202), undefined);
  const text = await registry.metrics();
  assert.match(text, /lumina_store_metered_bytes_total\{territory="101",dashboard="board"\} 4000000000/u);
  assert.match(text, /lumina_store_queries_total\{territory="101",dashboard="-",outcome="ok"\} 2/u);
  assert.match(text, /lumina_store_cost_usd_total\{territory="101",dashboard="board"\} 0\.4/u);
  nowMs += 2 * 3_600_000;
  assert.equal(budget.stateOf(101), undefined);
  assert.equal(new QueryBudget({ usdPerDay: 0 }).stateOf(101), undefined);
});

test('failures are counted by what they were', async () => {
  const registry = new Registry();
  const meter = createStoreMeter({ registry, budget: new QueryBudget({ usdPerDay: 0 }), usdPerGb: 0 });
  const failures = [
    new StoreError('store_throttled', 'slow down'),
    new StoreError('store_rejected', 'no'),
    new StoreError('store_column_missing', 'none yet', { column: 'n' }),
  ];
  const store = guarded(() => Promise.reject(failures.shift() ?? new Error('none left')), { meter });
  await assert.rejects(store.query('', { territoryId: 1 }), { code: 'store_throttled' });
  await assert.rejects(store.query('', { territoryId: 1 }), { code: 'store_rejected' });
  await assert.rejects(store.query('', { territoryId: 1 }), { code: 'store_column_missing' });
  const text = await registry.metrics();
  for (const outcome of ['throttled', 'failed', 'absent'])
    assert.match(text, new RegExp(`outcome="${outcome}"\\} 1`, 'u'));
});
