import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateTableCommand,
  RejectedRecordsException,
  ResourceNotFoundException,
  ValidationException,
  WriteRecordsCommand,
} from '@aws-sdk/client-timestream-write';
import type { _Record } from '@aws-sdk/client-timestream-write';
import { DATABASE, START_MS, TABLE, record, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

const HOUR_MS = 3_600_000;
let server: TestServer;
let nextSeries = 0;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** A record of a series of its own, so that tests don't meet. */
function freshRecord(fields: Partial<_Record> = {}): { fresh: _Record; where: string } {
  nextSeries += 1;
  const id = `s${nextSeries}`;
  const fresh = record({ Dimensions: [{ Name: 'territory_id', Value: id }], ...fields });
  return { fresh, where: `territory_id = '${id}'` };
}

async function rejectionOf(records: _Record[]): Promise<RejectedRecordsException> {
  try {
    await server.put(records);
  } catch (error) {
    assert.ok(error instanceof RejectedRecordsException, String(error));
    return error;
  }
  return assert.fail('the call was expected to be rejected');
}

test('a record and its types come back as they were written', async () => {
  const { fresh, where } = freshRecord({
    MeasureName: 'visit',
    MeasureValueType: 'MULTI',
    MeasureValues: [
      { Name: 'big', Value: '9007199254740993', Type: 'BIGINT' },
      { Name: 'ratio', Value: '0.1', Type: 'DOUBLE' },
      { Name: 'label', Value: "it's", Type: 'VARCHAR' },
      { Name: 'flag', Value: 'true', Type: 'BOOLEAN' },
      { Name: 'seen_at', Value: String(START_MS), Type: 'TIMESTAMP' },
    ],
  });
  delete fresh.MeasureValue;
  await server.put([fresh]);
  const rows = await server.rows(
    `SELECT big, ratio, label, flag, seen_at, time FROM "lumina"."call_metrics" WHERE ${where}`,
  );
  assert.deepEqual(rows, [
    ['9007199254740993', '0.1', "it's", 'true', '2026-03-04 12:00:00.000000000', '2026-03-04 12:00:00.000000000'],
  ]);
});

test('common attributes are merged under each record', async () => {
  await server.put([{ MeasureValue: '1' }, { MeasureValue: '2', MeasureName: 'other' }], {
    ...record({ Dimensions: [{ Name: 'territory_id', Value: 'common' }] }),
  });
  const rows = await server.rows(
    `SELECT measure_name, measure_value::double FROM lumina.call_metrics WHERE territory_id = 'common' ORDER BY 1`,
  );
  assert.deepEqual(rows, [
    ['duration', '1.0'],
    ['other', '2.0'],
  ]);
  await assert.rejects(server.put([record()], record()), ValidationException);
});

test('time units give the same instant', async () => {
  const { fresh, where } = freshRecord();
  await server.put([{ ...fresh, Time: String(START_MS / 1000), TimeUnit: 'SECONDS' }]);
  await server.put([{ ...fresh, Time: String(START_MS), TimeUnit: 'MILLISECONDS' }]);
  await server.put([{ ...fresh, Time: `${START_MS}000`, TimeUnit: 'MICROSECONDS' }]);
  await server.put([{ ...fresh, Time: `${START_MS}000000`, TimeUnit: 'NANOSECONDS' }]);
  await server.put([{ ...fresh, Time: `${START_MS}000001`, TimeUnit: 'NANOSECONDS' }]);
  const rows = await server.rows(`SELECT time FROM lumina.call_metrics WHERE ${where} ORDER BY time`);
  assert.deepEqual(rows, [['2026-03-04 12:00:00.000000000'], ['2026-03-04 12:00:00.000000001']]);
});

test('a higher version replaces all measures of the older one', async () => {
  const { fresh, where } = freshRecord({ MeasureName: 'visit', MeasureValueType: 'MULTI' });
  delete fresh.MeasureValue;
  const write = (version: number, names: string[]): Promise<void> =>
    server.put([
      {
        ...fresh,
        Version: version,
        MeasureValues: names.map((name) => ({ Name: name, Value: String(version), Type: 'BIGINT' })),
      },
    ]);
  await write(1, ['first', 'second']);
  await write(2, ['second']);
  assert.deepEqual(await server.rows(`SELECT first, second FROM lumina.call_metrics WHERE ${where}`), [[null, '2']]);
});

test('versions beyond 2^53 are told apart', async () => {
  const { fresh, where } = freshRecord();
  const low = 1_772_625_600_123_456_789n;
  // The model's type is number; the client serialises a bigint exactly.
  const versioned = (version: bigint, value: string): _Record => ({
    ...fresh,
    MeasureValue: value,
    Version: version as unknown as number,
  });
  await server.put([versioned(low + 1n, '2')]);
  const error = await rejectionOf([versioned(low, '3')]);
  assert.match(
    error.RejectedRecords?.[0]?.Reason ?? '',
    new RegExp(`version ${low} is lower than the existing version ${low + 1n}`),
  );
  assert.deepEqual(await server.rows(`SELECT measure_value::double FROM lumina.call_metrics WHERE ${where}`), [
    ['2.0'],
  ]);
});

test('rejections name record, reason and existing version, and the good records are stored', async () => {
  const { fresh, where } = freshRecord({ Version: 5 });
  await server.put([fresh]);
  const error = await rejectionOf([
    { ...fresh, Time: String(START_MS + 1) },
    { ...fresh, Version: 4 },
    { ...fresh, MeasureValue: '9' },
    { ...fresh },
    { ...fresh, Time: String(START_MS + 2) },
  ]);
  assert.equal(error.message, 'One or more records have been rejected. See RejectedRecords for details.');
  assert.equal(error.$metadata.httpStatusCode, 419);
  assert.deepEqual(
    error.RejectedRecords?.map(({ RecordIndex, ExistingVersion }) => [RecordIndex, ExistingVersion]),
    [
      [1, 5],
      [2, 5],
    ],
  );
  assert.match(
    error.RejectedRecords[0]?.Reason ?? '',
    /^The record version 4 is lower than the existing version 5\. A higher version is required/,
  );
  assert.match(
    error.RejectedRecords[1]?.Reason ?? '',
    /^A record already exists with the same time, dimensions, measure name/,
  );
  assert.deepEqual(await server.rows(`SELECT count(*) FROM lumina.call_metrics WHERE ${where}`), [['3']]);
});

test('records outside the ingestion window are rejected', async () => {
  const { fresh } = freshRecord();
  const memoryOnly = 'memory_only';
  await server.write.send(
    new CreateTableCommand({
      DatabaseName: DATABASE,
      TableName: memoryOnly,
      RetentionProperties: { MemoryStoreRetentionPeriodInHours: 1, MagneticStoreRetentionPeriodInDays: 1 },
    }),
  );
  const old = { ...fresh, Time: String(START_MS - 3 * HOUR_MS) };
  await assert.rejects(
    server.write.send(new WriteRecordsCommand({ DatabaseName: DATABASE, TableName: memoryOnly, Records: [old] })),
    (error: RejectedRecordsException) =>
      /outside the time range \[.*\) of the memory store\.$/.test(error.RejectedRecords?.[0]?.Reason ?? ''),
  );
  const reply = await server.write.send(
    new WriteRecordsCommand({
      DatabaseName: DATABASE,
      TableName: TABLE,
      Records: [{ ...old, Time: String(START_MS - 100 * HOUR_MS) }, fresh],
    }),
  );
  assert.deepEqual(reply.RecordsIngested, { Total: 2, MemoryStore: 1, MagneticStore: 1 });
  const error = await rejectionOf([{ ...fresh, Time: String(START_MS + HOUR_MS) }]);
  assert.match(error.RejectedRecords?.[0]?.Reason ?? '', /of the data ingestion window\.$/);
});

test('a required partition key must be present', async () => {
  const name = 'partitioned';
  await server.write.send(
    new CreateTableCommand({
      DatabaseName: DATABASE,
      TableName: name,
      Schema: { CompositePartitionKey: [{ Type: 'DIMENSION', Name: 'territory_id', EnforcementInRecord: 'REQUIRED' }] },
    }),
  );
  const send = (records: _Record[]): Promise<unknown> =>
    server.write.send(new WriteRecordsCommand({ DatabaseName: DATABASE, TableName: name, Records: records }));
  await send([record()]);
  await assert.rejects(
    send([record({ Dimensions: [{ Name: 'region_id', Value: '1' }] })]),
    (error: unknown) => error instanceof RejectedRecordsException && error.RejectedRecords?.[0]?.RecordIndex === 0,
  );
});

test('malformed calls are validation errors with the path of the member', async () => {
  const path = (error: unknown, expected: string): boolean =>
    error instanceof ValidationException && error.message.includes(expected);
  const dimension = { Name: 'a', Value: 'b', DimensionValueType: 'BIGINT' as 'VARCHAR' };
  await assert.rejects(server.put([record({ Dimensions: [dimension] })]), (error) =>
    path(
      error,
      "Value 'BIGINT' at 'records.1.member.dimensions.1.member.dimensionValueType' failed to satisfy constraint: Member must satisfy enum value set: [VARCHAR]",
    ),
  );
  await assert.rejects(server.put([]), ValidationException);
  await assert.rejects(
    server.put(Array.from({ length: 101 }, (_, index) => record({ Time: String(START_MS + index) }))),
    ValidationException,
  );
  await assert.rejects(server.put([record({ Version: 0 })]), ValidationException);
  await assert.rejects(server.put([record({ MeasureValue: 'abc' })]), ValidationException);
  await assert.rejects(server.put([record({ Time: '-5' })]), ValidationException);
});

test('writing to what does not exist names it', async () => {
  const send = (database: string, table: string): Promise<unknown> =>
    server.write.send(new WriteRecordsCommand({ DatabaseName: database, TableName: table, Records: [record()] }));
  await assert.rejects(
    send('nowhere', TABLE),
    (error: Error) =>
      error instanceof ResourceNotFoundException && error.message === 'The database nowhere does not exist.',
  );
  await assert.rejects(
    send(DATABASE, 'nothing'),
    (error: Error) =>
      error instanceof ResourceNotFoundException && error.message === 'The table nothing does not exist.',
  );
});

test('one name cannot be a dimension and a measure, nor change its type', async () => {
  const multi = (type: 'BIGINT' | 'DOUBLE', name: string): _Record => {
    const { fresh } = freshRecord({
      MeasureValueType: 'MULTI',
      MeasureValues: [{ Name: name, Value: '1', Type: type }],
    });
    delete fresh.MeasureValue;
    return fresh;
  };
  await server.put([multi('BIGINT', 'typed')]);
  assert.match(
    (await rejectionOf([multi('DOUBLE', 'typed')])).RejectedRecords?.[0]?.Reason ?? '',
    /has the data type BIGINT/,
  );
  assert.match(
    (await rejectionOf([multi('BIGINT', 'territory_id')])).RejectedRecords?.[0]?.Reason ?? '',
    /both a dimension and a measure/,
  );
});

test('a text measure may have the name that is a dimension of another record', async () => {
  const { fresh: first, where } = freshRecord({ MeasureName: 'by_dimension' });
  const { Dimensions = [] } = first;
  await server.put([{ ...first, Dimensions: [...Dimensions, { Name: 'shared', Value: 'dimension' }] }]);
  const second = { ...first, MeasureName: 'by_measure', MeasureValueType: 'MULTI' as const };
  delete second.MeasureValue;
  await server.put([{ ...second, MeasureValues: [{ Name: 'shared', Value: 'measure', Type: 'VARCHAR' }] }]);
  const rows = await server.rows(`SELECT measure_name, shared FROM lumina.call_metrics WHERE ${where} ORDER BY 1`);
  assert.deepEqual(rows, [
    ['by_dimension', 'dimension'],
    ['by_measure', 'measure'],
  ]);
});

test('a rejected record brings no column', async () => {
  const { fresh } = freshRecord({ MeasureValueType: 'MULTI', Version: 2 });
  delete fresh.MeasureValue;
  const measures = (name: string): _Record['MeasureValues'] => [{ Name: name, Value: '1', Type: 'BIGINT' }];
  await server.put([{ ...fresh, MeasureValues: measures('accepted') }]);
  await rejectionOf([{ ...fresh, Version: 1, MeasureValues: measures('never_stored') }]);
  await assert.rejects(server.rows('SELECT never_stored FROM lumina.call_metrics'), /does not exist/);
});

test('regions are separate data sets', async () => {
  const { write, query } = server.clientsFor('us-east-1');
  await assert.rejects(
    write.send(new WriteRecordsCommand({ DatabaseName: DATABASE, TableName: TABLE, Records: [record()] })),
    ResourceNotFoundException,
  );
  assert.ok(query);
});
