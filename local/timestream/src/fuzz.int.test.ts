import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { CreateTableCommand, WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import { QueryCommand } from '@aws-sdk/client-timestream-query';
import type { MeasureValue } from '@aws-sdk/client-timestream-write';
import { DATABASE, START_MS, datumText, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';
import { queries, tableRows } from './testing/fuzz/arbitraries.ts';
import { answer } from './testing/fuzz/evaluate.ts';
import type { Result } from './testing/fuzz/evaluate.ts';
import { Refused, Unspecified } from './testing/fuzz/expression.ts';
import type { TableRow, Value } from './testing/fuzz/expression.ts';
import { querySql } from './testing/fuzz/syntax.ts';
import type { FuzzQuery, FuzzType } from './testing/fuzz/syntax.ts';

const TABLES = 5;
const TABLES_SEED = 20_260_304;
const EVERYDAY_RUNS = 400;
const LONG_RUN_FACTOR = 10;
const tables = fc.sample(tableRows, { numRuns: TABLES, seed: TABLES_SEED });
const nameOf = (table: number): string => `${DATABASE}.fuzz_${table}`;

let server: TestServer;
before(async () => {
  server = await startTestServer();
  for (const [number, rows] of tables.entries()) await fill(`fuzz_${number}`, rows);
});
after(() => server.close());

const MEASURES: readonly (readonly [column: string, type: 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'BOOLEAN'])[] = [
  ['a', 'BIGINT'],
  ['b', 'BIGINT'],
  ['x', 'DOUBLE'],
  ['s', 'VARCHAR'],
  ['f', 'BOOLEAN'],
];

/** Stores rows, under one more that has every column, so that each exists; queries do not see it. */
async function fill(table: string, rows: readonly TableRow[]): Promise<void> {
  await server.write.send(new CreateTableCommand({ DatabaseName: DATABASE, TableName: table }));
  const everything: TableRow = { id: 'all', k: 'all', a: 0n, b: 0n, x: 0, s: 'all', f: false };
  const records = [everything, ...rows].map((row) => {
    const measures = MEASURES.flatMap(([name, type]): MeasureValue[] =>
      row[name] === null || row[name] === undefined ? [] : [{ Name: name, Value: String(row[name]), Type: type }],
    );
    return {
      Dimensions: ['id', 'k'].flatMap((name) => (row[name] === null ? [] : [{ Name: name, Value: String(row[name]) }])),
      MeasureName: 'fuzz',
      MeasureValueType: 'MULTI' as const,
      MeasureValues: [...measures, { Name: 'always', Value: '1', Type: 'BIGINT' as const }],
      Time: String(row === everything ? START_MS - 1000 : START_MS),
    };
  });
  await server.write.send(new WriteRecordsCommand({ DatabaseName: DATABASE, TableName: table, Records: records }));
}

type Answer = { types: (string | undefined)[]; rows: (string | null)[][] } | { refusal: string; message: string };

async function ask(sql: string): Promise<Answer> {
  try {
    const { ColumnInfo, Rows } = await server.query.send(new QueryCommand({ QueryString: sql }));
    return {
      types: (ColumnInfo ?? []).map(({ Type }) => Type?.ScalarType),
      rows: (Rows ?? []).map(({ Data }) => (Data ?? []).map(datumText)),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { refusal: error.name, message: error.message };
  }
}

/** Texts that are equal when the values are; sums and averages of doubles may differ in their last bits. */
function cell(value: Value | string, type: FuzzType): string | null {
  if (value === null) return null;
  return type === 'double' ? (Number(value) + 0).toPrecision(12) : String(value);
}

function lines(rows: readonly (readonly (Value | string)[])[], { types, isOrdered }: Result): string[] {
  const texts = rows.map((row) => JSON.stringify(row.map((value, index) => cell(value, types[index] ?? 'varchar'))));
  return isOrdered ? texts : texts.sort();
}

const count = { rows: 0, refused: 0, unspecified: 0 };

async function check(query: FuzzQuery): Promise<void> {
  const sql = querySql(
    query,
    (table) => `(SELECT * FROM ${nameOf(table)} WHERE time >= from_milliseconds(${START_MS}))`,
  );
  const got = await ask(sql);
  let expected: Result;
  try {
    expected = answer(query, tables);
  } catch (error) {
    if (error instanceof Unspecified) {
      count.unspecified += 1;
      // Whether the failure is met depends on the plan; if so, it is one of the language.
      if ('refusal' in got)
        assert.match(got.refusal, /^(QueryExecution|Validation)Exception$/, `${sql}\n${got.message}`);
      return;
    }
    if (!(error instanceof Refused)) throw error;
    count.refused += 1;
    assert.ok('refusal' in got && got.refusal === 'ValidationException', `not refused (${error.message}): ${sql}`);
    return;
  }
  count.rows += 1;
  if ('refusal' in got) assert.fail(`${got.refusal}: ${got.message}\n${sql}`);
  assert.deepEqual(
    got.types.map((type) => type?.toLowerCase()),
    expected.types,
    sql,
  );
  assert.deepEqual(lines(got.rows, expected), lines(expected.rows, expected), sql);
}

test('random queries are answered as another evaluation answers them, or both refuse', async () => {
  // The same queries every day; the long run draws others each time, and says which when one fails.
  const { numRuns } = fc.readConfigureGlobal();
  const runs = numRuns === undefined ? { numRuns: EVERYDAY_RUNS, seed: 1 } : { numRuns: numRuns * LONG_RUN_FACTOR };
  await fc.assert(fc.asyncProperty(queries(TABLES), check), runs);
  assert.ok(count.rows > EVERYDAY_RUNS / 2 && count.refused > EVERYDAY_RUNS / 100, JSON.stringify(count));
});
