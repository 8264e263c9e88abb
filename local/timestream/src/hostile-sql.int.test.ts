import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TimestreamQueryServiceException as ServiceException } from '@aws-sdk/client-timestream-query';
import { startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

const MAX_CHARACTERS = 262_144;
const again = (text: string, count: number): string => text.repeat(count);
const chain = (count: number, first: string, next: string): string =>
  Array.from(
    { length: count },
    (_, index) => `a${index} AS (${index === 0 ? first : next.replaceAll('?', `a${index - 1}`)})`,
  ).join(', ');

/** What would reach outside of the data, or outside of the one statement. */
const INTRUSIONS: Readonly<Record<string, string>> = {
  'a file by function': "SELECT * FROM read_csv('/etc/passwd')",
  'a file by scalar function': "SELECT read_text('/etc/passwd')",
  'a file by name': "SELECT * FROM '/etc/passwd'",
  'a file by quoted name': 'SELECT * FROM "/etc/passwd"',
  'a file by path of names': 'SELECT * FROM "data"."/etc/passwd.csv"',
  glob: "SELECT * FROM glob('*')",
  'the catalog of the engine': 'SELECT * FROM information_schema.tables',
  'tables of the engine': 'SELECT * FROM duckdb_tables()',
  'the catalog of the server': 'SELECT * FROM catalog.tables',
  'a physical table': 'SELECT * FROM records_1',
  'a physical table by path': 'SELECT * FROM "main"."records_1"',
  'a function of the engine': "SELECT ts_from_base('1', 2)",
  'the environment': "SELECT getenv('HOME')",
  settings: "SELECT current_setting('memory_limit')",
  ATTACH: "ATTACH 'other.duckdb'",
  COPY: "COPY (SELECT 1) TO 'out.csv'",
  EXPORT: "EXPORT DATABASE 'out'",
  PRAGMA: 'PRAGMA database_list',
  SET: 'SET memory_limit = 1',
  INSTALL: 'INSTALL httpfs',
  CALL: 'CALL pragma_version()',
  DROP: 'DROP TABLE records_1',
  INSERT: "INSERT INTO lumina.call_metrics VALUES ('x')",
  'two statements': 'SELECT 1; DROP TABLE records_1',
  'a statement in a comment': 'SELECT 1 /* ; */ ; -- \n DELETE FROM records_1',
  'a comment without end': 'SELECT 1 /* DROP TABLE records_1',
  'a string without end': "SELECT 'a",
  'a quote in a string': "SELECT 'a'' ; DROP TABLE records_1",
  'a name that is SQL': 'SELECT "x"" FROM records_1 --"',
  'dollar quotes': 'SELECT $$a$$',
  'a bind parameter': 'SELECT ?, $1',
  'a cast with colons': "SELECT 'a'::blob",
  'a struct literal': "SELECT {'a': 1}",
  'FROM first': 'FROM records_1',
  OFFSET: 'SELECT 1 LIMIT 1 OFFSET 1',
  'GROUP BY ALL': 'SELECT 1 GROUP BY ALL',
  'a star with EXCLUDE': 'SELECT * EXCLUDE (a) FROM lumina.call_metrics',
  'letters of another script': 'SELECT \u{1d400}',
  'wide digits': 'SELECT \uff11',
  'half a pair': 'SELECT \ud83d',
  'an emoji': 'SELECT \u{1f600}',
  'a turned text': 'SELECT \u202e1',
  'a zero character': 'SELECT 1\u0000',
};

/** What would take long, or much memory, or end the process. */
const BOMBS: Readonly<Record<string, string>> = {
  parentheses: `SELECT ${again('(', 10_000)}1${again(')', 10_000)}`,
  'parentheses without end': `SELECT ${again('(', 100_000)}`,
  NOT: `SELECT ${again('NOT ', 60_000)}true`,
  minus: `SELECT ${again('- ', 120_000)}1`,
  plus: `SELECT 1${again('+1', 120_000)}`,
  CASE: `SELECT ${again('CASE WHEN true THEN ', 10_000)}1${again(' END', 10_000)}`,
  calls: `SELECT ${again('abs(', 50_000)}1`,
  arrays: `SELECT ${again('ARRAY[', 30_000)}`,
  types: `SELECT CAST(1 AS ${again('ARRAY(', 30_000)}`,
  lambdas: `SELECT ${again('transform(ARRAY[1], x -> ', 9000)}`,
  reductions: `SELECT ${again('reduce(ARRAY[1], 0, (s, x) -> ', 50)}s${again(', s -> s)', 50)}`,
  subscripts: `SELECT a${again('[1]', 80_000)}`,
  fields: `SELECT a${again('.a', 120_000)}`,
  subqueries: `SELECT ${again('(SELECT ', 20_000)}`,
  'derived tables': `SELECT * FROM ${again('(SELECT * FROM ', 10_000)}`,
  WITH: again('WITH a AS (', 20_000),
  joins: `SELECT 1 FROM ${again('lumina.a, ', 20_000)}lumina.a`,
  unions: `${again('SELECT 1 UNION ', 15_000)}SELECT 1`,
  columns: `SELECT ${again('1,', 120_000)}1`,
  'stars of stars': `WITH ${chain(40, 'SELECT 1 AS x', 'SELECT *, * FROM ?')} SELECT * FROM a39`,
  'rows of rows': `WITH ${chain(40, 'SELECT ROW(1, 1) AS r', 'SELECT ROW(r, r) AS r FROM ?')} SELECT * FROM a39`,
  'grouping sets': `SELECT 1 FROM (VALUES 1) AS t(x) GROUP BY CUBE(${again('x,', 30)}x)`,
  'sort items': `SELECT 1 ORDER BY ${again('1,', 100_000)}1`,
  digits: `SELECT ${again('9', 250_000)}`,
  'a name': `SELECT ${again('a', 250_000)}`,
  'too long': `SELECT 1${again(' ', MAX_CHARACTERS)}`,
};

/** Long but in order: answered. */
const LONG: Readonly<Record<string, readonly [sql: string, first: string]>> = {
  'a list of values': [`SELECT 1 WHERE 7 IN (${again('1,', 20_000)}7)`, '1'],
  'a chain of conditions': [`SELECT 1 WHERE ${again('1=2 OR ', 10_000)}1=1`, '1'],
  'a text': [`SELECT length('${again('x', 250_000)}')`, '250000'],
  'nested calls': [`SELECT ${again('sqrt(', 90)}1${again(')', 90)}`, '1.0'],
  'nested divisions': [`SELECT ${again('1/(', 40)}1${again(')', 40)}`, '1'],
};

/** Fails while it runs, in a bounded time and memory. */
const FAILING: readonly string[] = [
  'SELECT cardinality(sequence(1, 1000000000000))',
  "SELECT lpad('x', 2000000000, 'y')",
  'SELECT repeat(1, 1000000000)',
  "SELECT regexp_like('a', '(')",
  'SELECT chr(-1)',
  'SELECT from_milliseconds(9223372036854775807)',
];

const ENGINE =
  /duckdb|binder|parser error|catalog error|conversion error|invalid input|internal|hugeint|struct|int64|main\.|records_\d|o\d+ /i;

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const refusal = async (sql: string): Promise<ServiceException> => {
  const error: unknown = await server.rows(sql).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ServiceException, `It was answered: ${sql.slice(0, 100)}`);
  return error;
};

for (const [what, sql] of [...Object.entries(INTRUSIONS), ...Object.entries(BOMBS)]) {
  test(`refuses ${what}`, async () => {
    const { name, message } = await refusal(sql);
    assert.equal(name, 'ValidationException');
    if (sql.length <= MAX_CHARACTERS) assert.match(message, /^line \d+:\d+: /);
    assert.ok(message.length < 700, 'The message is as long as the query.');
    // What the query itself says may be quoted.
    assert.doesNotMatch(message.replaceAll(/'[^']*'|(Table|Function) \S+|mismatched input.*/g, ''), ENGINE);
    assert.deepEqual(await server.rows('SELECT 1'), [['1']]);
  });
}

for (const [what, [sql, first]] of Object.entries(LONG)) {
  test(`answers ${what}`, async () => {
    assert.equal((await server.rows(sql))[0]?.[0], first);
  });
}

for (const sql of FAILING) {
  test(`ends ${sql}`, async () => {
    const { name, message } = await refusal(sql);
    assert.equal(name, 'QueryExecutionException');
    assert.doesNotMatch(message, ENGINE);
    assert.deepEqual(await server.rows('SELECT 1'), [['1']]);
  });
}
