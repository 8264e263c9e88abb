/** Queries that are refused, and the error. */
export const FAILURES: readonly (readonly [sql: string, message: string])[] = [
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
  ['SELECT try((SELECT 1))', 'ValidationException: line 1:8: TRY cannot hold a subquery here'],
  [
    'SELECT try(sum(x)) FROM (VALUES 1) AS t(x)',
    'ValidationException: line 1:8: TRY cannot hold an aggregate here: put the aggregate into a subquery',
  ],
  ['SELECT ROW(1).x', "ValidationException: line 1:15: row(integer) has no field 'x'"],
  ['SELECT ARRAY[1, 2][3]', 'QueryExecutionException: Array subscript is out of bounds'],
  ['SELECT ARRAY[1][0]', 'QueryExecutionException: SQL array indices start at 1'],
  [
    'SELECT x -> 1',
    'ValidationException: line 1:8: A lambda expression is only allowed as an argument of a function that takes one',
  ],
  [
    'SELECT transform(ARRAY[1], 2)',
    'ValidationException: line 1:8: Unexpected parameters (array(integer), integer) for function transform',
  ],
  [
    'SELECT transform(ARRAY[1], (a, b) -> a)',
    'ValidationException: line 1:28: Function transform takes a lambda of 1 parameters',
  ],
  [
    'SELECT transform(ARRAY[1], x -> (SELECT x))',
    'ValidationException: line 1:33: Lambda expression cannot contain subqueries',
  ],
  [
    'SELECT transform(ARRAY[1], x -> sum(x))',
    'ValidationException: line 1:33: Lambda expression cannot contain aggregations, window functions or grouping operations',
  ],
  [
    'SELECT 1 WHERE row_number() OVER () = 1',
    'ValidationException: line 1:16: Window function row_number is not allowed here',
  ],
  [
    'SELECT sum(x) IGNORE NULLS FROM (VALUES 1) AS t(x)',
    'ValidationException: line 1:8: Function sum does not take IGNORE NULLS',
  ],
  [
    'SELECT grouping(x) FROM (VALUES 1) AS t(x)',
    'ValidationException: line 1:8: The arguments of grouping must be expressions of the GROUP BY clause',
  ],
  [
    "SELECT date_format(now(), '%Q')",
    'ValidationException: line 1:27: The format of date_format must be a literal of supported codes',
  ],
  ['SELECT CAST(1 AS DECIMAL(3))', 'ValidationException: line 1:18: Unknown type: decimal'],
  ['SELECT CAST(1 AS DATE)', 'ValidationException: line 1:8: Cannot cast integer to date'],
  ["SELECT DATE '2022-02-30'", "ValidationException: line 1:8: '2022-02-30' is not a valid date literal"],
  ['SELECT 9223372036854775807 + 1', 'QueryExecutionException: A numeric value is out of range.'],
  ['SELECT 2147483647 + 1', 'QueryExecutionException: A numeric value is out of range.'],
  [
    'SELECT create_time_series(t, v) FROM (VALUES (now(), 1), (now(), 2)) AS q(t, v)',
    'QueryExecutionException: Duplicate timestamps are not allowed in a timeseries',
  ],
  [
    'SELECT x FROM (VALUES 1) AS a(x) NATURAL JOIN (VALUES 1) AS b(x)',
    "ValidationException: line 1:34: mismatched input 'NATURAL'. Expecting: <EOF>",
  ],
  ["SELECT now() AT TIME ZONE 'UTC'", "ValidationException: line 1:17: mismatched input 'TIME'. Expecting: <EOF>"],
  ['SELECT 1 FETCH FIRST 1 ROWS ONLY', "ValidationException: line 1:16: mismatched input 'FIRST'. Expecting: <EOF>"],
  ['SELECT 1 WHERE 1 = @limit', "ValidationException: line 1:20: Parameter '@limit' has no value"],
];
