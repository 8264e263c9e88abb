import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { startTimestreamLocal } from 'timestream-local';
import type { Fault, TimestreamLocal } from 'timestream-local';
import { createTracing } from '../telemetry/open-telemetry.ts';
import { recorded } from '../telemetry/tracing.ts';
import { startTraceCollector } from '../testing/trace-collector.ts';
import { AwsTimestreamStore } from './aws-store.ts';

const PAGE_ROWS = 100;
const ROWS = 450;
const NUMBERS = `SELECT n FROM UNNEST(sequence(1, ${String(ROWS)})) AS t(n)`;
const ATTEMPTS = 4;

let dataDir: string;
let server: TimestreamLocal;
let store: AwsTimestreamStore;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lumina-store-faults-'));
  server = await startTimestreamLocal({ port: 0, host: '127.0.0.1', dataDir });
  store = storeWith({});
});
afterEach(() => {
  server.setFaults({ faults: [], visibilityLagMs: 0 });
});
after(async () => {
  store.close();
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

function storeWith(more: Partial<ConstructorParameters<typeof AwsTimestreamStore>[0]>): AwsTimestreamStore {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new AwsTimestreamStore({
    region: 'eu-west-1',
    endpoint: server.url,
    credentials,
    maxAttempts: ATTEMPTS,
    pageRows: PAGE_ROWS,
    ...more,
  });
}

const goWrong = (...faults: Fault[]): void => {
  server.setFaults({ faults, visibilityLagMs: 0 });
};

async function assertWhole(): Promise<void> {
  const rows = await store.query(NUMBERS);
  const numbers = rows.map(({ n }) => Number(n)).sort((a, b) => a - b);
  assert.deepEqual(
    numbers,
    Array.from({ length: ROWS }, (_, index) => index + 1),
  );
}

for (const kind of ['throttle', 'error', 'lostAcknowledgement'] as const)
  test(`every row comes once, whatever fails a few times: ${kind}`, async () => {
    goWrong({ operation: 'Query', kind, count: ATTEMPTS - 1 });
    await assertWhole();
  });

test('a slow page is waited for', async () => {
  goWrong({ operation: 'Query', kind: 'delay', delayMs: 300, count: 2 });
  await assertWhole();
});

test('what lasts is told apart, and nothing is given for a whole answer', async () => {
  goWrong({ operation: 'Query', kind: 'throttle' });
  await assert.rejects(store.query(NUMBERS), { code: 'store_throttled' });
  goWrong({ operation: 'Query', kind: 'error' });
  await assert.rejects(store.query(NUMBERS), { code: 'store_unavailable' });
});

test('who gives up a slow query is answered at once, and its span says so', async () => {
  const collector = await startTraceCollector();
  const tracing = createTracing({
    endpoint: collector.url,
    headers: {},
    serviceName: 'test',
    ratio: 1,
    liveRatio: 0,
    onFailure: (error) => {
      throw error;
    },
  });
  const traced = storeWith({ tracing });
  goWrong({ operation: 'Query', kind: 'delay', delayMs: 60_000 });
  const abort = new AbortController();
  const request = tracing.openRequest({ kind: 'none' }, 'asking');
  const asking = recorded(request, () => traced.query(NUMBERS, { signal: abort.signal, territoryId: 101 }));
  abort.abort();
  await assert.rejects(asking, { name: 'AbortError' });
  traced.close();
  await tracing.close();
  const [span] = await collector.until((spans) => spans.some(({ name }) => name === 'timestream query'));
  assert.deepEqual(
    [span?.name, span?.isError, span?.attributes['lumina.cancelled'], span?.attributes['lumina.rows']],
    ['timestream query', false, true, 0],
  );
  await collector.close();
});
