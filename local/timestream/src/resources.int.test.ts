import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import {
  ConflictException,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  DescribeDatabaseCommand,
  DescribeTableCommand,
  ListDatabasesCommand,
  ListTablesCommand,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
  TagResourceCommand,
  TimestreamWriteClient,
  UntagResourceCommand,
  UpdateDatabaseCommand,
  UpdateTableCommand,
  ValidationException,
} from '@aws-sdk/client-timestream-write';
import {
  DescribeAccountSettingsCommand,
  QueryCommand,
  TimestreamQueryClient,
  UpdateAccountSettingsCommand,
  ValidationException as QueryValidationException,
} from '@aws-sdk/client-timestream-query';
import { UNSUPPORTED_OPERATIONS } from './operations/unsupported.ts';
import { START_MS, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer({ prepared: false });
});
after(() => server.close());

afterEach(() => {
  delete process.env['AWS_ENDPOINT_URL'];
});

test('a database has a whole life', async () => {
  const { write } = server;
  const created = await write.send(
    new CreateDatabaseCommand({ DatabaseName: 'life', Tags: [{ Key: 'a', Value: '1' }] }),
  );
  assert.equal(created.Database?.Arn, 'arn:aws:timestream:eu-west-1:000000000000:database/life');
  assert.equal(created.Database.CreationTime?.getTime(), START_MS);
  await assert.rejects(write.send(new CreateDatabaseCommand({ DatabaseName: 'life' })), ConflictException);
  server.clock.set(START_MS + 60_000);
  await write.send(new UpdateDatabaseCommand({ DatabaseName: 'life', KmsKeyId: 'arn:key' }));
  const { Database: described } = await write.send(new DescribeDatabaseCommand({ DatabaseName: 'life' }));
  assert.equal(described?.KmsKeyId, 'arn:key');
  assert.equal(described.LastUpdatedTime?.getTime(), START_MS + 60_000);
  const { Arn: ResourceARN } = described;
  await write.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'b', Value: '2' }] }));
  await write.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a'] }));
  const { Tags } = await write.send(new ListTagsForResourceCommand({ ResourceARN }));
  assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }]);
  await write.send(new DeleteDatabaseCommand({ DatabaseName: 'life' }));
  await assert.rejects(
    write.send(new DescribeDatabaseCommand({ DatabaseName: 'life' })),
    (error: Error) =>
      error instanceof ResourceNotFoundException && error.message === 'The database life does not exist.',
  );
});

test('a table has a whole life', async () => {
  const { write } = server;
  const names = { DatabaseName: 'tables', TableName: 'first' };
  await write.send(new CreateDatabaseCommand({ DatabaseName: 'tables' }));
  await write.send(new CreateTableCommand(names));
  await assert.rejects(write.send(new CreateTableCommand(names)), ConflictException);
  await write.send(
    new UpdateTableCommand({
      ...names,
      RetentionProperties: { MemoryStoreRetentionPeriodInHours: 48, MagneticStoreRetentionPeriodInDays: 400 },
      MagneticStoreWriteProperties: { EnableMagneticStoreWrites: true },
    }),
  );
  const { Table } = await write.send(new DescribeTableCommand(names));
  assert.equal(Table?.TableStatus, 'ACTIVE');
  assert.deepEqual(Table.RetentionProperties, {
    MemoryStoreRetentionPeriodInHours: 48,
    MagneticStoreRetentionPeriodInDays: 400,
  });
  assert.deepEqual(Table.MagneticStoreWriteProperties, { EnableMagneticStoreWrites: true });
  await assert.rejects(write.send(new DeleteDatabaseCommand({ DatabaseName: 'tables' })), ValidationException);
  await write.send(new DeleteTableCommand(names));
  await assert.rejects(write.send(new DescribeTableCommand(names)), ResourceNotFoundException);
  await write.send(new DeleteDatabaseCommand({ DatabaseName: 'tables' }));
});

test('a partition key keeps its name but may change its enforcement', async () => {
  const { write } = server;
  await write.send(new CreateDatabaseCommand({ DatabaseName: 'keys' }));
  const names = { DatabaseName: 'keys', TableName: 'table' };
  const schema = (
    Name: string,
    EnforcementInRecord: 'REQUIRED' | 'OPTIONAL',
  ): {
    CompositePartitionKey: [{ Type: 'DIMENSION'; Name: string; EnforcementInRecord: 'REQUIRED' | 'OPTIONAL' }];
  } => ({
    CompositePartitionKey: [{ Type: 'DIMENSION', Name, EnforcementInRecord }],
  });
  await write.send(new CreateTableCommand({ ...names, Schema: schema('territory_id', 'REQUIRED') }));
  const updated = await write.send(new UpdateTableCommand({ ...names, Schema: schema('territory_id', 'OPTIONAL') }));
  assert.deepEqual(updated.Table?.Schema, schema('territory_id', 'OPTIONAL'));
  await assert.rejects(
    write.send(new UpdateTableCommand({ ...names, Schema: schema('region_id', 'OPTIONAL') })),
    ValidationException,
  );
});

