import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { _Record } from '@aws-sdk/client-timestream-write';
import { START_MS, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

/** Query, then expected rows: columns separated by `|`, `NULL` for no value. */
type Golden = readonly [sql: string, ...rows: string[]];
type Failing = readonly [sql: string, message: string];

const EXPRESSIONS: readonly Golden[] = [
  [
    'SELECT 5m, 1h, 10s, 1ms, 30d',
    '0 00:05:00.000000000|0 01:00:00.000000000|0 00:00:10.000000000|0 00:00:00.001000000|30 00:00:00.000000000',
  ],
  ['SELECT 5 m', '5'],
  ['SELECT 7/2, -7/2, 7 % 4, 7/2.0, 1.0, 1e20, 2147483648', '3|-3|3|3.5|1.0|1.0E20|2147483648'],
  ['SELECT 1 + 2 * 3 - 4, (1 + 2) * 3, -2 * -3', '3|9|6'],
  [
    "SELECT 'it''s' || '!', concat('a', 'b', 'c'), upper('x'), lower('Y'), length('abc'), substr('abcdef', 2, 3)",
    "it's!|abc|X|y|3|bcd",
  ],
  [
    'SELECT now(), now() - 1h, ago(5m)',
    '2026-03-04 12:00:00.000000000|2026-03-04 11:00:00.000000000|2026-03-04 11:55:00.000000000',
  ],
  ['SELECT now() - ago(90m)', '0 01:30:00.000000000'],
  [
    'SELECT from_milliseconds(1), to_milliseconds(from_milliseconds(1)), from_nanoseconds(1), to_nanoseconds(from_nanoseconds(1))',
    '1970-01-01 00:00:00.001000000|1|1970-01-01 00:00:00.000000001|1',
  ],
  [
    "SELECT from_iso8601_timestamp('2020-01-01T00:00:00.123+01:00'), from_iso8601_timestamp('2020-01-01T00:00:00Z')",
    '2019-12-31 23:00:00.123000000|2020-01-01 00:00:00.000000000',
  ],
  ["SELECT TIMESTAMP '2020-01-01 00:00:00.123456789', DATE '2020-02-29'", '2020-01-01 00:00:00.123456789|2020-02-29'],
  [
    "SELECT date_trunc('hour', now() - 1m), date_trunc('month', now())",
    '2026-03-04 11:00:00.000000000|2026-03-01 00:00:00.000000000',
  ],
  [
    "SELECT bin(TIMESTAMP '2026-03-04 11:59:59.999999999', 5m), bin(TIMESTAMP '1969-12-31 23:59:00', 1h)",
    '2026-03-04 11:55:00.000000000|1969-12-31 23:00:00.000000000',
  ],
  [
    "SELECT TIMESTAMP '2026-01-31 00:00:00.000000001' + INTERVAL '1' MONTH, INTERVAL '2-7' YEAR TO MONTH",
    '2026-02-28 00:00:00.000000001|2-7',
  ],
  ["SELECT date_add('month', 1, now()), date_diff('minute', ago(90m), now())", '2026-04-04 12:00:00.000000000|90'],
  [
    "SELECT CASE WHEN 1 > 2 THEN 'a' WHEN true THEN 'b' END, CASE 3 WHEN 3 THEN 1.5 ELSE 2 END, CASE WHEN false THEN 1 END",
    'b|1.5|NULL',
  ],
  [
    "SELECT CAST('12' AS BIGINT), TRY_CAST('x' AS BIGINT), CAST(3 AS DOUBLE), CAST(2.6 AS INTEGER), CAST(5 AS VARCHAR)",
    '12|NULL|3.0|3|5',
  ],
  [
    'SELECT coalesce(NULL, 2, 3), greatest(1, 3, 2), least(2.5, 1), greatest(1, NULL), if(1 = 1, 5), nullif(2, 2)',
    '2|3|1.0|NULL|5|NULL',
  ],
  ['SELECT abs(-3), floor(2.7), ceil(2.1), round(2.5), round(2.345, 2), sqrt(9)', '3|2.0|3.0|3.0|2.35|3.0'],
  [
    "SELECT 'abc' LIKE 'a%', 'abc' NOT LIKE '_c', 2 IN (1, 2), 2 NOT IN (1, 3), 2 BETWEEN 1 AND 3, NULL IS NULL, NOT true",
    'true|true|true|true|true|true|false',
  ],
  ['SELECT true OR false AND false, (true OR false) AND false, NOT 1 = 2', 'true|false|true'],
  ['SELECT 1/0.0, cardinality(sequence(1, 4)), array[1, 2, 3][2]', 'Infinity|4|2'],
  ['SELECT 1 -- a comment\n /* and\n another */ , 2', '1|2'],
  ["SELECT 'SELECT 5m -- not a comment', '5m'", 'SELECT 5m -- not a comment|5m'],
];

const QUERIES: readonly Golden[] = [
  [
    'SELECT measure_name, sum(n), count(*), count(wait_ms), min(n), max(n) FROM lumina.call_metrics GROUP BY measure_name ORDER BY measure_name',
    'join|3|2|0|1|2',
    'visit|10|4|4|1|4',
  ],
  [
    "SELECT queue_id, sum(wait_ms) / sum(n) FROM lumina.call_metrics WHERE measure_name = 'visit' GROUP BY 1 ORDER BY 1 DESC",
    'q2|300',
    'q1|100',
  ],
  [
    'SELECT avg(n), approx_percentile(n, 0.5), approx_distinct(queue_id), count_if(n > 2), count(DISTINCT measure_name) FROM lumina.call_metrics',
    '2.1666666666666665|2|2|2|2',
  ],
  [
    'SELECT max_by(queue_id, wait_ms), min_by(queue_id, wait_ms), arbitrary(territory_id) FROM lumina.call_metrics',
    'q2|q1|101',
  ],
  ['SELECT DISTINCT queue_id FROM lumina.call_metrics ORDER BY queue_id', 'q1', 'q2'],
  ['SELECT queue_id q, sum(n) s FROM lumina.call_metrics GROUP BY queue_id HAVING sum(n) > 5 ORDER BY s', 'q2|9'],
  ["SELECT sum(n), max(wait_ms) FROM lumina.call_metrics WHERE queue_id = 'none'", 'NULL|NULL'],
  ['SELECT wait_ms FROM lumina.call_metrics ORDER BY wait_ms DESC NULLS FIRST, n LIMIT 3', 'NULL', 'NULL', '1200'],
  ['SELECT wait_ms FROM lumina.call_metrics ORDER BY 1 LIMIT 1', '100'],
  [
    "WITH v AS (SELECT bin(time, 1m) b, queue_id, sum(n) n FROM lumina.call_metrics WHERE measure_name = 'visit' GROUP BY 1, 2), j(b, queue_id, n) AS (SELECT bin(time, 1m), queue_id, sum(n) FROM lumina.call_metrics WHERE measure_name = 'join' GROUP BY 1, 2) SELECT v.queue_id, sum(v.n), sum(coalesce(j.n, 0)) FROM v LEFT JOIN j ON v.b = j.b AND v.queue_id = j.queue_id GROUP BY v.queue_id ORDER BY 1",
    'q1|3|1',
    'q2|7|2',
  ],
  [
    'SELECT t.q, x FROM (SELECT queue_id AS q, max(n) AS m FROM lumina.call_metrics GROUP BY queue_id) t CROSS JOIN UNNEST(sequence(t.m - 1, t.m)) AS u(x) ORDER BY 1, 2',
    'q1|1',
    'q1|2',
    'q2|3',
    'q2|4',
  ],
  ["SELECT 'a' AS k, sum(n) FROM lumina.call_metrics UNION ALL SELECT 'b', 2.5 ORDER BY k DESC", 'b|2.5', 'a|13.0'],
  [
    'SELECT a.queue_id FROM lumina.call_metrics a INNER JOIN lumina.call_metrics b ON a.time = b.time AND a.queue_id = b.queue_id AND a.measure_name < b.measure_name ORDER BY 1',
    'q1',
    'q2',
  ],
  ['SELECT queue_id FROM lumina.call_metrics WHERE n = (SELECT max(n) FROM lumina.call_metrics)', 'q2'],
  [
    "SELECT count(*) FROM lumina.call_metrics WHERE queue_id IN (SELECT queue_id FROM lumina.call_metrics WHERE n > 3) AND time >= '2026-03-04 11:00:00'",
    '3',
  ],
  [
    'SELECT queue_id, n, row_number() OVER (PARTITION BY queue_id ORDER BY n DESC, time) FROM lumina.call_metrics WHERE wait_ms IS NOT NULL ORDER BY 1, 3',
    'q1|2|1',
    'q1|1|2',
    'q2|4|1',
    'q2|3|2',
  ],
  [
    "SELECT sum(CASE WHEN queue_id = 'q1' THEN n ELSE 0 END) AS s1, sum(n) FILTER (WHERE queue_id = 'q2') AS s2 FROM lumina.call_metrics",
    '4|9',
  ],
  ['SELECT "queue_id", "Call_Metrics".n FROM "lumina"."call_metrics" WHERE n = 4', 'q2|4'],
  [
    'SELECT bin(time, 1m) AS time, sum(n) AS n FROM lumina.call_metrics GROUP BY bin(time, 1m) ORDER BY time DESC LIMIT 1',
    '2026-03-04 11:59:00.000000000|1',
  ],
  [
    'SELECT to_milliseconds(bin(time, 1h)), sum(n) * 2 + 1 FROM lumina.call_metrics GROUP BY bin(time, 1h)',
    '1772622000000|27',
  ],
];

const LONG_CHAIN = Array.from({ length: 3000 }, (_, index) => `n = ${index}`).join(' OR ');

const FAILURES: readonly Failing[] = [
  ['SELECT nope FROM lumina.call_metrics', "ValidationException: line 1:8: Column 'nope' does not exist"],
  ['SELECT 1,\n  nope(2)', 'ValidationException: line 2:3: Function nope not registered'],
  ['SELECT n FROM lumina.nope', 'ValidationException: line 1:15: Table lumina.nope does not exist'],
  [
    'SELECT measure_value::bigint FROM lumina.call_metrics',
    "ValidationException: line 1:8: Column 'measure_value::bigint' does not exist",
  ],
  [
    'SELECT n FROM lumina.call_metrics GROUP BY queue_id',
    "ValidationException: line 1:8: 'n' must be an aggregate expression or appear in GROUP BY clause",
  ],
  [
    'SELECT queue_id, count(*) FROM lumina.call_metrics',
    "ValidationException: line 1:8: 'queue_id' must be an aggregate expression or appear in GROUP BY clause",
  ],
  [
    'SELECT n FROM lumina.call_metrics WHERE sum(n) > 1',
    'ValidationException: line 1:41: Aggregate function sum is not allowed here',
  ],
  [
    'SELECT n FROM lumina.call_metrics WHERE queue_id = 1',
    "ValidationException: line 1:50: '=' cannot be applied to varchar, integer",
  ],
  [
    'SELECT n FROM lumina.call_metrics WHERE n',
    'ValidationException: line 1:41: WHERE clause must evaluate to a boolean: actual type bigint',
  ],
  [
    'SELECT a.n FROM lumina.call_metrics a, lumina.call_metrics b WHERE n = 1',
    "ValidationException: line 1:68: Column 'n' is ambiguous",
  ],
  ['SELECT 1/0', 'QueryExecutionException: Division by zero'],
  ['SELECT n / (n - n) FROM lumina.call_metrics', 'QueryExecutionException: Division by zero'],
  [
    'SELECT sum(n + 9223372036854775000) FROM lumina.call_metrics',
    'QueryExecutionException: A numeric value is out of range.',
  ],
  ["SELECT CAST('x' AS BIGINT)", 'QueryExecutionException: A value cannot be cast to the requested type.'],
  [
    'SELECT (SELECT n FROM lumina.call_metrics)',
    'QueryExecutionException: Scalar sub-query has returned multiple rows',
  ],
  ["SELECT * FROM read_csv('/etc/passwd')", "ValidationException: line 1:23: mismatched input '('. Expecting: <EOF>"],
  ['SELECT 1 OFFSET 1', "ValidationException: line 1:17: mismatched input '1'. Expecting: <EOF>"],
  [
    'FROM lumina.call_metrics',
    "ValidationException: line 1:1: mismatched input 'FROM'. Expecting: '(', 'DESC', 'DESCRIBE', 'SELECT', 'SHOW', 'VALUES', 'WITH'",
  ],
  ['SELECT 1; SELECT 2', "ValidationException: line 1:11: mismatched input 'SELECT'. Expecting: <EOF>"],
  [
    'PRAGMA database_list',
    "ValidationException: line 1:1: mismatched input 'PRAGMA'. Expecting: '(', 'DESC', 'DESCRIBE', 'SELECT', 'SHOW', 'VALUES', 'WITH'",
  ],
  ["SELECT 'open", 'ValidationException: line 1:8: unterminated string literal'],
  ['SELECT 5x', "ValidationException: line 1:8: mismatched input '5x'"],
  [
    'SELECT n FROM lumina.call_metrics UNION ALL SELECT 1, 2',
    'ValidationException: line 1:35: UNION query has different number of fields: 1, 2',
  ],
];

let server: TestServer;
before(async () => {
  server = await startTestServer();
  const at = (minutesAgo: number): string => String(START_MS - minutesAgo * 60_000);
  const multi = (
    measureName: string,
    queueId: string,
    minutesAgo: number,
    measures: Record<string, number>,
  ): _Record => ({
    Dimensions: [
      { Name: 'territory_id', Value: '101' },
      { Name: 'queue_id', Value: queueId },
    ],
    MeasureName: measureName,
    MeasureValueType: 'MULTI',
    MeasureValues: Object.entries(measures).map(([Name, value]) => ({ Name, Value: String(value), Type: 'BIGINT' })),
    Time: at(minutesAgo),
  });
  await server.put([
    multi('visit', 'q1', 1, { n: 1, wait_ms: 100 }),
    multi('visit', 'q1', 2, { n: 2, wait_ms: 200 }),
    multi('visit', 'q2', 2, { n: 3, wait_ms: 900 }),
    multi('visit', 'q2', 3, { n: 4, wait_ms: 1200 }),
    multi('join', 'q1', 2, { n: 1 }),
    multi('join', 'q2', 3, { n: 2 }),
  ]);
});
after(() => server.close());

for (const [sql, ...expected] of [...EXPRESSIONS, ...QUERIES]) {
  test(sql, async () => {
    const rows = await server.rows(sql);
    assert.deepEqual(
      rows.map((row) => row.map((value) => value ?? 'NULL').join('|')),
      expected,
    );
  });
}

test('a chain of thousands of conditions is answered', async () => {
  assert.deepEqual(await server.rows(`SELECT count(*) FROM lumina.call_metrics WHERE ${LONG_CHAIN}`), [['6']]);
});

for (const [sql, message] of FAILURES) {
  test(`refuses ${sql}`, async () => {
    await assert.rejects(server.rows(sql), (error: Error) => {
      assert.equal(`${error.name}: ${error.message}`, message);
      return true;
    });
  });
}
