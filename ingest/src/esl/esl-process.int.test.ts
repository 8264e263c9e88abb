import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import kinesalite from 'kinesalite';

import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { decodeStreamRecord } from '../core/stream-record.ts';
import { until } from '../testing/until.ts';
import { SmallCentre } from './testing/small-centre.ts';

process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';

const main = fileURLToPath(new URL('../hosts/esl.ts', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

let folder = '';
let centre: SmallCentre;
let kinesis: Server;
let kinesisPort = 0;
const children: ChildProcess[] = [];

async function listenOn(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function closeKinesis(): Promise<void> {
  const closed = once(kinesis, 'close');
  kinesis.close();
  kinesis.closeAllConnections();
  await closed;
}

/** A port that nobody listens on, since the server that had it is gone. */
async function freePort(): Promise<number> {
  const server = createServer();
  await listenOn(server, 0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function openKinesis(): Promise<void> {
  kinesis = kinesalite({ createStreamMs: 20, path: path.join(folder, 'kinesis') });
  await listenOn(kinesis, kinesisPort);
}

async function start(settings: Record<string, string> = {}): Promise<Running> {
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      LUMINA_REGION_ID: '1',
      KINESIS_REGION: 'eu-west-1',
      KINESIS_ENDPOINT: `http://127.0.0.1:${String(kinesisPort)}`,
      ESL_HOST: '127.0.0.1',
      ESL_PORT: String(centre.server.port),
      ESL_PASSWORD: 'ClueCon',
      ESL_TERRITORY_ID: '101',
      ESL_SNAPSHOT_INTERVAL_MS: '1000',
      ESL_SPILL_DIR: path.join(folder, 'spill'),
      ...settings,
    },
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const { msg, port } = JSON.parse(line) as { msg?: string; port?: number };
    if (msg !== 'forwarder started') continue;
    // What it says later is not of interest, and must not fill the pipe.
    child.stdout.resume();
    return { child, url: `http://127.0.0.1:${String(port)}` };
  }
  throw new Error('The forwarder ended before it had started.');
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function metric(url: string, name: string, label = ''): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes(label));
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1));
}

const isConnected = (url: string): Promise<true> =>
  until(async () => ((await metric(url, 'lumina_esl_connected')) === 1 ? true : undefined), 'a connection');

/** Legs whose end is on the stream, as often as it is. */
async function endsOnStream(): Promise<string[]> {
  const options = { endpoint: `http://127.0.0.1:${String(kinesisPort)}`, region: 'eu-west-1', stream: 'lumina-events' };
  const stream = createKinesisStream(options);
  const ends: string[] = [];
  for (const { shardId } of await stream.listShards()) {
    const reader = stream.read(shardId, undefined);
    for (let page = await reader.next(); page.records.length > 0; page = await reader.next()) {
      for (const { data } of page.records) {
        const event = JSON.parse(decodeStreamRecord(data).bytes.toString()) as Record<string, unknown>;
        if (event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE') ends.push(String(event['Unique-ID']));
      }
    }
  }
  stream.close();
  return ends;
}

describe('the forwarder as a process', () => {
  before(async () => {
    kinesisPort = await freePort();
  });

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'lumina-esl-'));
    centre = await SmallCentre.start();
  });

  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => end(child, 'SIGKILL')));
    await centre.server.close();
    await closeKinesis();
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses nothing that it had read when it is killed while there is no stream', async () => {
    const first = await start();
    await isConnected(first.url);
    const calls = Array.from({ length: 4000 }, (_, call) => `c${String(call)}`);
    for (const call of calls) centre.hangUp(call);
    await until(async () => {
      const taken = await metric(first.url, 'lumina_esl_events_total', 'class="vital"');
      return taken === calls.length ? true : undefined;
    }, 'every end in the outbox');
    await end(first.child, 'SIGKILL');
    await openKinesis();
    const second = await start();
    const sent = await until(async () => {
      const found = (await metric(second.url, 'lumina_esl_sent_total')) >= calls.length ? await endsOnStream() : [];
      return found.length >= calls.length ? found : undefined;
    }, 'every end on the stream');
    assert.deepEqual(sent, calls);
  });

  it('ends with 0 on SIGTERM after it has sent what it had', async () => {
    await openKinesis();
    const running = await start();
    await isConnected(running.url);
    for (let call = 0; call < 500; call += 1) centre.hangUp(`c${String(call)}`);
    await until(async () => {
      const taken = await metric(running.url, 'lumina_esl_events_total', 'class="vital"');
      return taken === 500 ? true : undefined;
    }, 'every end in the outbox');
    assert.equal(await end(running.child, 'SIGTERM'), 0);
    assert.equal((await endsOnStream()).length, 500);
  });
});
