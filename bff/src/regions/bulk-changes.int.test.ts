import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startDistributor } from '../testing/fixtures.ts';
import { startServer } from '../testing/http-server.ts';
import type { TestServer } from '../testing/http-server.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';

const PIECE = Buffer.alloc(262_144, ' ');
const MOST_PIECES = 16;
const REFUSAL = JSON.stringify({
  type: 'about:blank',
  title: 'Forbidden',
  status: 403,
  code: 'forbidden',
  detail: 'No.',
  requestId: 'r',
});

describe('bulk changes of the directory', () => {
  let issuer: LocalIssuer;
  let region: TestServer;
  let distributor: TestServer;
  let token: string;
  /** What the region has taken of the request that it was sent last. */
  let arrival: {
    bytes: number;
    readonly some: PromiseWithResolvers<undefined>;
    readonly cut: PromiseWithResolvers<boolean>;
  };
  let refuses = false;

  before(async () => {
    issuer = await startLocalIssuer();
    region = await startServer((request, response) => {
      if (!(request.url ?? '').startsWith('/api/')) response.writeHead(404).end();
      else if (refuses) response.writeHead(403, { 'Content-Type': 'application/problem+json' }).end(REFUSAL);
      else take(request, response);
    });
    distributor = await startDistributor(issuer, { 1: region.url });
    token = await issuer.sign();
  });
  beforeEach(() => {
    refuses = false;
    arrival = { bytes: 0, some: Promise.withResolvers(), cut: Promise.withResolvers() };
  });
  after(async () => {
    await distributor.close();
    await region.close();
    issuer.close();
  });

  function take(request: IncomingMessage, response: ServerResponse): void {
    request.on('data', (chunk: Buffer) => {
      arrival.bytes += chunk.length;
      arrival.some.resolve(undefined);
    });
    request.once('end', () => response.end(String(arrival.bytes)));
    request.once('close', () => {
      arrival.cut.resolve(!request.complete);
    });
  }

  function put(path: string, headers: Readonly<Record<string, string>>, method = 'PUT'): ClientRequest {
    return httpRequest(`${distributor.url}${path}`, {
      method,
      agent: false,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
    });
  }

  async function answerTo(outgoing: ClientRequest): Promise<{ readonly status: number; readonly text: string }> {
    const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
    // Whoever is refused may still be writing when the connection closes.
    outgoing.on('error', () => undefined);
    let text = '';
    for await (const chunk of reply.setEncoding('utf8')) text += String(chunk);
    return { status: reply.statusCode ?? 0, text };
  }

  for (const [how, headers] of [
    ['of a known length', { 'Content-Length': String(MOST_PIECES * PIECE.length) }],
    ['of a length that only its end tells', { 'Transfer-Encoding': 'chunked' }],
  ] as const)
    it(`of 4 MB, ${how}, reach the region as they come`, async () => {
      const outgoing = put('/api/directory/agents', headers);
      const answer = answerTo(outgoing);
      outgoing.write(PIECE);
      // Before the rest has even been sent.
      await arrival.some.promise;
      for (let piece = 1; piece < MOST_PIECES; piece += 1) if (!outgoing.write(PIECE)) await once(outgoing, 'drain');
      outgoing.end();
      assert.deepEqual(await answer, { status: 200, text: String(MOST_PIECES * PIECE.length) });
    });

  it('that say they are longer are refused before the region hears of them', async () => {
    const outgoing = put('/api/directory/agents', { 'Content-Length': String(MOST_PIECES * PIECE.length + 1) });
    outgoing.flushHeaders();
    const { status, text } = await answerTo(outgoing);
    assert.deepEqual([status, (JSON.parse(text) as { code: string }).code], [413, 'payload_too_large']);
    assert.equal(arrival.bytes, 0);
  });

  it('that turn out to be longer are cut off at the region, and refused', async () => {
    const outgoing = put('/api/directory/queues/q_1/members', { 'Transfer-Encoding': 'chunked' });
    const answer = answerTo(outgoing);
    for (let piece = 0; piece < MOST_PIECES; piece += 1) outgoing.write(PIECE);
    outgoing.write('!');
    const { status, text } = await answer;
    assert.deepEqual([status, (JSON.parse(text) as { code: string }).code], [413, 'payload_too_large']);
    assert.match(text, /4194304/);
    assert.equal(await arrival.cut.promise, true, 'the region never takes it for whole');
    outgoing.destroy();
  });

  it('whose sender vanishes are cut off at the region', async () => {
    const outgoing = put('/api/directory/agents', { 'Content-Length': String(2 * PIECE.length) });
    outgoing.on('error', () => undefined).write(PIECE);
    await arrival.some.promise;
    outgoing.destroy();
    assert.equal(await arrival.cut.promise, true);
  });

  it('that the region refuses unread are answered with what it said', async () => {
    refuses = true;
    const outgoing = put('/api/directory/agents', { 'Content-Length': String(MOST_PIECES * PIECE.length) });
    const answer = answerTo(outgoing);
    for (let piece = 0; piece < MOST_PIECES; piece += 1) outgoing.write(PIECE);
    outgoing.end();
    assert.deepEqual(await answer, { status: 403, text: REFUSAL });
  });

  for (const [method, path] of [
    ['POST', '/api/directory/agents'],
    ['PUT', '/api/dashboards/x'],
    ['PUT', '/api/directoryx/y'],
  ] as const)
    it(`alone may be so long: ${method} ${path} may not`, async () => {
      const outgoing = put(path, { 'Content-Length': String(PIECE.length + 1) }, method);
      outgoing.flushHeaders();
      const { status } = await answerTo(outgoing);
      assert.equal(status, 413);
      assert.equal(arrival.bytes, 0);
    });
});
