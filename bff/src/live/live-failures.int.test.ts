import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { startDistributor } from '../testing/fixtures.ts';
import { startServer } from '../testing/http-server.ts';
import type { TestServer } from '../testing/http-server.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';
import { send } from '../testing/raw-http.ts';
import { openSocket, openStream } from './testing/live-client.ts';
import type { OpenSocket, OpenStream } from './testing/live-client.ts';
import { REQUEST } from './testing/live-identity.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { startLiveRegion } from './testing/live-region.ts';
import type { LiveRegion } from './testing/live-region.ts';

let issuer: LocalIssuer;
let region: LiveRegion;
let distributor: TestServer;
let token: string;
const connections = new Set<Socket>();

beforeEach(async () => {
  issuer = await startLocalIssuer();
  region = await startLiveRegion(issuer, 1);
  region.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  distributor = await startDistributor(issuer, { 1: region.url }, { timeoutMs: 500 });
  token = await issuer.sign();
});
afterEach(async () => {
  await distributor.close();
  await region.close();
  issuer.close();
  connections.clear();
});

const open = (): Promise<OpenStream> => openStream(distributor.url, { token, body: REQUEST });

async function ticketOf(): Promise<string> {
  const headers = { Authorization: `Bearer ${token}` };
  const reply = await send(distributor.url, { method: 'POST', path: '/api/live/ticket', headers });
  return (JSON.parse(reply.body) as { ticket: string }).ticket;
}

async function connect(): Promise<OpenSocket> {
  const socket = await openSocket(distributor.url, await ticketOf());
  socket.socket.send(JSON.stringify(REQUEST));
  await socket.frames.until('snapshot');
  return socket;
}

/** As a killed process leaves them: no goodbye, no end, nobody listening. */
async function kill(): Promise<void> {
  const closed = once(region.server, 'close');
  region.server.close();
  for (const socket of connections) socket.resetAndDestroy();
  await closed;
}

describe('a region that is killed', () => {
  it('ends its streams and WebSockets at once, and none as if it were whole', async () => {
    const stream = await open();
    await stream.frames.until('snapshot');
    const socket = await connect();
    await kill();
    await stream.frames.ended;
    assert.equal(stream.response.complete, false);
    assert.equal(await socket.closed, 1006);
  });

  it('refuses upgrades as a problem, and says to come back soon', async () => {
    const ticket = await ticketOf();
    await kill();
    for (let attempt = 0; attempt < 7; attempt += 1)
      await assert.rejects(openSocket(distributor.url, ticket), /^Error: 503 region_unavailable$/);
    const refused = await open();
    assert.equal(refused.response.statusCode, 503);
    // A client that waits as long as it is told is never away for longer than this.
    assert.ok(Number(refused.response.headers['retry-after']) <= 2);
  });
});

describe('a region that does not answer', () => {
  it('is given up in time, for streams and upgrades alike', async () => {
    const silent = await startServer(() => undefined);
    silent.server.on('upgrade', (_request, socket) => socket.resume().once('end', () => socket.end()));
    const before = await startDistributor(issuer, { 1: silent.url }, { timeoutMs: 200 });
    const stream = await openStream(before.url, { token, body: REQUEST });
    assert.equal(stream.response.statusCode, 504);
    await assert.rejects(openSocket(before.url, `r1_${'x'.repeat(20)}`), /^Error: 504 upstream_timeout$/);
    await before.close();
    await silent.close();
  });
});

describe('a process that ends', () => {
  it('says goodbye to streams and WebSockets of a region', async () => {
    const stream = await open();
    await stream.frames.until('snapshot');
    const socket = await connect();
    const unasked = await openSocket(distributor.url, await ticketOf());
    region.live.drain();
    for (const { frames } of [stream, socket]) {
      const bye = await frames.until('bye');
      assert.equal(bye.reason, 'shutdown');
      assert.ok(bye.retryMs >= 200 && bye.retryMs <= 1_500);
    }
    await stream.frames.ended;
    assert.ok(stream.response.complete);
    assert.equal(await socket.closed, 1012);
    assert.equal(await unasked.closed, 1012);
    assert.equal((await open()).response.statusCode, 503);
  });
});

