import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { pino } from 'pino';

import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { MemoryStream } from '../adapters/memory-doubles.ts';
import { Accounting } from '../core/accounting.ts';
import { sha256Hex } from '../core/hash.ts';
import type { EventStream } from '../ports/event-stream.ts';
import { envelope, T0 } from '../testing/events.ts';
import { ByteBudget } from './byte-budget.ts';
import { createCollectorApp } from './collector-app.ts';
import { createCollectorMetrics } from './collector-metrics.ts';
import { createCollectorServer, type CollectorServer } from './collector-server.ts';
import { FactBudget } from './fact-budget.ts';
import { IngestKeys } from './ingest-keys.ts';
import { closeServer, listen, portOf } from './service-life.ts';

const logger = pino({ level: 'silent' });
const KEY = 'ik_101';
const LIMITS = { headersTimeoutMs: 300, requestTimeoutMs: 5000 };

function eventText(): string {
  return JSON.stringify(envelope('CALL_START', 0, { callId: 'c', direction: 'inbound' }));
}

/** A connection on which anything can be written. */
class RawClient {
  readonly socket: Socket;
  received = '';

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => {
      this.received += text;
    });
    this.socket.on('error', () => undefined);
  }

  /** Waits for a text in what was received; fails when the connection ends before. */
  async until(text: string): Promise<string> {
    while (!this.received.includes(text)) {
      if (this.socket.closed) throw new Error(`The connection ended without ${text}: ${this.received}`);
      await Promise.race([once(this.socket, 'data'), once(this.socket, 'close')]);
    }
    return this.received;
  }

  /** Writes, and waits for the other side to end the connection. */
  async exchange(text: string): Promise<string> {
    this.socket.write(text, 'latin1');
    if (!this.socket.closed) await once(this.socket, 'close');
    return this.received;
  }
}

