import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DATABASE, START_MS, TABLE, startTestServer } from '../testing/server.ts';
import type { TestServer } from '../testing/server.ts';
import { valueFor, violationsOf } from '../testing/violations.ts';
import type { JsonObject } from './shape.ts';
import { SHAPES } from './shapes.ts';
import type { OperationName } from './shapes.ts';
import { validate } from './validate.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

type Answer = { status: number; __type?: string; message?: string };

async function call(operation: string, body: unknown): Promise<Answer> {
  const reply = await fetch(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `Timestream_20181101.${operation}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/timestream/aws4_request',
    },
    body: JSON.stringify(body),
  });
  return { status: reply.status, ...(JSON.parse(await reply.text()) as object) };
}

const NAMES = { DatabaseName: DATABASE, TableName: TABLE };
const RECORD = {
  Dimensions: [{ Name: 'territory_id', Value: '1' }],
  MeasureName: 'shaped',
  MeasureValue: '1',
  Time: String(START_MS),
};

for (const [name, members] of Object.entries(SHAPES) as [OperationName, (typeof SHAPES)[OperationName]][]) {
  test(`${name} refuses whatever breaks one of its constraints, and says which`, async () => {
    const valid = valueFor({ type: 'structure', members }) as JsonObject;
    validate(members, valid);
    for (const { body, message, code } of violationsOf(members, valid)) {
      const answer = await call(name, body);
      assert.deepEqual(
        { status: answer.status, code: answer.__type, message: answer.message },
        { status: 400, code, message },
      );
    }
  });
}

test('every constraint of the table is met by the generated violations', () => {
  const count = (name: OperationName): number => {
    const members = SHAPES[name];
    return violationsOf(members, valueFor({ type: 'structure', members }) as JsonObject).length;
  };
  // Missing, too short, too long, other characters, of another type.
  assert.equal(count('CancelQuery'), 5);
  assert.equal(count('DescribeEndpoints'), 0);
  assert.equal(count('DeleteTable'), 8);
  assert.ok(count('WriteRecords') > 80);
});

test('the fast reader of records refuses whatever the table refuses', async () => {
  const multi = {
    ...RECORD,
    MeasureName: 'multi',
    MeasureValueType: 'MULTI',
    MeasureValues: [{ Name: 'm', Value: '1', Type: 'BIGINT' }],
  };
  const { MeasureValue: _value, ...values } = multi;
  const { Dimensions, ...own } = RECORD;
  for (const records of [
    { Records: [RECORD] },
    { Records: [values] },
    { CommonAttributes: { MeasureName: 'common', Version: 1 }, Records: [RECORD, RECORD] },
    { CommonAttributes: { Dimensions }, Records: [own] },
  ]) {
    const valid = { ...NAMES, ...records };
    const answer = await call('WriteRecords', valid);
    assert.equal(answer.status, 200, answer.message);
    for (const { body, message, code } of violationsOf(SHAPES.WriteRecords, valid)) {
      const refused = await call('WriteRecords', body);
      assert.deepEqual({ code: refused.__type, message: refused.message }, { code, message });
    }
  }
});

const one = (sentence: string): string => `1 validation error detected: ${sentence}`;
const LITERAL: [OperationName, object, string][] = [
  ['CreateDatabase', {}, one("Value null at 'databaseName' failed to satisfy constraint: Member must not be null")],
  [
    'CreateDatabase',
    { DatabaseName: 'no spaces' },
    one(
      "Value 'no spaces' at 'databaseName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ),
  ],
  [
    'CreateDatabase',
    { DatabaseName: '#', KmsKeyId: '' },
    "3 validation errors detected: Value '#' at 'databaseName' failed to satisfy constraint: Member must have length greater than or equal to 3; Value '#' at 'databaseName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '' at 'kmsKeyId' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    'CreateDatabase',
    { DatabaseName: 'abc', Tags: [{ Key: 'a', Value: 'b' }, { Key: '' }] },
    "2 validation errors detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; Value null at 'tags.2.member.value' failed to satisfy constraint: Member must not be null",
  ],
  [
    'CreateTable',
    { ...NAMES, RetentionProperties: { MemoryStoreRetentionPeriodInHours: 8767 } },
    "2 validation errors detected: Value '8767' at 'retentionProperties.memoryStoreRetentionPeriodInHours' failed to satisfy constraint: Member must have value less than or equal to 8766; Value null at 'retentionProperties.magneticStoreRetentionPeriodInDays' failed to satisfy constraint: Member must not be null",
  ],
  [
    'UpdateTable',
    { ...NAMES, Schema: { CompositePartitionKey: [{ Type: 'TIME' }] } },
    one(
      "Value 'TIME' at 'schema.compositePartitionKey.1.member.type' failed to satisfy constraint: Member must satisfy enum value set: [DIMENSION, MEASURE]",
    ),
  ],
  [
    'UpdateTable',
    { ...NAMES, Schema: { CompositePartitionKey: [] } },
    one(
      "Value '[]' at 'schema.compositePartitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ),
  ],
  [
    'ListTables',
    { MaxResults: 0 },
    one("Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"),
  ],
  [
    'Query',
    { QueryString: '' },
    one("Value at 'queryString' failed to satisfy constraint: Member must have length greater than or equal to 1"),
  ],
  [
    'Query',
    { QueryString: 'SELECT 1', MaxRows: 1001, QueryInsights: { Mode: 'ON' } },
    "2 validation errors detected: Value '1001' at 'maxRows' failed to satisfy constraint: Member must have value less than or equal to 1000; Value 'ON' at 'queryInsights.mode' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED_WITH_RATE_CONTROL, DISABLED]",
  ],
  [
    'WriteRecords',
    { ...NAMES, Records: [] },
    one("Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1"),
  ],
  [
    'WriteRecords',
    { ...NAMES, Records: Array.from({ length: 101 }, () => RECORD) },
    one("Value at 'records' failed to satisfy constraint: Member must have length less than or equal to 100"),
  ],
  [
    'WriteRecords',
    {
      ...NAMES,
      CommonAttributes: { TimeUnit: 'DAYS' },
      Records: [
        { ...RECORD, TimeUnit: 'SECONDS' },
        { ...RECORD, MeasureValueType: 'X' },
      ],
    },
    "2 validation errors detected: Value 'DAYS' at 'commonAttributes.timeUnit' failed to satisfy constraint: Member must satisfy enum value set: [MILLISECONDS, SECONDS, MICROSECONDS, NANOSECONDS]; Value 'X' at 'records.2.member.measureValueType' failed to satisfy constraint: Member must satisfy enum value set: [DOUBLE, BIGINT, VARCHAR, BOOLEAN, TIMESTAMP, MULTI]",
  ],
];

test('messages are those of the service, word for word, with every violation', async () => {
  for (const [operation, body, message] of LITERAL) {
    const answer = await call(operation, body);
    assert.deepEqual([answer.__type, answer.message], ['ValidationException', message]);
  }
});

test('values of another JSON type cannot be read at all', async () => {
  const cases: [OperationName, object, string][] = [
    ['ListTables', { MaxResults: '5' }, "STRING_VALUE can not be converted to an Integer at 'maxResults'"],
    ['ListTables', { MaxResults: 1.5 }, "DECIMAL_VALUE can not be converted to an Integer at 'maxResults'"],
    ['CreateDatabase', { DatabaseName: 5 }, "NUMBER_VALUE can not be converted to a String at 'databaseName'"],
    [
      'PrepareQuery',
      { QueryString: 'SELECT 1', ValidateOnly: 'true' },
      "STRING_VALUE can not be converted to a Boolean at 'validateOnly'",
    ],
    [
      'WriteRecords',
      { ...NAMES, Records: { 0: RECORD } },
      "STRUCTURE_VALUE can not be converted to a List at 'records'",
    ],
    [
      'WriteRecords',
      { ...NAMES, Records: ['x'] },
      "STRING_VALUE can not be converted to a Structure at 'records.1.member'",
    ],
  ];
  for (const [operation, body, message] of cases) {
    const answer = await call(operation, body);
    assert.deepEqual([answer.status, answer.__type, answer.message], [400, 'SerializationException', message]);
  }
});

test('members that nobody knows are ignored, and null counts as absent', async () => {
  const described = await call('DescribeTable', { ...NAMES, Colour: 'red' });
  assert.equal(described.status, 200);
  assert.equal((await call('ListTables', { DatabaseName: null, MaxResults: null, NextToken: null })).status, 200);
  const written = await call('WriteRecords', {
    ...NAMES,
    CommonAttributes: null,
    Records: [{ ...RECORD, Version: null, TimeUnit: null, Colour: 'red' }],
  });
  assert.equal(written.status, 200);
});

test('constraints come before what exists', async () => {
  const answer = await call('WriteRecords', { DatabaseName: 'nowhere', TableName: 'x', Records: [RECORD] });
  assert.equal(
    answer.message,
    one("Value 'x' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3"),
  );
});
