import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';

import { decodeStreamRecord } from '../core/stream-record.ts';
import { EslProcess } from './testing/esl-process.ts';

/** Half a minute of the busiest switch there is, as fast as it can be read. */
const EVENTS = 150_000;
const NAMES = ['CHANNEL_CREATE', 'CHANNEL_ANSWER', 'DTMF', 'CHANNEL_HANGUP_COMPLETE'];
const MAX_RSS_BYTES = 450_000_000;

function frameOf(index: number): string {
  const call = `call-${String(Math.floor(index / NAMES.length))}`;
  const body = JSON.stringify({
    'Event-Name': NAMES[index % NAMES.length],
    'Core-UUID': 'core-1',
    'Event-Sequence': String(index + 1),
    'Event-Date-Timestamp': '1772532000000000',
    'Unique-ID': call,
    'Channel-Call-UUID': call,
    'Call-Direction': 'inbound',
    'Caller-Channel-Created-Time': '1772532000000000',
    'Caller-Channel-Hangup-Time': '1772532009000000',
    'Hangup-Cause': 'NORMAL_CLEARING',
    variable_sip_user_agent: 'x'.repeat(600),
  });
  return `Content-Length: ${String(body.length)}\nContent-Type: text/event-json\n\n${body}`;
}

async function listening(server: Server | ReturnType<typeof createSocketServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A switch that lets everybody in, answers no command, and floods. */
function floodingSwitch(): { server: ReturnType<typeof createSocketServer>; flood: () => Promise<void> } {
  let socket: Socket | undefined;
  const server = createSocketServer((client) => {
    socket = client;
    client.on('error', () => undefined);
    client.on('data', (chunk) => {
      for (const _ of chunk.toString().split('\n\n').slice(1))
        client.write('Content-Type: command/reply\nReply-Text: +OK\n\n');
    });
    client.write('Content-Type: auth/request\n\n');
  });
  const flood = async (): Promise<void> => {
    for (let index = 0; index < EVENTS; index += 1) {
      if (socket?.write(frameOf(index)) === false) await once(socket, 'drain');
    }
  };
  return { server, flood };
}

/** A stream that takes nothing while it is shut. */
function gatedKinesis(): { server: Server; sequences: number[]; gate: { isOpen: boolean } } {
  const sequences: number[] = [];
  const gate = { isOpen: false };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      if (request.headers['x-amz-target'] !== 'Kinesis_20131202.PutRecords') {
        response.end(JSON.stringify({ StreamDescriptionSummary: { StreamStatus: 'ACTIVE' } }));
        return;
      }
      if (!gate.isOpen) {
        response.writeHead(503).end('{}');
        return;
      }
      const { Records } = JSON.parse(Buffer.concat(chunks).toString()) as { Records: { Data: string }[] };
      for (const { Data } of Records) {
        const event = JSON.parse(decodeStreamRecord(Buffer.from(Data, 'base64')).bytes.toString()) as Record<
          string,
          string
        >;
        sequences.push(Number(event['Event-Sequence']));
      }
      const taken = Records.map(() => ({ SequenceNumber: '1', ShardId: 'shardId-000000000000' }));
      response.end(JSON.stringify({ FailedRecordCount: 0, Records: taken }));
    });
  });
  return { server, sequences, gate };
}

describe('a flood while the stream takes nothing', () => {
  it('is read to its end at once, in bounded memory, and sent in order once the stream is back', async (test) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lumina-flood-'));
    const flooding = floodingSwitch();
    const kinesis = gatedKinesis();
    const [eslPort, kinesisPort] = [await listening(flooding.server), await listening(kinesis.server)];
    const forwarder = await EslProcess.start({
      KINESIS_ENDPOINT: `http://127.0.0.1:${String(kinesisPort)}`,
      ESL_PORT: String(eslPort),
      ESL_PASSWORD: 'any',
      ESL_TERRITORY_ID: '101',
      ESL_SPILL_DIR: folder,
      ESL_MEMORY_BYTES: '16777216',
      ESL_SNAPSHOTS: 'none',
      ESL_SILENCE_LIMIT_MS: '3600000',
    });
    let mostRss = 0;
    const measure = async (): Promise<void> => {
      mostRss = Math.max(mostRss, await forwarder.metric('process_resident_memory_bytes'));
    };
    try {
      await forwarder.reached('lumina_esl_connected', 1);
      await flooding.flood();
      await forwarder.reached('lumina_esl_events_total', EVENTS / NAMES.length, 'class="vital"', 300_000);
      assert.equal(await forwarder.metric('lumina_esl_sent_total'), 0);
      assert.ok((await forwarder.metric('lumina_esl_spilled_bytes')) > 16_777_216);
      await measure();
      kinesis.gate.isOpen = true;
      await forwarder.reached('lumina_esl_sent_total', EVENTS, '', 300_000);
      await measure();
      assert.deepEqual(
        kinesis.sequences,
        Array.from({ length: EVENTS }, (_, index) => index + 1),
      );
      assert.equal(await forwarder.metric('lumina_esl_waiting_bytes'), 0);
      test.diagnostic(`at most ${String(Math.round(mostRss / 1e6))} MB resident`);
      assert.ok(mostRss < MAX_RSS_BYTES, `${String(mostRss)} bytes resident`);
      assert.equal(await forwarder.end('SIGTERM'), 0);
    } finally {
      await forwarder.end('SIGKILL');
      flooding.server.close();
      kinesis.server.close();
      kinesis.server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