describe('the collector on the wire', () => {
  const stream = new MemoryStream();
  const budget = new ByteBudget(64_000_000);
  let target: Pick<EventStream, 'put'> = stream;
  let isStopping = false;
  let nowMs = T0 + 60_000;
  let keyServer: Server;
  let keysValid = [KEY];
  let keyAnswers: number[] = [];
  let keys: IngestKeys;
  let collector: CollectorServer;

  const start = async (bodyTimeoutMs = 15_000): Promise<CollectorServer> => {
    const app = createCollectorApp({
      facts: new FactBudget(5_000),
      ...{ keys, budget, logger, regionId: 1, bodyTimeoutMs },
      stream: { put: (entries, signal) => target.put(entries, signal) },
      accounting: new Accounting('w', 1),
      clock: { nowMs: () => nowMs },
      metrics: createCollectorMetrics('w', () => budget.usedBytes),
      isReady: () => !isStopping,
      isStopping: () => isStopping,
    });
    const started = createCollectorServer(app, LIMITS);
    await listen(started.server, '127.0.0.1', 0);
    return started;
  };

  before(async () => {
    keyServer = createServer((request, response) => {
      const text = JSON.stringify({
        keys: keysValid.map((key) => ({ hash: sha256Hex(key), territoryId: 101, regionId: 1 })),
      });
      const etag = `"${sha256Hex(text)}"`;
      const isKnown = request.headers['if-none-match'] === etag && request.headers['cache-control'] !== 'no-cache';
      keyAnswers.push(isKnown ? 304 : 200);
      response.writeHead(isKnown ? 304 : 200, { etag });
      response.end(isKnown ? undefined : text);
    });
    await listen(keyServer, '127.0.0.1', 0);
    keys = new IngestKeys(`http://127.0.0.1:${String(portOf(keyServer))}/`, '', logger);
    await keys.refresh();
    collector = await start();
  });
  beforeEach(() => {
    stream.entries.length = 0;
    target = stream;
  });
  after(async () => {
    await Promise.all([collector.drain(1000), closeServer(keyServer)]);
  });

  const open = (): RawClient => new RawClient(portOf(collector.server));
  const head = (...lines: readonly string[]): string =>
    ['POST /v1/events HTTP/1.1', 'Host: x', `Authorization: Bearer ${KEY}`, ...lines, '', ''].join('\r\n');
  const post = (body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${String(portOf(collector.server))}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, ...headers },
      body,
    });

  test('a body that does not arrive in time is answered 408, and what it held is free again', async () => {
    const hasty = await start(300);
    const client = new RawClient(portOf(hasty.server));
    const answer = await client.exchange(`${head('Content-Length: 1000')}${'x'.repeat(100)}`);
    await hasty.drain(1000);
    assert.match(answer, /^HTTP\/1\.1 408 /);
    assert.match(answer, /did not arrive in time/);
    assert.equal(budget.usedBytes, 0);
  });

  test('headers that come drop by drop are cut off', async () => {
    assert.match(await open().exchange('POST /v1/events HTTP/1.1\r\nHost: x\r\nX-Slow: '), /^HTTP\/1\.1 408 /);
  });

  test('a sender that leaves in the middle of a body leaves nothing behind', async () => {
    const client = open();
    client.socket.write(`${head('Content-Length: 1000')}${'x'.repeat(100)}`);
    while (budget.usedBytes === 0) await new Promise(setImmediate);
    client.socket.destroy();
    while (budget.usedBytes > 0) await new Promise(setImmediate);
    assert.equal((await post(eventText())).status, 202);
  });

  test('who asks before sending is told to go on only when the body would be read', async () => {
    const body = eventText();
    const client = open();
    client.socket.write(head(`Content-Length: ${String(body.length)}`, 'Expect: 100-continue', 'Connection: close'));
    await client.until('HTTP/1.1 100 Continue');
    assert.match(await client.exchange(body), /HTTP\/1\.1 202 Accepted/);
    const refusals = [
      [head('Content-Length: 9000000', 'Expect: 100-continue'), '413'],
      [head('Content-Length: 9', 'Expect: 100-continue').replace(KEY, 'ik_wrong'), '401'],
      [head('Content-Length: 9', 'Expect: a miracle', 'Connection: close'), '417'],
    ] as const;
    for (const [text, status] of refusals) {
      const answer = await open().exchange(text);
      assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer);
    }
  });

  test('a refused sender of much gets to read why', async () => {
    const wrongKey = await post('x'.repeat(4_000_000), { authorization: 'Bearer ik_wrong' });
    assert.deepEqual([wrongKey.status, wrongKey.headers.get('connection')], [401, 'close']);
    const tooLarge = await post('x'.repeat(9_000_000));
    assert.equal(tooLarge.status, 413);
    assert.equal(((await tooLarge.json()) as { code: string }).code, 'payload_too_large');
  });

  test('what is no HTTP/1.1 is refused, and the connection with it', async () => {
    const body = eventText();
    const refusals = [
      `${head('Transfer-Encoding: chunked')}ZZ\r\n${body}\r\n0\r\n\r\n`,
      `${head('Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFFFF\r\n${body}`,
      `${head('Transfer-Encoding: chunked', `Content-Length: ${String(body.length)}`)}${body}`,
      `${head('Transfer-Encoding: gzip, chunked, x')}${body}`,
      `${head('Content-Length: 1', `Content-Length: ${String(body.length)}`)}${body}`,
      `${head('Content-Length: -5')}${body}`,
      head('X-Zero: a\u0000b', 'Content-Length: 0'),
      head('X Space: a'),
      head(`X-Long: ${'x'.repeat(40_000)}`),
      `POST /v1/events HTTP/1.1\r\nAuthorization: Bearer ${KEY}\r\n\r\n`,
      'GET / HTTP/9.9\r\n\r\n',
      '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
    ];
    for (const text of refusals) {
      const answer = await open().exchange(text);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, JSON.stringify(text.slice(0, 200)));
    }
    assert.equal(stream.entries.length, 0);
  });

  test('takes gzip in several parts, and nothing else that is packed, broken or hides something', async () => {
    const [one, other] = [gzipSync(`${eventText()}\n`), gzipSync(eventText())];
    const packed = { 'content-encoding': 'gzip' };
    const whole = await post(new Uint8Array(Buffer.concat([one, other])), packed);
    assert.equal(((await whole.json()) as { accepted: number }).accepted, 2);
    const refusals: readonly (readonly [Buffer, string])[] = [
      [one.subarray(0, -4), 'gzip'],
      [Buffer.concat([one, Buffer.from('behind')]), 'gzip'],
      [Buffer.from(eventText()), 'gzip'],
      [one, 'identity'],
      [deflateSync(eventText()), 'deflate'],
      [gzipSync(one), 'gzip, gzip'],
      [gzipSync(one), 'gzip'],
      [one, 'br'],
    ];
    for (const [body, encoding] of refusals) {
      const { status } = await post(new Uint8Array(body), { 'content-encoding': encoding });
      assert.equal(status, 400, encoding);
    }
    const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
    assert.equal((await post(new Uint8Array(bomb), packed)).status, 413);
    assert.equal(budget.usedBytes, 0);
  });

  test('a key that was revoked is refused after the next poll; an unchanged list is not sent again', async () => {
    keyAnswers = [];
    await keys.refresh();
    assert.equal((await post(eventText())).status, 202);
    keysValid = [];
    await keys.refresh();
    assert.equal((await post(eventText())).status, 401);
    keysValid = [KEY];
    await keys.refresh();
    assert.deepEqual(keyAnswers, [304, 200, 200]);
  });

  test('only what the stream refused is put again; 202 comes when it has taken all, 429 when it takes none', async () => {
    const sizes: number[] = [];
    let isThrottled = false;
    const kinesis = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { Records } = JSON.parse(Buffer.concat(chunks).toString()) as { Records: unknown[] };
        sizes.push(Records.length);
        const fails = (index: number): boolean => isThrottled || (sizes.length === 1 && index % 2 === 1);
        const results = Records.map((_, index) =>
          fails(index)
            ? { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' }
            : { SequenceNumber: '1', ShardId: 'shardId-000000000000' },
        );
        const FailedRecordCount = results.filter((_, index) => fails(index)).length;
        response.end(JSON.stringify({ FailedRecordCount, Records: results }));
      });
    });
    await listen(kinesis, '127.0.0.1', 0);
    process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
    process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
    const endpoint = `http://127.0.0.1:${String(portOf(kinesis))}`;
    const real = createKinesisStream({ endpoint, region: 'eu-west-1', stream: 's', putTimeoutMs: 300 });
    target = real;
    const body = Array.from({ length: 6 }, eventText).join('\n');
    assert.equal((await post(body)).status, 202);
    assert.deepEqual(sizes, [6, 3]);
    isThrottled = true;
    const refused = await post(body);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
    nowMs += 1000;
    real.close();
    await closeServer(kinesis);
  });

  test('stopping: not ready at once, nothing new is taken, and what is in work is finished', async () => {
    const { promise: gate, resolve: letGo } = Promise.withResolvers<undefined>();
    const { promise: reached, resolve: markReached } = Promise.withResolvers<undefined>();
    target = {
      put: async (entries) => {
        markReached(undefined);
        await gate;
        await stream.put(entries);
      },
    };
    const own = await start();
    const base = `http://127.0.0.1:${String(portOf(own.server))}`;
    const send = (): Promise<Response> =>
      fetch(`${base}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${KEY}` }, body: eventText() });
    const inWork = send();
    await reached;
    isStopping = true;
    const drained = own.drain(10_000);
    assert.equal((await fetch(`${base}/readyz`)).status, 503);
    assert.equal((await fetch(`${base}/healthz`)).status, 200);
    const late = await send();
    assert.deepEqual(
      [late.status, late.headers.get('connection'), late.headers.get('retry-after')],
      [503, 'close', '1'],
    );
    letGo(undefined);
    assert.equal((await inWork).status, 202);
    await drained;
    isStopping = false;
    assert.equal(stream.entries.length, 1);
    await assert.rejects(fetch(`${base}/readyz`));
  });

  test('tells Prometheus what became of items and requests', async () => {
    await post(`[${eventText()},7]`);
    const text = await (await fetch(`http://127.0.0.1:${String(portOf(collector.server))}/metrics`)).text();
    assert.match(text, /lumina_collector_items_total\{outcome="accepted",code="",worker="w"\} \d/);
    assert.match(text, /lumina_collector_items_total\{outcome="rejected",code="malformed",worker="w"\} \d/);
    assert.match(text, /lumina_collector_requests_total\{status="202",worker="w"\} \d/);
    assert.match(text, /lumina_collector_in_flight_bytes\{worker="w"\} 0/);
  });
});
