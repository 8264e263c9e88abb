import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateTableCommand, WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import type { _Record } from '@aws-sdk/client-timestream-write';
import { tokenize } from '../sql/lexer.ts';
import { SUPPORT } from '../sql/support.ts';
import { DATABASE, START_MS, record, startTestServer } from '../testing/server.ts';
import type { TestServer } from '../testing/server.ts';
import { AGGREGATES } from './aggregate.golden.ts';
import { ARRAYS } from './array.golden.ts';
import { EXPRESSIONS } from './expression.golden.ts';
import { FAILURES } from './failures.golden.ts';
import { GRAMMAR, QUERIES } from './grammar.golden.ts';
import { MATH } from './math.golden.ts';
import { STRINGS } from './string.golden.ts';
import { TIMES } from './time.golden.ts';
import { TIMESERIES } from './timeseries.golden.ts';

const GROUPS = [
  ...EXPRESSIONS,
  ...GRAMMAR,
  ...QUERIES,
  ...MATH,
  ...STRINGS,
  ...ARRAYS,
  ...TIMES,
  ...TIMESERIES,
  ...AGGREGATES,
];
const LONG_CHAIN = Array.from({ length: 3000 }, (_, index) => `n = ${index}`).join(' OR ');

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
  await server.write.send(new CreateTableCommand({ DatabaseName: DATABASE, TableName: 'samples' }));
  const Dimensions = [{ Name: 'territory_id', Value: '101' }];
  await server.write.send(
    new WriteRecordsCommand({
      DatabaseName: DATABASE,
      TableName: 'samples',
      Records: [
        record({ Dimensions, MeasureName: 'load', Time: at(1) }),
        record({ Dimensions, MeasureName: 'state', MeasureValue: 'busy', MeasureValueType: 'VARCHAR', Time: at(0) }),
      ],
    }),
  );
});
after(() => server.close());

for (const { cases } of GROUPS) {
  for (const [sql, expected] of cases) {
    test(sql, async () => {
      const rows = await server.rows(sql);
      assert.deepEqual(
        rows.map((row) => row.map((value) => value ?? 'NULL').join('|')),
        expected,
      );
    });
  }
}

for (const [sql, message] of FAILURES) {
  test(`refuses ${sql}`, async () => {
    await assert.rejects(server.rows(sql), (error: Error) => {
      assert.equal(`${error.name}: ${error.message}`, message);
      return true;
    });
  });
}

test('a chain of thousands of conditions is answered', async () => {
  assert.deepEqual(await server.rows(`SELECT count(*) FROM lumina.call_metrics WHERE ${LONG_CHAIN}`), [['6']]);
});

test('every entry of the support table is shown by a query, and every mark is an entry', () => {
  const grammar = new Set(SUPPORT.filter(({ topic }) => !topic.endsWith('function')).map(({ name }) => name));
  const functions = SUPPORT.filter(({ topic }) => topic.endsWith('function')).map(({ name }) => name);
  const words = new Set<string>();
  const marks = new Set<string>();
  for (const [sql, , shows = []] of GROUPS.flatMap(({ cases }) => cases)) {
    for (const { kind, value } of tokenize(sql)) if (kind === 'word') words.add(value);
    for (const mark of shows) marks.add(mark);
  }
  assert.deepEqual(
    functions.filter((name) => !words.has(name)),
    [],
  );
  assert.deepEqual(
    [...grammar].filter((name) => !marks.has(name)),
    [],
  );
  assert.deepEqual(
    [...marks].filter((mark) => !grammar.has(mark)),
    [],
  );
});
