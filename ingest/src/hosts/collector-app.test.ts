import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';

import { MemoryStream } from '../adapters/memory-doubles.ts';
import { Accounting } from '../core/accounting.ts';
import { sha256Hex } from '../core/hash.ts';
import { decodeStreamRecord } from '../core/stream-record.ts';
import { envelope, T0 } from '../testing/events.ts';
import { ByteBudget } from './byte-budget.ts';
import { createCollectorMetrics } from './collector-metrics.ts';
import { createCollectorApp } from './collector-app.ts';
import { createCollectorServer } from './collector-server.ts';
import { FactBudget } from './fact-budget.ts';
import { IngestKeys } from './ingest-keys.ts';
import { closeServer, listen, portOf } from './service-life.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly accepted?: number;
    readonly code?: string;
    readonly items?: readonly { index: number; status: string; id?: string; code?: string; detail?: string }[];
  };
}

const logger = pino({ level: 'silent' });
const KEY = 'ik_101';

describe('POST /v1/events', () => {
  const stream = new MemoryStream();
  let keyServer: Server;
  let keyStatus = 200;
  let keyList: unknown;
  let keys: IngestKeys;
  let server: Server;
  let inFlightLimitBytes = 64_000_000;
  let nowMs = T0 + 60_000;
  let factsPerSecond = 5_000;

  const startApp = async (): Promise<Server> => {
    const budget = new ByteBudget(inFlightLimitBytes);
    const app = createCollectorApp({
      facts: new FactBudget(factsPerSecond),
      keys,
      stream,
      accounting: new Accounting('w', 1),
      clock: { nowMs: () => nowMs },
      logger,
      regionId: 1,
      isReady: () => keys.isLoaded,
      budget,
      metrics: createCollectorMetrics('w', () => budget.usedBytes),
    });
    const started = createCollectorServer(app).server;
    await listen(started, '127.0.0.1', 0);
    return started;
  };

  const post = async (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${String(portOf(server))}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, ...headers },
      body,
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  };

  before(async () => {
    keyServer = createServer((_request, response) => {
      response.writeHead(keyStatus);
      response.end(JSON.stringify(keyList));
    });
    keyList = {
      keys: [
        { hash: sha256Hex(KEY), territoryId: 101, regionId: 1 },
        { hash: sha256Hex('ik_202'), territoryId: 202, regionId: 2 },
      ],
    };
    await listen(keyServer, '127.0.0.1', 0);
    keys = new IngestKeys(`http://127.0.0.1:${String(portOf(keyServer))}/`, 'internal', logger);
    await keys.refresh();
    server = await startApp();
  });
  beforeEach(() => {
    stream.entries.length = 0;
    stream.failures = 0;
  });
  after(async () => {
    await Promise.all([closeServer(server), closeServer(keyServer)]);
  });

  const start = (fields: object = {}): Record<string, unknown> =>
    envelope('CALL_START', 0, { callId: 'c1', direction: 'inbound', ...fields });

  test('takes an array, NDJSON and a single object, and puts on the stream what is read of each item', async () => {
    const reduced = JSON.stringify(start());
    const one = `{ "extra": 1.0e0,  ${reduced.slice(1)}`;
    for (const body of [`[${one} , ${one}]`, `${one}\n\n${one}\n`, one]) {
      stream.entries.length = 0;
      const { status, body: answer } = await post(body);
      assert.equal(status, 202);
      assert.equal(answer.accepted, stream.entries.length);
      for (const { data, partitionKey } of stream.entries) {
        const { header, bytes } = decodeStreamRecord(data);
        assert.deepEqual(JSON.parse(bytes.toString()), JSON.parse(reduced));
        assert.deepEqual([header?.territoryId, header?.regionId, partitionKey], [101, 1, '101:c1']);
      }
    }
  });

  test('takes gzip and refuses what only claims to be', async () => {
    assert.equal(
      (await post(new Uint8Array(gzipSync(JSON.stringify(start()))), { 'content-encoding': 'gzip' })).status,
      202,
    );
    assert.equal((await post('not packed', { 'content-encoding': 'gzip' })).status, 400);
  });

  test('tells each item what is wrong with it', async () => {
    const { status, body } = await post(
      JSON.stringify([
        start(),
        7,
        start({ territoryId: 202 }),
        start({ direction: 'up' }),
        envelope('CALL_SANG', 0, {}),
        envelope('CALL_START', 3_600_000, { callId: 'c', direction: 'inbound' }),
      ]),
    );
    assert.equal(status, 202);
    assert.deepEqual(
      body.items?.map(({ code }) => code),
      [undefined, 'malformed', 'territory_mismatch', 'invalid_event', 'unknown_event', 'future_skew'],
    );
    assert.match(body.items[3]?.detail ?? '', /direction/);
    assert.equal(stream.entries.length, 1);
  });

  test('what a hostile sender makes of an event is refused alone, and takes no other with it', async () => {
    const deep = (open: string, close: string): string =>
      `${JSON.stringify(start()).slice(0, -1)},"x":${open.repeat(50_000)}1${close.repeat(50_000)}}`;
    const hostile = [
      JSON.stringify(start({ territoryId: { toString: 1 } })),
      JSON.stringify(start({ territoryId: [101] })),
      deep('[', ']'),
      deep('{"a":', '}'),
      JSON.stringify(start({ time: '2026-02-30T10:00:00.000Z' })),
      JSON.stringify(
        envelope('QUEUE_SNAPSHOT', 0, {
          part: 'p',
          intervalMs: 10_000,
          queues: [{ queueId: 'q', depth: Number.MAX_SAFE_INTEGER }],
        }),
      ),
      JSON.stringify(
        envelope('QUEUE_UNANSWER', 0, {
          stayId: 's',
          queueId: 'q',
          joinedAt: '0001-01-01T00:00:00Z',
          answeredAt: '0001-01-01T00:00:00Z',
        }),
      ),
      JSON.stringify(
        envelope('API_SAMPLE', 0, {
          source: 'platform',
          ...{ service: 's', route: '/', n: 1, errors: 2, latSumMs: 1, latMaxMs: 1 },
          buckets: Array(48).fill(0),
        }),
      ),
      JSON.stringify(start({ callId: 'c\u0000' })),
      JSON.stringify(start({ id: 'c\ud800' })),
    ];
    const { status, body } = await post(`[${[...hostile, JSON.stringify(start())].join(',')}]`);
    assert.equal(status, 202);
    assert.deepEqual(
      body.items?.map(({ code }) => code),
      [
        'territory_mismatch',
        'territory_mismatch',
        ...Array.from({ length: hostile.length - 2 }, () => 'invalid_event'),
        undefined,
      ],
    );
  });

  test('a body of crumbs is too large, however short', async () => {
    for (const body of [`[${'1,'.repeat(50_000)}1]`, '{}\n'.repeat(50_001)]) {
      const answer = await post(body);
      assert.deepEqual([answer.status, answer.body.code], [413, 'payload_too_large']);
    }
  });

  test('a broken line of NDJSON is the error of that line', async () => {
    const { status, body } = await post(`${JSON.stringify(start())}\n{"v":\n`);
    assert.equal(status, 202);
    assert.deepEqual(
      body.items?.map(({ code }) => code),
      [undefined, 'malformed'],
    );
  });

  test('what is no object spoils no line but its own, the first one included', async () => {
    for (const crumb of ['1', '"x"', '[[],[]]', 'null', '[{"v":1', '{"a":"']) {
      const { status, body } = await post(`${crumb}\n${JSON.stringify(start())}`);
      assert.deepEqual([status, body.items?.map((item) => item.status)], [202, ['rejected', 'accepted']], crumb);
    }
    const spread = JSON.stringify([start(), start()], undefined, 2);
    assert.equal((await post(spread)).body.accepted, 2, 'an array may be spread over lines');
  });

  test('what reaches for prototypes, nests without end or writes no text in a header is no event', async () => {
    const hostile = [
      JSON.stringify(start()).replace('{', '{"__proto__":{"v":1},'),
      JSON.stringify(start({ constructor: 1 })),
      JSON.stringify(start({ x: { prototype: {} } })),
      JSON.stringify(start({ x: '@' })).replace('"@"', '1e400'),
      JSON.stringify({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', 'Unique-ID': {}, 'Channel-Call-UUID': {} }),
      JSON.stringify({ 'detail-type': 'x', id: 'e', detail: { 'Event-Name': 'HEARTBEAT', 'Core-UUID': [] } }),
    ];
    const { status, body } = await post(hostile.join('\n'));
    assert.equal(status, 422);
    for (const [index, item] of (body.items ?? []).entries()) assert.equal(item.code, 'invalid_event', hostile[index]);
    assert.equal((await post('['.repeat(200_000))).status, 400);
    assert.equal(stream.entries.length, 0);
  });

  test('answers 422 with the items when none is good', async () => {
    const { status, body } = await post(JSON.stringify([start({ territoryId: 202 })]));
    assert.equal(status, 422);
    assert.equal(body.items?.[0]?.code, 'territory_mismatch');
    assert.equal((await post('[]')).status, 422);
  });

  test('answers 400 to what cannot be parsed', async () => {
    for (const body of ['', '[{"v":1]', 'hello', '{"v":1']) assert.equal((await post(body)).status, 400, body);
  });

  test('answers 401 without a key, with a wrong one, and with one of another region', async () => {
    for (const authorization of ['', 'Bearer nope', `Basic ${KEY}`, 'Bearer ik_202']) {
      const { status, body } = await post(JSON.stringify(start()), { authorization });
      assert.deepEqual([status, body.code], [401, 'unauthenticated'], authorization);
    }
  });

  test('answers 413 to more than it takes, unpacked', async () => {
    assert.equal(
      (await post(new Uint8Array(gzipSync(Buffer.alloc(6_000_000, 0x20))), { 'content-encoding': 'gzip' })).status,
      413,
    );
  });

  test('answers 429 with Retry-After when the stream does not take the events, or too much is in work', async () => {
    stream.failures = 1;
    const refused = await post(JSON.stringify(start()));
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
    // The stream would take it now, but was full a moment ago: nobody waits for it before the next probe.
    assert.equal((await post(JSON.stringify(start()))).status, 429);
    assert.equal(stream.entries.length, 0);
    nowMs += 1000;
    assert.equal((await post(JSON.stringify(start()))).status, 202);
    assert.equal((await post(JSON.stringify(start()))).status, 202);
    inFlightLimitBytes = 10;
    const narrow = await startApp();
    const response = await fetch(`http://127.0.0.1:${String(portOf(narrow))}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify(start()),
    });
    assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '1']);
    await closeServer(narrow);
  });

  test('lets no territory send more facts than its share, however small the body', async () => {
    inFlightLimitBytes = 64_000_000;
    factsPerSecond = 1_000;
    const narrow = await startApp();
    const since = (daysBack: number): string => new Date(T0 - daysBack * 86_400_000).toISOString();
    const month = (index: number): Record<string, unknown> =>
      envelope('AGENT_STATE', 0, {
        ...{ id: `s${String(index)}`, agentId: `a${String(index)}`, teamId: 't', state: 'available', since: since(0) },
        previous: { state: 'away', since: since(30) },
      });
    const send = (count: number): Promise<Response> =>
      fetch(`http://127.0.0.1:${String(portOf(narrow))}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}` },
        body: JSON.stringify(Array.from({ length: count }, (_, index) => month(index))),
      });
    assert.equal((await send(4)).status, 202);
    const waiting = await send(4);
    assert.deepEqual([waiting.status, Number(waiting.headers.get('retry-after')) > 5], [429, true]);
    const tooMany = await send(5);
    assert.deepEqual([tooMany.status, ((await tooMany.json()) as Answer['body']).code], [413, 'payload_too_large']);
    assert.equal(stream.entries.length, 4);
    nowMs += 12_000;
    assert.equal((await send(4)).status, 202);
    nowMs -= 12_000;
    factsPerSecond = 5_000;
    await closeServer(narrow);
  });

  test('keeps the last good list of keys, and without a first one takes nothing', async () => {
    keyStatus = 500;
    await keys.refresh();
    assert.equal((await post(JSON.stringify(start()))).status, 202);
    keyStatus = 200;
    const own = { hash: sha256Hex(KEY), territoryId: 101, regionId: 1 };
    for (const wrong of [{ ...own, hash: 'x' }, { ...own, territoryId: -1 }, { ...own, regionId: '1' }, null]) {
      keyList = { keys: [{ ...own, hash: sha256Hex('ik_new') }, wrong] };
      await keys.refresh();
      assert.deepEqual([keys.ownerOf(KEY)?.territoryId, keys.ownerOf('ik_new')], [101, undefined]);
    }
    const fresh = new IngestKeys(`http://127.0.0.1:${String(portOf(keyServer))}/`, '', logger);
    await fresh.refresh();
    assert.equal(fresh.isLoaded, false);
    assert.equal(fresh.ownerOf(KEY), undefined);
  });
});
