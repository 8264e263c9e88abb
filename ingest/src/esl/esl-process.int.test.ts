import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'node:test';
import kinesalite from 'kinesalite';

import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { decodeStreamRecord } from '../core/stream-record.ts';
import { until } from '../testing/until.ts';
import { EslProcess } from './testing/esl-process.ts';
import { SmallCentre } from './testing/small-centre.ts';

let folder = '';
let centre: SmallCentre;
let kinesis: Server;
let kinesisPort = 0;
const processes: EslProcess[] = [];

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

async function start(): Promise<EslProcess> {
  const started = await EslProcess.start({
    KINESIS_ENDPOINT: `http://127.0.0.1:${String(kinesisPort)}`,
    ESL_PORT: String(centre.server.port),
    ESL_PASSWORD: 'ClueCon',
    ESL_TERRITORY_ID: '101',
    ESL_SNAPSHOT_INTERVAL_MS: '1000',
    ESL_SPILL_DIR: path.join(folder, 'spill'),
  });
  processes.push(started);
  return started;
}

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
    await Promise.all(processes.splice(0).map((one) => one.end('SIGKILL')));
    await centre.server.close();
    await closeKinesis();
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses nothing that it had read when it is killed while there is no stream', async () => {
    const first = await start();
    await first.reached('lumina_esl_connected', 1);
    const calls = Array.from({ length: 4000 }, (_, call) => `c${String(call)}`);
    for (const call of calls) centre.hangUp(call);
    await first.reached('lumina_esl_events_total', calls.length, 'class="vital"');
    await first.end('SIGKILL');
    await openKinesis();
    const second = await start();
    const sent = await until(async () => {
      const found = (await second.metric('lumina_esl_sent_total')) >= calls.length ? await endsOnStream() : [];
      return found.length >= calls.length ? found : undefined;
    }, 'every end on the stream');
    assert.deepEqual(sent, calls);
  });

  it('ends with 0 on SIGTERM after it has sent what it had', async () => {
    await openKinesis();
    const running = await start();
    await running.reached('lumina_esl_connected', 1);
    for (let call = 0; call < 500; call += 1) centre.hangUp(`c${String(call)}`);
    await running.reached('lumina_esl_events_total', 500, 'class="vital"');
    assert.equal(await running.end('SIGTERM'), 0);
    assert.equal((await endsOnStream()).length, 500);
  });
});