test('lists come in pages', async () => {
  const { write } = server;
  await write.send(new CreateDatabaseCommand({ DatabaseName: 'paged' }));
  const names = ['t_a', 't_b', 't_c', 't_d', 't_e'];
  for (const TableName of names) await write.send(new CreateTableCommand({ DatabaseName: 'paged', TableName }));
  const seen: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await write.send(new ListTablesCommand({ DatabaseName: 'paged', MaxResults: 2, NextToken }));
    assert.ok((page.Tables ?? []).length <= 2);
    seen.push(...(page.Tables ?? []).map((table) => table.TableName));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  assert.deepEqual(seen, names);
  const { Databases } = await write.send(new ListDatabasesCommand({}));
  assert.equal(Databases?.find((database) => database.DatabaseName === 'paged')?.TableCount, 5);
  await assert.rejects(
    write.send(new ListTablesCommand({ DatabaseName: 'paged', MaxResults: 21 })),
    ValidationException,
  );
});

test('names and members are checked by the server, since the client does not', async () => {
  const { write } = server;
  await assert.rejects(write.send(new CreateDatabaseCommand({ DatabaseName: 'no spaces' })), ValidationException);
  await assert.rejects(write.send(new CreateDatabaseCommand({ DatabaseName: undefined })), ValidationException);
});

test('clients that find the server by AWS_ENDPOINT_URL discover it', async () => {
  process.env['AWS_ENDPOINT_URL'] = server.url;
  const settings = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  const write = new TimestreamWriteClient(settings);
  const query = new TimestreamQueryClient(settings);
  try {
    await write.send(new CreateDatabaseCommand({ DatabaseName: 'discovered' }));
    const reply = await query.send(new QueryCommand({ QueryString: "SHOW DATABASES LIKE 'disc%'" }));
    assert.deepEqual(reply.Rows, [{ Data: [{ ScalarValue: 'discovered' }] }]);
  } finally {
    write.destroy();
    query.destroy();
  }
});

test('other clients get a whole URL as endpoint, and unknown operations are refused', async () => {
  const post = (operation: string): Promise<Response> =>
    fetch(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `Timestream_20181101.${operation}`,
        'user-agent': 'aws-cli/2.0',
      },
      body: '{}',
    });
  const reply = await post('DescribeEndpoints');
  assert.deepEqual(await reply.json(), { Endpoints: [{ Address: server.url, CachePeriodInMinutes: 1440 }] });
  const refused = await post('Nonsense');
  assert.equal(refused.status, 400);
  assert.equal(((await refused.json()) as { __type: string }).__type, 'UnknownOperationException');
  assert.equal((await fetch(server.url)).status, 200);
});

test('account settings are kept and told, within the bounds of the service', async () => {
  const { query } = server;
  assert.equal((await query.send(new DescribeAccountSettingsCommand({}))).MaxQueryTCU, 200);
  const updated = await query.send(new UpdateAccountSettingsCommand({ MaxQueryTCU: 16 }));
  assert.equal(updated.MaxQueryTCU, 16);
  assert.equal(updated.QueryPricingModel, 'COMPUTE_UNITS');
  for (const MaxQueryTCU of [3, 18, 1004]) {
    await assert.rejects(query.send(new UpdateAccountSettingsCommand({ MaxQueryTCU })), QueryValidationException);
  }
  await assert.rejects(
    query.send(new UpdateAccountSettingsCommand({ QueryPricingModel: 'BYTES_SCANNED' })),
    /cannot be changed back/,
  );
  assert.equal((await query.send(new DescribeAccountSettingsCommand({}))).MaxQueryTCU, 16);
});

test('what the service has and this server has not is told apart from what nobody has', async () => {
  for (const name of UNSUPPORTED_OPERATIONS) {
    const reply = await call(name);
    assert.equal(reply.status, 400);
    const { __type, message } = (await reply.json()) as { __type: string; message: string };
    assert.equal(__type, 'ValidationException');
    assert.equal(message, `The operation ${name} is not supported by timestream-local.`);
  }
  const unknown = (await (await call('MakeCoffee')).json()) as { __type: string };
  assert.equal(unknown.__type, 'UnknownOperationException');
});

const call = (operation: string): Promise<Response> =>
  fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `Timestream_20181101.${operation}` },
    body: '{}',
  });
