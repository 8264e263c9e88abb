import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { JWTPayload } from 'jose';
import { startDistributor } from '../testing/fixtures.ts';
import type { TestServer } from '../testing/http-server.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';
import { codeOf, send } from '../testing/raw-http.ts';
import type { RawReply } from '../testing/raw-http.ts';
import { openSocket, openStream } from './testing/live-client.ts';
import type { OpenStream } from './testing/live-client.ts';
import { REQUEST } from './testing/live-identity.ts';
import { startLiveRegion } from './testing/live-region.ts';
import type { LiveRegion } from './testing/live-region.ts';

const US: JWTPayload = { sub: 'auth0|us', territory_id: 202, region_id: 2 };

let issuer: LocalIssuer;
let uk: LiveRegion;
let us: LiveRegion;
let distributor: TestServer;
let token: string;

before(async () => {
  issuer = await startLocalIssuer();
  [uk, us] = await Promise.all([startLiveRegion(issuer, 1), startLiveRegion(issuer, 2)]);
  distributor = await startDistributor(issuer, { 1: uk.url, 2: us.url }, { timeoutMs: 500 });
  token = await issuer.sign();
});
after(async () => {
  await distributor.close();
  await Promise.all([uk.close(), us.close()]);
  issuer.close();
});
beforeEach(() => {
  uk.metrics.evaluations.length = 0;
});

function open(
  more: { readonly body?: unknown; readonly token?: string; readonly headers?: Record<string, string> } = {},
): Promise<OpenStream> {
  return openStream(distributor.url, { token, body: REQUEST, ...more });
}

function post(path: string, bearer = token): Promise<RawReply> {
  return send(distributor.url, { method: 'POST', path, headers: { Authorization: `Bearer ${bearer}` } });
}

async function ticketOf(bearer = token): Promise<string> {
  const reply = await post('/api/live/ticket', bearer);
  assert.equal(reply.status, 200);
  return (JSON.parse(reply.body) as { ticket: string }).ticket;
}

const streamOf = ({ response }: OpenStream): string => String(response.headers['x-lumina-stream']);

