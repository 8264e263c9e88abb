import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import type { LiveFrame, MetricReply } from '@lumina/contracts';
import { LuminaClient } from '../lumina-client.ts';
import { requestFor } from '../testing/live-bench.ts';
import { META, replyOf } from '../testing/live-server.ts';

const otherRequests: (string | undefined)[] = [];
const opened: (Server | LuminaClient)[] = [];

afterEach(() => {
  otherRequests.length = 0;
  for (const one of opened.splice(0)) {
    if (one instanceof LuminaClient) one.destroy();
    else one.close().closeAllConnections();
  }
});

const SESSION = {
  territoryId: 1,
  regionId: 1,
  userName: '',
  territoryName: '',
  timeZone: '',
  regionName: '',
  roles: [],
  permissions: [],
};

/** A service over real HTTP; `answer` speaks the body of each live connection. */
async function serve(
  answer: (
    response: ServerResponse,
    body: { readonly requests: readonly { readonly id: string }[]; resume?: string },
  ) => void,
): Promise<LuminaClient> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/api/live') {
      // These answers are of another time than now, so that the client asks what time it is.
      otherRequests.push(request.url);
      response.end('{}');
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      answer(response, JSON.parse(Buffer.concat(chunks).toString() || '{}'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new LuminaClient({ baseUrl: `http://127.0.0.1:${String(port)}`, getToken: () => 'token' });
  opened.push(client, server);
  return client;
}

function named(name: string, value: number): MetricReply {
  const reply = replyOf('queue_depth', value, '0~A');
  const group = { queue_id: name };
  return {
    ...reply,
    data: reply.data.map((series) => ({ ...series, group })),
    aggregations: reply.aggregations.map((one) => ({ ...one, group })),
  };
}

function eventOf(frame: LiveFrame, newline = '\n'): Buffer {
  return Buffer.from(
    [`id: ${frame.id}`, `event: ${frame.event}`, `data: ${JSON.stringify(frame)}`, '', ''].join(newline),
  );
}

function reached(client: LuminaClient, isThere: (reply: MetricReply) => boolean): Promise<MetricReply> {
  return new Promise((resolve) => {
    client.watch(SESSION, requestFor('queue_depth'), ({ reply }) => {
      if (reply !== undefined && isThere(reply)) resolve(reply);
    });
  });
}

/** Written byte by byte or so; between two pieces the reader, in the same process, has turns enough to take one. */
async function trickle(response: ServerResponse, bytes: Buffer, size: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    await new Promise((resolve) => response.write(piece, resolve));
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

test('frames are whole whatever the chunks: cut within characters, lines and events', async () => {
  const name = 'Zürich – Kundendienst 📞 東京';
  for (const [size, newline] of [
    [1, '\n'],
    [2, '\r\n'],
    [3, '\n'],
    [7, '\r\n'],
  ] as const) {
    const client = await serve((response, { requests: [request] }) => {
      const address = { request: request?.id ?? '' };
      const bytes = Buffer.concat([
        Buffer.from(`: hello${newline}${newline}`),
        eventOf({ event: 'snapshot', id: 'e-1-m', ...address, ...named(name, 1) }, newline),
        eventOf({ event: 'delta', id: 'e-2-m', ...address, ...named(name, 2), meta: { ...META, asOf: 7 } }, newline),
      ]);
      void trickle(response, bytes, size);
    });
    const reply = await reached(client, ({ meta }) => meta.asOf === 7);
    assert.equal(reply.data.length, 1);
    assert.equal(reply.data[0]?.group['queue_id'], name);
    assert.equal(reply.aggregations[0]?.value, 2);
  }
});

test('garbage between frames is passed over', async () => {
  const client = await serve((response, { requests: [request] }) => {
    const address = { request: request?.id ?? '' };
    response.write('data: not json\n\nfoo: bar\nretry: 10\n\ndata: {"event":"snapshot"}\n\ndata: [1]\n\n');
    response.write(eventOf({ event: 'snapshot', id: 'e-1-m', ...address, ...named('q', 5) }));
  });
  const reply = await reached(client, () => true);
  assert.equal(reply.aggregations[0]?.value, 5);
});

test('an answer of now is taken as it is; one of another time makes the client ask what time it is, once', async () => {
  for (const [asOf, asked] of [
    [Date.now(), []],
    [Date.now() - 3_600_000, ['/api/session']],
  ] as const) {
    const client = await serve((response, { requests: [request] }) => {
      const reply = named('q', 1);
      for (const sequence of [1, 2, 3]) {
        const address = { id: `e-${String(sequence)}-m`, request: request?.id ?? '' };
        const meta = { ...META, asOf: asOf + sequence };
        response.write(eventOf({ event: 'snapshot', ...address, ...reply, meta }));
      }
    });
    await reached(client, ({ meta }) => meta.asOf === asOf + 3);
    // Whatever was asked arrives before this.
    await client.session();
    assert.deepEqual(otherRequests.slice(0, -1), asked);
    otherRequests.length = 0;
  }
});

test('a server that ends mid-event is asked again from the last whole one', async () => {
  const resumes: (string | undefined)[] = [];
  const client = await serve((response, { requests: [request], resume }) => {
    resumes.push(resume);
    const address = { request: request?.id ?? '' };
    if (resume === undefined) {
      response.write(eventOf({ event: 'snapshot', id: 'e-1-m', ...address, ...named('q', 1) }));
      response.end(eventOf({ event: 'delta', id: 'e-2-m', ...address, ...named('q', 2) }).subarray(0, 60));
      return;
    }
    response.write(eventOf({ event: 'delta', id: 'e-3-m', ...address, ...named('q', 3) }));
  });
  const reply = await reached(client, ({ aggregations }) => aggregations[0]?.value === 3);
  assert.deepEqual(resumes, [undefined, 'e-1-m']);
  assert.equal(reply.data[0]?.points[0]?.[1], 3);
});
