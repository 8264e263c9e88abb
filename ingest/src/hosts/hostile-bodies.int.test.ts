import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import kinesalite from 'kinesalite';

import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { sha256Hex } from '../core/hash.ts';
import { decodeStreamRecord } from '../core/stream-record.ts';
import { Random } from '../faults/traffic/random.ts';
import { hostileBody } from '../testing/hostile-bodies.ts';
import { hostileBytes } from '../testing/hostile-bytes.ts';
import { HostileItems, type HostileTarget } from '../testing/hostile-items.ts';
import { closeServer, listen, portOf } from './service-life.ts';

const SEED = 20_260_303;
const HOSTILE = 10_000;
const PARALLEL_HOSTILE = 6;
/** Good events go on all the while; so often the memory is looked at. */
const GOOD_PER_SAMPLE = 10;
/** Of ten hostile sendings one is an attack on the framing, and two hide among good events. */
const RAW_EVERY = 10;
const MIXED_EVERY = 5;
const MEMORY_GROWTH_BYTES = 350_000_000;
/** Enough to see what is wrong. */
const MOST_FAILURES = 20;
const ANSWER_LIMIT_MS = 30_000;
const KEY = 'ik_101';

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Items {
  readonly items: readonly { readonly status: string; readonly id?: string; readonly code?: string }[];
}