describe('an event stream through the distributor', () => {
  it('begins at once, is not held back by anything, and goes on beyond the time an answer may take', async () => {
    const stream = await open({ headers: { 'Accept-Encoding': 'gzip, br' } });
    const { headers } = stream.response;
    assert.equal(headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-cache, no-transform');
    assert.equal(headers['x-accel-buffering'], 'no');
    assert.equal(headers['content-encoding'], undefined);
    assert.match(streamOf(stream), /^[\w-]{22}$/);
    const { id } = await stream.frames.until('snapshot');
    assert.ok(
      stream.text().startsWith(`: \n\nid: ${id}\nevent: snapshot\ndata: {"event":"snapshot","id":"${id}","data":`),
    );
    // The ticks are slower than the timeout of the distributor.
    await stream.frames.until('delta');
    await stream.frames.until('delta');
    stream.leave();
  });

  it('carries several questions, each with its own name, and tells which cannot be answered', async () => {
    const requests = [
      { id: 'tiles', ...REQUEST },
      { id: 'chart', ...REQUEST, range: { last: '24h' } },
      { id: 'odd', ...REQUEST, range: { last: 'ever' } },
      { id: 'nowhere', ...REQUEST, timeZone: 'Moon/Base' },
      { id: 'platform', ...REQUEST, territory: 'platform' },
    ];
    const { frames, leave } = await open({ body: { requests } });
    const told = new Map<string | undefined, string>();
    while (told.size < requests.length) {
      const frame = await frames.next();
      if (frame.event === 'problem') told.set(frame.request, frame.problem.code);
      if (frame.event === 'snapshot') told.set(frame.request, frame.event);
    }
    assert.deepEqual(Object.fromEntries(told), {
      tiles: 'snapshot',
      chart: 'snapshot',
      odd: 'invalid_request',
      nowhere: 'invalid_request',
      platform: 'forbidden',
    });
    leave();
  });

  it('refuses what it cannot read, and who may not', async () => {
    const bodies: unknown[] = [
      {},
      { ...REQUEST, more: 1 },
      { requests: [] },
      { requests: [REQUEST] },
      {
        requests: [
          { id: 'a', ...REQUEST },
          { id: 'a', ...REQUEST },
        ],
      },
      {
        requests: Array.from({ length: 20 }, (_, index) => ({
          ...REQUEST,
          id: String(index),
          queries: Array.from({ length: 11 }, (_one, place) => ({ ref: String(place), metrics: ['call_count'] })),
        })),
      },
      { requests: Array.from({ length: 25 }, (_, index) => ({ id: String(index), ...REQUEST })) },
    ];
    for (const body of bodies) assert.equal((await open({ body })).response.statusCode, 422, JSON.stringify(body));
    const blind = await issuer.sign({ permissions: ['dashboards:read'] });
    for (const path of ['/api/live', '/api/live/ticket', '/api/live/x/token'])
      assert.equal(codeOf(await post(path, blind)), 'forbidden');
    assert.equal((await open({ token: 'none' })).response.statusCode, 401);
  });

  it('resumes without a gap or a double, by header or body', async () => {
    const stays = await open();
    await stays.frames.until('snapshot');
    const leaves = await open({ token: await issuer.sign({ sub: 'auth0|second' }) });
    await leaves.frames.until('delta');
    leaves.leave();
    await leaves.frames.ended;
    await stays.frames.until('delta');
    await stays.frames.until('delta');
    const seen = leaves.frames.all;
    const lastId = seen.at(-1)?.id ?? '';
    for (const how of [{ headers: { 'Last-Event-ID': lastId } }, { body: { ...REQUEST, resume: lastId } }]) {
      const back = await open(how);
      const first = await back.frames.next();
      const ids = stays.frames.all.map(({ id }) => id);
      assert.equal(first.event, 'delta');
      assert.equal(first.id, ids[ids.indexOf(lastId) + 1]);
      back.leave();
    }
    const odd = await open({ headers: { 'Last-Event-ID': 'no id at all' } });
    assert.equal((await odd.frames.next()).event, 'snapshot');
    odd.leave();
    stays.leave();
  });

  it('costs one evaluation a second for all its viewers, and none once they left', async () => {
    const body = { ...REQUEST, range: { last: '3h' } };
    const streams = await Promise.all(Array.from({ length: 10 }, () => open({ body })));
    await Promise.all(streams.map(({ frames }) => frames.until('delta')));
    assert.equal(
      uk.metrics.evaluations.filter(({ request }) => 'last' in request.range && request.range.last === '3h').length,
      2,
    );
    // Without an end of its own: only that everyone has gone can end it.
    uk.metrics.pause = new Promise(() => undefined);
    const { signal } = await uk.metrics.next();
    assert.ok(signal);
    const given = new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
    for (const { leave } of streams) leave();
    await given;
    uk.metrics.pause = undefined;
  });

  it('shows each region its own, whoever asks', async () => {
    uk.metrics.pointsOf.set(101, [[0, 101]]);
    us.metrics.pointsOf.set(202, [[0, 202]]);
    const [one, two] = await Promise.all([
      open({ body: { ...REQUEST, range: { last: '4h' } } }),
      open({ body: { ...REQUEST, range: { last: '4h' } }, token: await issuer.sign(US) }),
    ]);
    const first = await one.frames.until('snapshot');
    const second = await two.frames.until('snapshot');
    assert.deepEqual([first.data[0]?.points, second.data[0]?.points], [[[0, 101]], [[0, 202]]]);
    one.leave();
    two.leave();
    uk.metrics.pointsOf.clear();
  });
});

describe('a stream whose token expires', () => {
  const soon = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

  it('asks for another, goes on with one of the same identity only, and ends without', async () => {
    const stream = await open({ token: await issuer.sign({ exp: soon(3) }) });
    const reauth = await stream.frames.until('reauth');
    assert.equal(reauth.stream, streamOf(stream));
    const path = `/api/live/${reauth.stream}/token`;
    const foreign = [
      await issuer.sign({ sub: 'auth0|other' }),
      await issuer.sign({ lumina_scope: { queues: ['q1'] } }),
    ];
    for (const bearer of foreign) assert.equal(codeOf(await post(path, bearer)), 'forbidden');
    assert.equal(codeOf(await post(path, await issuer.sign({ territory_id: 102 }))), 'not_found');
    assert.equal(codeOf(await post(path, await issuer.sign(US))), 'not_found');
    const until = soon(5);
    const extended = await post(path, await issuer.sign({ exp: until }));
    assert.deepEqual([extended.status, JSON.parse(extended.body)], [200, { expiresAt: until * 1_000 }]);
    const bye = await stream.frames.until('bye');
    assert.deepEqual([bye.reason, bye.retryMs], ['expired', 0]);
    assert.ok(Date.now() >= until * 1_000);
    await stream.frames.ended;
    assert.ok(stream.response.complete);
    assert.equal(codeOf(await post(path)), 'not_found');
  });
});

describe('a WebSocket through the distributor', () => {
  it('carries the same frames, to the region of its ticket', async () => {
    const { socket, frames } = await openSocket(distributor.url, await ticketOf(await issuer.sign(US)));
    socket.send(JSON.stringify({ requests: [{ id: 'tiles', ...REQUEST }] }));
    const snapshot = await frames.until('snapshot');
    assert.deepEqual([snapshot.request, snapshot.data[0]?.points], ['tiles', [[0, 202]]]);
    await frames.until('delta');
    socket.close();
  });

  it('resumes where an event stream was, and the other way round', async () => {
    const stream = await open();
    const { id } = await stream.frames.until('delta');
    const { socket, frames } = await openSocket(distributor.url, await ticketOf());
    socket.send(JSON.stringify({ ...REQUEST, resume: id }));
    const { id: next } = await frames.until('delta');
    assert.equal(frames.all.length, 1);
    assert.equal(next, (await stream.frames.until('delta')).id);
    socket.close();
    stream.leave();
  });

  it('takes a ticket once, and only one that was given out', async () => {
    const ticket = await ticketOf();
    assert.match(ticket, /^r1_/);
    const { socket } = await openSocket(distributor.url, ticket);
    await assert.rejects(openSocket(distributor.url, ticket), /^Error: 401 unauthenticated$/);
    const unused = await ticketOf();
    const renamed = ['r2_', 'r9_', 'r01_', ''].map((prefix) => unused.replace('r1_', prefix));
    const foreign = ['', 'x', ...renamed, `${unused}x`];
    for (const odd of foreign) await assert.rejects(openSocket(distributor.url, odd), /401 unauthenticated/, odd);
    await assert.rejects(openSocket(distributor.url, unused.replace('r1_', 'r3_')), /503 region_unavailable/);
    (await openSocket(distributor.url, unused)).socket.close();
    socket.close();
  });

  it('is closed with a problem after a first message that makes no sense', async () => {
    for (const message of ['{', '{}', Buffer.from([1, 2]), JSON.stringify({ ...REQUEST, timeZone: '\u0000' })]) {
      const { socket, frames, closed } = await openSocket(distributor.url, await ticketOf());
      socket.send(message);
      const { problem } = await frames.until('problem');
      assert.equal(problem.code, 'invalid_request');
      assert.equal(await closed, 1008);
    }
  });

  it('is not what other requests become that ask for an upgrade', async () => {
    const headers = { Authorization: `Bearer ${token}`, Connection: 'Upgrade', Upgrade: 'websocket' };
    const other = await send(distributor.url, { path: '/api/other', headers });
    assert.deepEqual([other.status, codeOf(other)], [404, 'not_found']);
    const h2c = await send(distributor.url, { path: '/api/live/ws', headers: { ...headers, Upgrade: 'h2c' } });
    assert.equal(h2c.status, 404);
  });

  it('tells the region what the distributor knows, and nothing the caller made up', async () => {
    const seen = new Promise<Record<string, unknown>>((resolve) => {
      uk.server.once('upgrade', ({ headers, url }: { headers: object; url?: string }) => {
        resolve({ ...headers, url });
      });
    });
    const ticket = await ticketOf();
    const reply = await send(distributor.url, {
      path: `/api/live/ws?evil=1&ticket=${ticket}`,
      headers: {
        Connection: 'Upgrade, X-Smuggle',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '12',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'X-Smuggle': '1',
        'X-Forwarded-For': '10.0.0.1',
        'X-Lumina-Territory': '202',
        Cookie: 'a=b',
        Authorization: `Bearer ${token}`,
      },
    });
    // The version is one that the region does not speak: its refusal passes as it is.
    assert.equal(reply.status, 400);
    const headers = await seen;
    assert.equal(headers['url'], `/api/live/ws?ticket=${ticket}`);
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    for (const name of ['x-smuggle', 'x-lumina-territory', 'cookie', 'authorization'])
      assert.equal(headers[name], undefined, name);
  });
});
