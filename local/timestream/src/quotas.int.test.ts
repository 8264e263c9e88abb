import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  RejectedRecordsException,
  ServiceQuotaExceededException,
} from '@aws-sdk/client-timestream-write';
import type { _Record } from '@aws-sdk/client-timestream-write';
import { SERVICE_QUOTAS } from './quotas.ts';
import { DATABASE, record, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

let server: TestServer;
before(async () => {
  // Two databases and two tables, one of each is there.
  server = await startTestServer({
    prepared: true,
    quotas: { databases: 2, tables: 2, measureNames: 3, measureColumns: 4 },
  });
});
after(() => server.close());

const isOverQuota = (error: unknown): boolean =>
  error instanceof ServiceQuotaExceededException && error.$metadata.httpStatusCode === 402;

async function reasons(records: _Record[]): Promise<[number | undefined, string | undefined][]> {
  try {
    await server.put(records);
  } catch (error) {
    assert.ok(error instanceof RejectedRecordsException, String(error));
    return (error.RejectedRecords ?? []).map(({ RecordIndex, Reason }) => [RecordIndex, Reason]);
  }
  return [];
}

const multi = (territory: string, names: string[]): _Record => {
  const { MeasureValue: _value, ...rest } = record({
    Dimensions: [{ Name: 'territory_id', Value: territory }],
    MeasureName: 'multi',
    MeasureValueType: 'MULTI',
    MeasureValues: names.map((Name) => ({ Name, Value: '1', Type: 'BIGINT' })),
  });
  return rest;
};

test('the quotas are the documented ones', () => {
  assert.deepEqual(SERVICE_QUOTAS, {
    databases: 500,
    tables: 50_000,
    measureNames: 8192,
    measureColumns: 1024,
    recordBytes: 2048,
  });
});

test('an account has so many databases and tables', async () => {
  await server.write.send(new CreateDatabaseCommand({ DatabaseName: 'second' }));
  await assert.rejects(server.write.send(new CreateDatabaseCommand({ DatabaseName: 'third' })), isOverQuota);
  await server.write.send(new CreateTableCommand({ DatabaseName: 'second', TableName: 'second' }));
  await assert.rejects(
    server.write.send(new CreateTableCommand({ DatabaseName: DATABASE, TableName: 'third' })),
    isOverQuota,
  );
});

test('a table has so many columns of measures, and a record that brings more is rejected', async () => {
  assert.deepEqual(await reasons([multi('1', ['a', 'b', 'c'])]), []);
  const tooMany = 'The table can have at most 4 columns of measures; the record brings too many.';
  assert.deepEqual(
    await reasons([multi('2', ['a', 'd', 'e']), multi('3', ['d']), multi('4', ['e']), multi('5', ['a', 'd'])]),
    [
      [0, tooMany],
      [2, tooMany],
    ],
  );
});

test('a table has so many measure names, and a record of another one is rejected', async () => {
  const named = (MeasureName: string): _Record => record({ MeasureName });
  assert.deepEqual(await reasons([named('one'), named('two'), named('three'), named('two')]), [
    [2, 'The table has 3 measure names, which is the most that a table can have.'],
  ]);
});

test('a record has at most 2 KB', async () => {
  // 8 bytes of time, 5 of the measure name, 12 and 3 of the dimension, the rest in the value.
  const sized = (bytes: number): _Record =>
    record({
      Dimensions: [{ Name: 'territory_id', Value: 'big' }],
      MeasureName: 'multi',
      MeasureValueType: 'VARCHAR',
      MeasureValue: 'ü'.repeat((bytes - 28) / 2),
    });
  assert.deepEqual(await reasons([sized(2048)]), []);
  assert.deepEqual(await reasons([sized(2050)]), [[0, 'The record has 2050 bytes; a record can have at most 2048.']]);
});
