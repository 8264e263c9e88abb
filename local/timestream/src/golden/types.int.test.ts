import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PrepareQueryCommand, QueryCommand, ValidationException } from '@aws-sdk/client-timestream-query';
import { START_MS, record, startTestServer } from '../testing/server.ts';
import type { TestServer } from '../testing/server.ts';

const scalar = (name: string, type: string): unknown => ({ Name: name, Type: { ScalarType: type } });

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await server.put([
    record({ Time: String(START_MS), MeasureValue: '10' }),
    record({ Time: String(START_MS - 60_000), MeasureValue: '20' }),
    record({ Time: String(START_MS - 60_000), MeasureValue: '7', MeasureName: 'wait' }),
    record({ Time: String(START_MS), Dimensions: [{ Name: 'territory_id', Value: '999' }] }),
  ]);
});
after(() => server.close());

/** Worked by hand: literals are as small as they can be, and aggregates of whole numbers are BIGINT. */
const TYPES: readonly (readonly [expression: string, type: string])[] = [
  ['1', 'INTEGER'],
  ['2147483648', 'BIGINT'],
  ['1.0', 'DOUBLE'],
  ["'a'", 'VARCHAR'],
  ['NULL', 'UNKNOWN'],
  ['1 = 1', 'BOOLEAN'],
  ['1 + 1', 'INTEGER'],
  ['7 / 2', 'INTEGER'],
  ["1 + BIGINT '1'", 'BIGINT'],
  ['now()', 'TIMESTAMP'],
  ['current_date', 'DATE'],
  ['current_time', 'TIME'],
  ['5m', 'INTERVAL_DAY_TO_SECOND'],
  ["INTERVAL '1' MONTH", 'INTERVAL_YEAR_TO_MONTH'],
  ['now() - ago(1m)', 'INTERVAL_DAY_TO_SECOND'],
  ['count(*)', 'BIGINT'],
  ['sum(1)', 'BIGINT'],
  ['sum(1.5)', 'DOUBLE'],
  ['max(1)', 'INTEGER'],
  ['avg(1)', 'DOUBLE'],
  ["length('a')", 'BIGINT'],
  ['cardinality(ARRAY[1])', 'BIGINT'],
  ['year(now())', 'BIGINT'],
  ['abs(-1)', 'INTEGER'],
  ['round(1.5)', 'DOUBLE'],
  ['CASE WHEN true THEN 1 ELSE 2.5 END', 'DOUBLE'],
];

test('values have the types of the language', async () => {
  const list = TYPES.map(([expression]) => expression).join(', ');
  const { ColumnInfo } = await server.query.send(new QueryCommand({ QueryString: `SELECT ${list}` }));
  assert.deepEqual(
    ColumnInfo,
    TYPES.map(([, type], index) => scalar(`_col${index}`, type)),
  );
});

test('arrays, rows and timeseries are described and answered each in its form', async () => {
  const { ColumnInfo, Rows } = await server.query.send(
    new QueryCommand({
      QueryString: `SELECT ARRAY[1] AS a, CAST(ROW(1, 'x') AS ROW(n BIGINT, s VARCHAR)) AS r, ROW(1) AS u,
        create_time_series(time, measure_value::double) AS t
        FROM lumina.call_metrics WHERE territory_id = '123' AND measure_name = 'duration'`,
    }),
  );
  assert.deepEqual(ColumnInfo, [
    { Name: 'a', Type: { ArrayColumnInfo: { Type: { ScalarType: 'INTEGER' } } } },
    { Name: 'r', Type: { RowColumnInfo: [scalar('n', 'BIGINT'), scalar('s', 'VARCHAR')] } },
    { Name: 'u', Type: { RowColumnInfo: [{ Type: { ScalarType: 'INTEGER' } }] } },
    { Name: 't', Type: { TimeSeriesMeasureValueColumnInfo: { Type: { ScalarType: 'DOUBLE' } } } },
  ]);
  assert.deepEqual(Rows?.[0]?.Data, [
    { ArrayValue: [{ ScalarValue: '1' }] },
    { RowValue: { Data: [{ ScalarValue: '1' }, { ScalarValue: 'x' }] } },
    { RowValue: { Data: [{ ScalarValue: '1' }] } },
    {
      TimeSeriesValue: [
        { Time: '2026-03-04 11:59:00.000000000', Value: { ScalarValue: '20.0' } },
        { Time: '2026-03-04 12:00:00.000000000', Value: { ScalarValue: '10.0' } },
      ],
    },
  ]);
});

test('the example query of the product runs as it is written', async () => {
  const rows = await server.rows(`SELECT 
    bin(time, 5m) as period,
    measure_name,
    AVG(measure_value::double) as avg_value
FROM "lumina"."call_metrics"
WHERE 
    time BETWEEN ago(1h) AND now()
    AND territory_id = '123'
GROUP BY bin(time, 5m), measure_name
ORDER BY period DESC`);
  assert.deepEqual(rows.map((row) => row.join('|')).sort(), [
    '2026-03-04 11:55:00.000000000|duration|20.0',
    '2026-03-04 11:55:00.000000000|wait|7.0',
    '2026-03-04 12:00:00.000000000|duration|10.0',
  ]);
  assert.deepEqual(rows[0]?.[0], '2026-03-04 12:00:00.000000000');
});

test('a query is prepared: columns with their tables, and parameters with their types', async () => {
  const QueryString = `SELECT time, territory_id AS t, c.measure_value::double * 2, count(*) OVER () AS n
    FROM lumina.call_metrics c WHERE territory_id = @territory AND time BETWEEN @from AND now() AND @any IS NULL`;
  const { Columns, Parameters } = await server.query.send(new PrepareQueryCommand({ QueryString, ValidateOnly: true }));
  const source = { DatabaseName: 'lumina', TableName: 'call_metrics' };
  assert.deepEqual(Columns, [
    { Name: 'time', Type: { ScalarType: 'TIMESTAMP' }, ...source, Aliased: false },
    { Name: 't', Type: { ScalarType: 'VARCHAR' }, ...source, Aliased: true },
    { Name: '_col2', Type: { ScalarType: 'DOUBLE' }, Aliased: false },
    { Name: 'n', Type: { ScalarType: 'BIGINT' }, Aliased: true },
  ]);
  assert.deepEqual(Parameters, [
    { Name: 'territory', Type: { ScalarType: 'VARCHAR' } },
    { Name: 'from', Type: { ScalarType: 'TIMESTAMP' } },
    { Name: 'any', Type: { ScalarType: 'UNKNOWN' } },
  ]);
});

test('a query that is wrong, or to be kept, is not prepared', async () => {
  const prepare = (QueryString: string, ValidateOnly: boolean): Promise<unknown> =>
    server.query.send(new PrepareQueryCommand({ QueryString, ValidateOnly }));
  await assert.rejects(prepare('SELECT nope', true), /line 1:8: Column 'nope' does not exist/);
  await assert.rejects(prepare('SHOW DATABASES', true), /line 1:1: Only a SELECT statement can be prepared/);
  await assert.rejects(prepare('SELECT 1', false), ValidationException);
});
