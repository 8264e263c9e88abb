import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ServiceError } from '../errors.ts';
import { tokenize } from './lexer.ts';
import { parseStatement } from './parser.ts';
import { translateStatement } from './translate-query.ts';

const FRAGMENTS = [
  'SELECT',
  'FROM',
  'WHERE',
  'GROUP BY',
  'ORDER BY',
  'WITH',
  'AS',
  'AND',
  'OR',
  'NOT',
  'IN',
  'BETWEEN',
  'CASE',
  'WHEN',
  'THEN',
  'END',
  'NULL',
  'LIMIT',
  'UNION ALL',
  'JOIN',
  'ON',
  'a',
  '"b"',
  "'c'",
  '1',
  '2.5',
  '1e3',
  '5m',
  '(',
  ')',
  ',',
  '.',
  '*',
  '+',
  '-',
  '/',
  '=',
  '<',
  '||',
  '::',
  'measure_value::double',
  'count(*)',
  'bin(time, 5m)',
  't.x',
  'lumina.calls',
  'time',
  '--',
  '/*',
  ';',
  'CAST(',
  'INTERVAL',
  'array[',
  ']',
  'OVER (',
  'x -> x',
  '(a, b) ->',
  'transform(array[1], x -> x + a)',
  'reduce(array[a], 0, (s, x) -> s + x, s -> s)',
  'create_time_series(time, a)',
  'interpolate_linear(',
  'ROW(1, a)',
  '.f',
  '[1]',
  'USING (a)',
  'GROUPING SETS (',
  'ROLLUP(a)',
  'grouping(a)',
  'IGNORE NULLS',
  'ROWS 1 PRECEDING',
  'ANY (SELECT 1)',
  'IS DISTINCT FROM',
  'extract(year FROM time)',
  'AS ARRAY(ROW(x BIGINT)))',
  'UNNEST(array[1]) AS u(z)',
  '@p',
  'try(1 / 0)',
];

const CALLS = {
  sql: 'records_1',
  columns: [
    { name: 'a', sql: 'c0', type: 'bigint' as const },
    { name: 'time', sql: 'time', type: 'timestamp' as const },
  ],
};
const translate = (sql: string): string => {
  const statement = parseStatement(sql);
  assert.equal(statement.kind, 'query');
  return translateStatement(statement.query, {
    nowNs: 0n,
    findTable: (database, table) => (database === 'lumina' && table === 'calls' ? CALLS : undefined),
  }).sql;
};

test('a unit belongs to a number only when it touches it', () => {
  const kinds = (sql: string): string[] => tokenize(sql).map((token) => `${token.kind}:${token.value}`);
  assert.deepEqual(kinds('5m'), ['duration:5m', 'end:']);
  assert.deepEqual(kinds('5 m'), ['integer:5', 'word:m', 'end:']);
  assert.deepEqual(kinds('1e5 1.5 .5'), ['double:1e5', 'decimal:1.5', 'decimal:.5', 'end:']);
  assert.deepEqual(kinds(`'a''b' "c""d"`), [`string:a'b`, 'quoted:c"d', 'end:']);
});

test('no word of a query reaches DuckDB as an identifier', () => {
  const sql = translate('SELECT x.a AS "evil""; DROP" FROM lumina.calls x WHERE x.a = 1');
  assert.equal(sql, 'SELECT r1.c0 AS o0 FROM records_1 AS r1 WHERE (r1.c0 = CAST(CAST(1 AS INTEGER) AS BIGINT))');
});

test('time bounds become constants, which DuckDB can prune by', () => {
  const sql = translate('SELECT a FROM lumina.calls WHERE time > ago(1h)');
  assert.match(sql, /r1\.time > make_timestamp_ns\(CAST\(0 AS BIGINT\) - CAST\(3600000000000 AS BIGINT\)\)/);
});

test('whatever is asked, the answer is SQL or a ValidationException', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 25 }), (fragments) => {
      for (const sql of [fragments.join(' '), `SELECT ${fragments.join(' ')} FROM lumina.calls`]) {
        try {
          const statement = parseStatement(sql);
          if (statement.kind === 'query') {
            translateStatement(statement.query, { nowNs: 0n, findTable: () => CALLS });
          }
        } catch (error) {
          assert.ok(error instanceof ServiceError && error.code === 'ValidationException', `${sql}: ${String(error)}`);
        }
      }
    }),
    { numRuns: 3000 },
  );
});

test('deep nesting is refused, not a crash', () => {
  const deep = `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`;
  assert.throws(
    () => translate(deep),
    (error: unknown) => error instanceof ServiceError && error.code === 'ValidationException',
  );
});
