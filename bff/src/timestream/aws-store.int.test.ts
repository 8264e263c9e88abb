import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { AwsTimestreamStore } from './aws-store.ts';
import { StoreError } from './port.ts';

interface Call {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}
type Reply = { readonly status?: number; readonly body: unknown } | 'never';

const servers: Server[] = [];
let store: AwsTimestreamStore | undefined;

afterEach(() => {
  store?.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A server that answers by script, and remembers what it was asked. */
async function scripted(replies: (call: Call, index: number) => Reply): Promise<Call[]> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const call = { operation, body: JSON.parse(text) as Call['body'] };
      calls.push(call);
      const reply = replies(call, calls.length - 1);
      if (reply === 'never') return;
      response
        .writeHead(reply.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify(reply.body));
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  store = new AwsTimestreamStore({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials,
    maxAttempts: 2,
  });
  return calls;
}

const columns = ['BIGINT', 'DOUBLE', 'VARCHAR', 'TIMESTAMP', 'BOOLEAN', 'BIGINT'].map((ScalarType, index) => ({
  Name: `c${index}`,
  Type: { ScalarType },
}));
const page = (rows: readonly (string | null)[][], NextToken?: string): Reply => ({
  body: {
    QueryId: 'Q1',
    ColumnInfo: columns,
    Rows: rows.map((row) => ({
      Data: row.map((value) => (value === null ? { NullValue: true } : { ScalarValue: value })),
    })),
    ...(NextToken === undefined ? {} : { NextToken }),
  },
});
const failure = (status: number, type: string, message: string): Reply => ({ status, body: { __type: type, message } });
const query = async (signal?: AbortSignal): Promise<readonly unknown[]> =>
  (await store?.query('SELECT 1', { signal })) ?? [];

test('pages are followed to the end, empty ones too, and cells get the type of their column', async () => {
  const row = ['9007199254740991', '0.5', 'x', '2026-03-01 10:00:00.123456789', 'true', null];
  const script = [page([], 't1'), page([row], 't2'), page([], 't3'), page([row])];
  const calls = await scripted((_, index) => script[index] ?? failure(400, 'ValidationException', 'too many calls'));
  const expected = {
    c0: Number.MAX_SAFE_INTEGER,
    c1: 0.5,
    c2: 'x',
    c3: Date.parse('2026-03-01T10:00:00.123Z'),
    c4: true,
    c5: null,
  };
  assert.deepEqual(await query(), [expected, expected]);
  assert.deepEqual(
    calls.map(({ body }) => body['NextToken']),
    [undefined, 't1', 't2', 't3'],
  );
});

test('an integer that is not exact is an error, not a rounded number', async () => {
  await scripted(() => page([['9007199254740993', '0', '', '2026-03-01 10:00:00', 'true', null]]));
  await assert.rejects(query(), { code: 'store_bad_value' });
});

test('throttling is retried, and told apart when it lasts', async () => {
  const calls = await scripted((_, index) =>
    index === 0 ? failure(429, 'ThrottlingException', 'slow down') : page([]),
  );
  assert.deepEqual(await query(), []);
  assert.equal(calls.length, 2);
  store?.close();
  await scripted(() => failure(429, 'ThrottlingException', 'slow down'));
  await assert.rejects(
    query(),
    (error) => error instanceof StoreError && error.code === 'store_throttled' && error.retriable,
  );
});

test('a column or a table that no row has brought yet is named as such', async () => {
  await scripted((_, index) =>
    index === 0
      ? failure(400, 'ValidationException', "line 1:8: Column 'l.oldest_join_ms' does not exist")
      : failure(400, 'ValidationException', 'Table lumina.x does not exist'),
  );
  await assert.rejects(query(), { code: 'store_column_missing', column: 'oldest_join_ms' });
  await assert.rejects(query(), { code: 'store_table_missing' });
});

test('a refused query is not retried', async () => {
  const calls = await scripted(() => failure(400, 'ValidationException', 'line 1:1: mismatched input'));
  await assert.rejects(query(), { code: 'store_rejected' });
  assert.equal(calls.length, 1);
});

test('an abort between pages cancels the query on the server', async () => {
  const controller = new AbortController();
  const calls = await scripted(({ operation }, index) => {
    if (operation === 'CancelQuery') return { body: { CancellationMessage: 'done' } };
    if (index === 0) return page([], 't1');
    controller.abort();
    return 'never';
  });
  await assert.rejects(query(controller.signal), { name: 'AbortError' });
  assert.deepEqual(
    calls.map(({ operation }) => operation),
    ['Query', 'Query', 'CancelQuery'],
  );
  assert.equal(calls[2]?.body['QueryId'], 'Q1');
});

test('a third page that fails is asked for again by its own token, and its rows come once', async () => {
  const row = (n: number): (string | null)[] => [String(n), '0.5', 'x', '2026-03-01 10:00:00', 'true', null];
  const pages: Record<string, Reply> = { first: page([], 't1'), t1: page([row(1)], 't2'), t2: page([row(2), row(3)]) };
  let failures = 1;
  const calls = await scripted(({ body }) => {
    const given = body['NextToken'];
    const token = typeof given === 'string' ? given : 'first';
    if (token === 't2' && failures > 0) {
      failures -= 1;
      return failure(500, 'InternalServerException', 'down');
    }
    return pages[token] ?? failure(400, 'ValidationException', 'no such page');
  });
  const rows = (await query()) as readonly { readonly c0: number }[];
  assert.deepEqual(
    rows.map(({ c0 }) => c0),
    [1, 2, 3],
  );
  assert.deepEqual(
    calls.map(({ body }) => body['NextToken']),
    [undefined, 't1', 't2', 't2'],
  );
});

test('a third page that goes on failing refuses the whole answer, and lets go of the query', async () => {
  for (const [status, type, code] of [
    [500, 'InternalServerException', 'store_unavailable'],
    [429, 'ThrottlingException', 'store_throttled'],
  ] as const) {
    const calls = await scripted(({ operation }, index) => {
      if (operation === 'CancelQuery') return { body: { CancellationMessage: 'done' } };
      return index < 2 ? page([], `t${String(index + 1)}`) : failure(status, type, 'down');
    });
    await assert.rejects(query(), { code });
    assert.deepEqual(
      calls.map(({ operation }) => operation),
      ['Query', 'Query', 'Query', 'Query', 'CancelQuery'],
    );
    store?.close();
  }
});
