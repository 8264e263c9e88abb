import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../../timestream/port.ts';
import { call, column } from '../../../timestream/sql/ast.ts';
import type { Select } from '../../../timestream/sql/ast.ts';
import { TenantReader } from './tenant-reader.ts';

const select: Select = {
  columns: [
    { expr: call('sum', column('n')), as: 'p0' },
    { expr: call('max', column('oldest_join_ms')), as: 'p1' },
  ],
  from: { kind: 'table', table: 'queue_metrics' },
};
const tenant = { territoryId: 101, regionId: 1 };

test('a column that no row has brought yet is read as null, and the query repeated', async () => {
  const texts: string[] = [];
  const missing = ['n', 'oldest_join_ms'];
  const reader = new TenantReader(
    {
      query: (sql) => {
        texts.push(sql);
        const name = missing.shift();
        if (name === undefined) return Promise.resolve([{ p0: null, p1: null }]);
        return Promise.reject(new StoreError('store_column_missing', 'missing', { column: name }));
      },
    },
    tenant,
  );
  assert.deepEqual(await reader.read(select), [{ p0: null, p1: null }]);
  assert.match(texts[2] ?? '', /sum\(CAST\(NULL AS BIGINT\)\) AS p0, max\(CAST\(NULL AS BIGINT\)\) AS p1/u);
});

test('a column that stays missing, or that nobody knows, is an error', async () => {
  for (const name of ['n', 'surprise']) {
    const reader = new TenantReader(
      { query: () => Promise.reject(new StoreError('store_column_missing', 'x', { column: name })) },
      tenant,
    );
    await assert.rejects(reader.read(select), { code: 'store_column_missing' });
  }
});

test('a table without rows reads as no rows', async () => {
  const failures = [
    new StoreError('store_table_missing', 'no table'),
    new StoreError('store_column_missing', 'no column', { column: 'territory_id' }),
  ];
  for (const failure of failures) {
    assert.deepEqual(await new TenantReader({ query: () => Promise.reject(failure) }, tenant).read(select), []);
  }
});

test('at most eight queries of a request run at once, and all of them run', async () => {
  let running = 0;
  let most = 0;
  const reader = new TenantReader(
    {
      query: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => setImmediate(resolve));
        running -= 1;
        return [];
      },
    },
    tenant,
  );
  await Promise.all(Array.from({ length: 30 }, () => reader.read(select)));
  assert.deepEqual([most, reader.queries], [8, 30]);
});

test('a request that was given up asks the store nothing more', async () => {
  const abort = new AbortController();
  abort.abort();
  const reader = new TenantReader({ query: () => Promise.resolve([]) }, tenant, abort.signal);
  await assert.rejects(reader.read(select), { name: 'AbortError' });
  assert.equal(reader.queries, 0);
});
