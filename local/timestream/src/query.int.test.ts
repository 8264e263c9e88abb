import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CancelQueryCommand,
  QueryCommand,
  QueryExecutionException,
  TimestreamQueryClient,
  ValidationException,
} from '@aws-sdk/client-timestream-query';
import { START_MS, record, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

const MINUTE_MS = 60_000;
let server: TestServer;

before(async () => {
  server = await startTestServer();
  const at = (minutesAgo: number): string => String(START_MS - minutesAgo * MINUTE_MS);
  await server.put([
    record({ Time: at(1), MeasureValue: '10' }),
    record({ Time: at(2), MeasureValue: '20' }),
    record({ Time: at(8), MeasureValue: '40' }),
    record({ Time: at(8), MeasureValue: '7', MeasureName: 'wait' }),
    record({ Time: at(90), MeasureValue: '1000' }),
    record({ Time: at(1), MeasureValue: '5', Dimensions: [{ Name: 'territory_id', Value: '999' }] }),
  ]);
});
after(() => server.close());

test("the product's example query answers per period and measure", async () => {
  const rows = await server.rows(`
    SELECT bin(time, 5m) as period, measure_name, AVG(measure_value::double) as avg_value
    FROM "lumina"."call_metrics"
    WHERE time BETWEEN ago(1h) AND now() AND territory_id = '123'
    GROUP BY bin(time, 5m), measure_name
    ORDER BY period DESC, measure_name`);
  assert.deepEqual(rows, [
    ['2026-03-04 11:55:00.000000000', 'duration', '15.0'],
    ['2026-03-04 11:50:00.000000000', 'duration', '40.0'],
    ['2026-03-04 11:50:00.000000000', 'wait', '7.0'],
  ]);
});

test('a reply has column types and a status', async () => {
  const reply = await server.query.send(
    new QueryCommand({
      QueryString: 'SELECT time, measure_value::double AS v, count(*) OVER () FROM lumina.call_metrics LIMIT 1',
    }),
  );
  assert.match(reply.QueryId ?? '', /^[A-Z0-9]{1,64}$/);
  assert.deepEqual(reply.ColumnInfo, [
    { Name: 'time', Type: { ScalarType: 'TIMESTAMP' } },
    { Name: 'v', Type: { ScalarType: 'DOUBLE' } },
    { Name: '_col2', Type: { ScalarType: 'BIGINT' } },
  ]);
  assert.equal(reply.QueryStatus?.ProgressPercentage, 100);
  assert.equal(reply.QueryStatus.CumulativeBytesMetered, 10_000_000);
});

test('SELECT * has dimensions, measure_name, time, then measures', async () => {
  const reply = await server.query.send(new QueryCommand({ QueryString: 'SELECT * FROM lumina.call_metrics' }));
  assert.deepEqual(
    reply.ColumnInfo?.map((column) => column.Name),
    ['territory_id', 'measure_name', 'time', 'measure_value::double'],
  );
});

test('pages follow one another, the first without rows; a token can be repeated until a newer one is used', async () => {
  const QueryString = 'SELECT x FROM UNNEST(sequence(1, 7)) AS t(x)';
  const ask = async (NextToken?: string): Promise<{ values: (string | undefined)[]; token: string | undefined }> => {
    const page = await server.query.send(new QueryCommand({ QueryString, MaxRows: 3, NextToken }));
    return { values: (page.Rows ?? []).map((row) => row.Data?.[0]?.ScalarValue), token: page.NextToken };
  };
  const first = await ask();
  assert.deepEqual(first.values, []);
  const second = await ask(first.token);
  assert.deepEqual(second.values, ['1', '2', '3']);
  assert.deepEqual(await ask(first.token), second);
  const third = await ask(second.token);
  assert.deepEqual(third.values, ['4', '5', '6']);
  await assert.rejects(ask(first.token), /Invalid pagination token/);
  assert.deepEqual(await ask(third.token), { values: ['7'], token: undefined });
  await assert.rejects(
    server.query.send(new QueryCommand({ QueryString: 'SELECT 1', NextToken: third.token })),
    /the query string must not change/,
  );
});

test('a large result comes in pages even without MaxRows', async () => {
  const rows = await server.rows('SELECT x FROM UNNEST(sequence(1, 100000)) AS t(x) ORDER BY x');
  assert.equal(rows.length, 100_000);
  assert.deepEqual(rows.at(-1), ['100000']);
});

test('a query is cancelled, and an unknown one is no error', async () => {
  const { CancellationMessage } = await server.query.send(new CancelQueryCommand({ QueryId: 'ABC' }));
  assert.match(CancellationMessage ?? '', /ABC/);
  await assert.rejects(
    server.query.send(new QueryCommand({ QueryString: 'SELECT 1', MaxRows: 1001 })),
    ValidationException,
  );
});

test('a token belongs to the client that got it', async () => {
  const QueryString = 'SELECT x FROM UNNEST(sequence(1, 7)) AS t(x)';
  const { NextToken } = await server.query.send(new QueryCommand({ QueryString, MaxRows: 3 }));
  const other = new TimestreamQueryClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'somebodyelse', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  await assert.rejects(other.send(new QueryCommand({ QueryString, MaxRows: 3, NextToken })), /given to another client/);
  other.destroy();
});

/** Runs for minutes unless somebody ends it. */
const ENDLESS = `SELECT count(*) FROM UNNEST(sequence(1, 200000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 200000)) AS b(y) WHERE a.x * b.y = 7`;

test('a query that takes too long is ended, and the server answers the next', async () => {
  const slow = await startTestServer({ prepared: true, queryTimeoutMs: 200 });
  await assert.rejects(
    slow.query.send(new QueryCommand({ QueryString: ENDLESS })),
    (error: Error) => error instanceof QueryExecutionException && /took too long/.test(error.message),
  );
  assert.deepEqual(await slow.rows('SELECT 1'), [['1']]);
  await slow.close();
});

test('a query whose caller hung up is ended', async () => {
  const gone = new AbortController();
  const asked = server.query.send(new QueryCommand({ QueryString: ENDLESS }), { abortSignal: gone.signal });
  await until(async () => (await underWay()) === 1);
  gone.abort();
  await assert.rejects(asked, { name: 'AbortError' });
  await until(async () => (await underWay()) === 0);
});

async function underWay(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^timestream_local_calls_under_way (\d+)$/m.exec(text)?.[1]);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(10);
}

test('SHOW and DESCRIBE answer from the catalog', async () => {
  assert.deepEqual(await server.rows('SHOW DATABASES'), [['lumina']]);
  assert.deepEqual(await server.rows('SHOW TABLES FROM lumina'), [['call_metrics']]);
  assert.deepEqual(await server.rows('DESCRIBE lumina.call_metrics'), [
    ['territory_id', 'varchar', 'DIMENSION'],
    ['measure_name', 'varchar', 'MEASURE_NAME'],
    ['time', 'timestamp', 'TIMESTAMP'],
    ['measure_value::double', 'double', 'MEASURE_VALUE'],
  ]);
  assert.deepEqual(await server.rows('SHOW MEASURES FROM lumina.call_metrics'), [
    ['duration', 'double', '[(territory_id,varchar)]'],
    ['wait', 'double', '[(territory_id,varchar)]'],
  ]);
});