describe('a region that gives way to its successor under load', () => {
  it('cuts no request, and its viewers go on without a gap or a double', async () => {
    const tokens = await Promise.all(['a', 'b', 'c', 'd'].map((sub) => issuer.sign({ sub })));
    const streams = await Promise.all(tokens.map((own) => openStream(distributor.url, { token: own, body: REQUEST })));
    for (const { frames } of streams) await frames.until('delta');
    // Requests all the time; none may end otherwise than with an answer or a plain refusal.
    const statuses: number[] = [];
    let isOver = false;
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const headers = { Authorization: `Bearer ${token}` };
        statuses.push((await send(distributor.url, { method: 'POST', path: '/api/live/ticket', headers })).status);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    });
    // As the process does on SIGTERM: no new connection, a goodbye, then what is under way is answered.
    const { port } = region;
    const closed = once(region.server, 'close');
    region.server.close();
    region.live.drain();
    region.server.closeIdleConnections();
    for (const { frames } of streams) {
      assert.equal((await frames.until('bye')).reason, 'shutdown');
      await frames.ended;
    }
    await closed;
    region = await startLiveRegion(issuer, 1, undefined, port);
    const answered = statuses.length;
    const resumed = await Promise.all(
      streams.map(({ frames }, index) => resume(tokens[index] ?? '', frames.all.at(-1)?.id ?? '')),
    );
    for (const [index, { frames }] of resumed.entries()) {
      const before = streams[index]?.frames.all ?? [];
      // Another process knows nothing of the numbers of the first: it begins with everything.
      assert.equal((await frames.next()).event, 'snapshot');
      await frames.until('delta');
      const ids = [...before, ...frames.all].filter(({ event }) => event !== 'bye').map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
    }
    while (statuses.length < answered + 20) await new Promise((resolve) => setTimeout(resolve, 2));
    isOver = true;
    await Promise.all(load);
    const odd = statuses.filter((status) => status !== 200 && status !== 503);
    assert.deepEqual(odd, []);
    assert.equal(statuses.at(-1), 200);
    for (const { leave } of resumed) leave();
  });
});

/** As a client does: asks again until there is a process that answers. */
async function resume(own: string, lastId: string): Promise<OpenStream> {
  for (;;) {
    const headers = { 'Last-Event-ID': lastId };
    const stream = await openStream(distributor.url, { token: own, body: REQUEST, headers });
    if (stream.response.statusCode === 200) return stream;
    assert.equal(stream.response.statusCode, 503);
    stream.leave();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a distributor that ends', () => {
  it('lets go of what it passes on', async () => {
    const other = await startDistributor(issuer, { 1: region.url });
    const stream = await openStream(other.url, { token, body: REQUEST });
    const snapshot = await stream.frames.until('snapshot');
    const socket = await openSocket(other.url, await ticketOf());
    await other.close();
    const bye = await stream.frames.until('bye');
    assert.deepEqual([bye.reason, bye.id], ['shutdown', snapshot.id]);
    assert.equal(await socket.closed, 1006);
  });
});

describe('a WebSocket that asks nothing', () => {
  it('is told what to say, and closed', async () => {
    const clock = new ManualClock(Date.now());
    const patient = await startLiveRegion(issuer, 1, clock);
    const headers = { Authorization: `Bearer ${token}` };
    const reply = await send(patient.url, { method: 'POST', path: '/api/live/ticket', headers });
    const { ticket } = JSON.parse(reply.body) as { ticket: string };
    const { frames, closed } = await openSocket(patient.url, ticket);
    await clock.pass(10_000);
    const { problem } = await frames.until('problem');
    assert.match(problem.detail, /first message/);
    assert.equal(await closed, 1008);
    await patient.close();
  });
});

describe('a viewer', () => {
  it('who leaves is gone from the region too', async () => {
    const stream = await open();
    await stream.frames.until('snapshot');
    const socket = await connect();
    region.metrics.pause = new Promise(() => undefined);
    const { signal } = await region.metrics.next();
    assert.ok(signal);
    const given = once(signal, 'abort');
    stream.leave();
    socket.socket.terminate();
    await given;
  });
});

it('live connections take no place from ordinary requests', async () => {
  const roomy = await startDistributor(issuer, { 1: region.url });
  // More than the connections that ordinary requests share; each identity may have twenty.
  const tokens = await Promise.all(Array.from({ length: 13 }, (_, index) => issuer.sign({ sub: `u${String(index)}` })));
  const others = await Promise.all(
    tokens.flatMap((own) => Array.from({ length: 20 }, () => openStream(roomy.url, { token: own, body: REQUEST }))),
  );
  assert.ok(others.length > 256);
  assert.ok(others.every(({ response }) => response.statusCode === 200));
  const headers = { Authorization: `Bearer ${token}` };
  const ordinary = await send(roomy.url, { method: 'POST', path: '/api/live/ticket', headers });
  assert.equal(ordinary.status, 200);
  for (const { leave } of others) leave();
  await roomy.close();
});