describe('10,000 hostile bodies', () => {
  const kinesis = kinesalite({ createStreamMs: 20 });
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL_HOSTILE + 1 });
  const target: HostileTarget = { key: KEY, territoryId: 101, regionId: 1, timeMs: Date.now() - 60_000 };
  const goodIds = new Set<string>();
  const kinds = new Map<string, number>();
  let keyServer: Server;
  let collector: ChildProcess;
  let kinesisUrl: string;
  let port = 0;

  before(async () => {
    process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
    process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
    keyServer = createServer((_request, response) => {
      response.end(JSON.stringify({ keys: [{ hash: sha256Hex(KEY), territoryId: 101, regionId: 1 }] }));
    });
    await listen(keyServer, '127.0.0.1', 0);
    kinesis.listen(0, '127.0.0.1');
    await once(kinesis, 'listening');
    kinesisUrl = `http://127.0.0.1:${String(portOf(kinesis))}`;
    collector = spawn(process.execPath, [fileURLToPath(new URL('./collector.ts', import.meta.url))], {
      env: {
        ...{ PATH: process.env['PATH'], AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
        ...{
          LUMINA_REGION_ID: '1',
          KINESIS_REGION: 'eu-west-1',
          KINESIS_ENDPOINT: kinesisUrl,
          BODY_TIMEOUT_MS: '2000',
        },
        INGEST_KEYS_URL: `http://127.0.0.1:${String(portOf(keyServer))}/`,
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    assert.ok(collector.stdout);
    for await (const line of createInterface({ input: collector.stdout })) {
      const { msg, port: own } = JSON.parse(line) as { msg: string; port?: number };
      if (msg === 'collector ready') {
        port = own ?? 0;
        break;
      }
    }
    collector.stdout.resume();
  });
  after(async () => {
    agent.destroy();
    if (collector.exitCode === null && collector.kill('SIGTERM')) await once(collector, 'exit');
    kinesis.close();
    await closeServer(keyServer);
  });

  /** Posts over a connection that is kept; what is refused early may cost it. */
  const post = (body: Buffer, headers: Readonly<Record<string, string>> = {}, isChunked = false): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const length = isChunked ? {} : { 'content-length': String(body.length) };
    const all = { authorization: `Bearer ${KEY}`, ...length, ...headers };
    const request = httpRequest({ port, host: '127.0.0.1', path: '/v1/events', method: 'POST', agent, headers: all });
    let isAnswered = false;
    request.on('response', (response) => {
      isAnswered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
      response.on('error', reject);
    });
    request.on('error', (error) => {
      if (!isAnswered) reject(error);
    });
    request.end(body);
    return promise;
  };

  const exchange = async (bytes: Buffer, endsFirst: boolean): Promise<string> => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    let received = '';
    socket.on('data', (text: string) => {
      received += text;
      // An answer is all that is waited for; the connection may be kept for more.
      if (received.includes('\r\n\r\n')) socket.end();
    });
    socket.on('error', () => undefined);
    if (endsFirst) socket.end(bytes);
    else socket.write(bytes);
    await once(socket, 'close', { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    return received;
  };

  const goodEvent = (): string => {
    const id = `good-${String(goodIds.size)}`;
    goodIds.add(id);
    return JSON.stringify({ ...new HostileItems(new Random(1), target).base(), id, callId: id });
  };

  const sendMixed = async (random: Random): Promise<void> => {
    const isList = random.isLucky(0.5);
    const items = new HostileItems(random, target);
    const parts: { readonly isGood: boolean; readonly bytes: Buffer }[] = Array.from(
      { length: random.between(1, 4) },
      () => {
        const isGood = random.isLucky(0.5);
        return { isGood, bytes: isGood ? Buffer.from(goodEvent()) : items.any(!isList).bytes };
      },
    );
    parts.push({ isGood: true, bytes: Buffer.from(goodEvent()) }, { isGood: false, bytes: items.any(!isList).bytes });
    const glue = Buffer.from(isList ? ',' : '\n');
    const joined = Buffer.concat(parts.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [glue, bytes])));
    const { status, text } = await post(isList ? Buffer.concat([Buffer.from('['), joined, Buffer.from(']')]) : joined);
    const what = `${joined.toString('latin1').slice(0, 2000)} -> ${text.slice(0, 2000)}`;
    assert.equal(status, 202, what);
    assert.deepEqual(
      (JSON.parse(text) as Items).items.map((item) => item.status),
      parts.map(({ isGood }) => (isGood ? 'accepted' : 'rejected')),
      what,
    );
  };

  /** Sends one and checks its answer; tells its kind. */
  const sendHostile = async (index: number): Promise<string> => {
    const random = new Random(SEED + index);
    if (index % MIXED_EVERY === 1) {
      await sendMixed(random);
      return 'mixed';
    }
    if (index % RAW_EVERY === 0) {
      const { kind, bytes, endsFirst } = hostileBytes(random, target);
      const answer = await exchange(bytes, endsFirst);
      const isRefused = answer === '' ? endsFirst : /^HTTP\/1\.1 4\d\d /.test(answer);
      assert.ok(isRefused, `${String(index)} ${kind}: ${answer.slice(0, 300)}`);
      return kind;
    }
    const { kind, body, headers, isChunked } = hostileBody(random, target);
    const { status, text } = await post(body, headers, isChunked).catch((error: unknown) => {
      throw new Error(`${String(index)} ${kind}: no answer`, { cause: error });
    });
    const what = `${String(index)} ${kind}: ${body.subarray(0, 500).toString('latin1')} -> ${text.slice(0, 500)}`;
    assert.ok(status >= 400 && status < 500, `${String(status)} ${what}`);
    return kind;
  };

  const memoryBytes = async (): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
    return Number(/^process_resident_memory_bytes\S* (\S+)$/m.exec(text)?.[1]);
  };

  const sendGood = async (): Promise<void> => {
    const { status, text } = await post(Buffer.from(`${goodEvent()}\n${goodEvent()}`));
    assert.equal(status, 202, text);
  };

  const idsOnStream = async (): Promise<string[]> => {
    const stream = createKinesisStream({ endpoint: kinesisUrl, region: 'eu-west-1', stream: 'lumina-events' });
    const reader = stream.read('shardId-000000000000', undefined);
    const ids: string[] = [];
    // One more good event marks the end: kinesalite hands out empty pages before it.
    const last = goodEvent();
    await post(Buffer.from(last));
    while (ids.at(-1) !== (JSON.parse(last) as { id: string }).id) {
      for (const { data } of (await reader.next()).records) {
        const { header, bytes } = decodeStreamRecord(data);
        if (header?.body === 'events') ids.push((JSON.parse(bytes.toString()) as { id: string }).id);
      }
    }
    stream.close();
    return ids;
  };

  test('each is refused, memory stays bounded, and no good event among them is lost', async (context) => {
    for (let index = 0; index < 100; index += 1) await sendGood();
    const beforeBytes = await memoryBytes();
    let peakBytes = beforeBytes;
    let next = 0;
    const failures: string[] = [];
    const over = new AbortController();
    const sendNext = async (): Promise<void> => {
      try {
        const kind = await sendHostile(next++);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      } catch (error) {
        failures.push(inspect(error));
      }
    };
    const hostile = Array.from({ length: PARALLEL_HOSTILE }, async () => {
      while (next < HOSTILE && failures.length < MOST_FAILURES) await sendNext();
    });
    const good = (async (): Promise<void> => {
      for (let count = 0; !over.signal.aborted; count += 1) {
        await sendGood();
        if (count % GOOD_PER_SAMPLE === 0) peakBytes = Math.max(peakBytes, await memoryBytes());
      }
    })();
    await Promise.all(hostile).finally(() => {
      over.abort();
    });
    await good;
    assert.deepEqual(failures, []);
    const sent = [...kinds.values()].reduce((sum, count) => sum + count, 0);
    assert.equal(sent, HOSTILE);
    context.diagnostic(`kinds: ${[...kinds].map(([kind, count]) => `${kind} ${String(count)}`).join(', ')}`);
    context.diagnostic(
      `memory: ${String(Math.round(beforeBytes / 1e6))} -> at most ${String(Math.round(peakBytes / 1e6))} MB`,
    );
    const ids = await idsOnStream();
    assert.equal(collector.exitCode, null, 'the process lives');
    assert.deepEqual(ids.toSorted(), [...goodIds].toSorted(), 'every good event once, and nothing else');
    assert.ok(peakBytes - beforeBytes < MEMORY_GROWTH_BYTES, `grew by ${String(peakBytes - beforeBytes)} bytes`);
  });
});
