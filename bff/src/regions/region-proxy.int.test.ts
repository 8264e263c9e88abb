import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startDistributor } from '../testing/fixtures.ts';
import { startServer } from '../testing/http-server.ts';
import type { TestServer } from '../testing/http-server.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';
import { codeOf, send, sendBytes } from '../testing/raw-http.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const echo: Handler = (request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    response
      .setHeader('Content-Type', 'application/json')
      .end(JSON.stringify({ url: request.url, headers: request.headers, body }));
  });
};

let issuer: LocalIssuer;
let region: TestServer;
let distributor: TestServer;
let token: string;
let handle: Handler = echo;
let connections = 0;
const seen: IncomingMessage[] = [];

before(async () => {
  issuer = await startLocalIssuer();
  region = await startServer((request, response) => {
    // What the distributor asks for itself, of its regions' keys and clients, is nobody's request.
    if (/^\/(\.well-known|internal)\//.test(request.url ?? '')) {
      response.writeHead(404).end();
      return;
    }
    seen.push(request);
    handle(request, response);
  });
  region.server.on('connection', () => {
    connections += 1;
  });
  const refused = await startServer(echo);
  await refused.close();
  distributor = await startDistributor(issuer, { 1: region.url, 2: refused.url }, { timeoutMs: 300 });
  token = await issuer.sign();
});
after(async () => {
  await distributor.close();
  await region.close();
  issuer.close();
});
beforeEach(() => {
  handle = echo;
  seen.length = 0;
});

const authorised = (headers: Record<string, string> = {}): Record<string, string> => ({
  Authorization: `Bearer ${token}`,
  ...headers,
});

interface Echo {
  readonly url: string;
  readonly headers: Record<string, string | undefined>;
  readonly body: string;
}

async function echoed(path: string, headers: Record<string, string> = {}): Promise<Echo> {
  const reply = await send(distributor.url, { path, headers: authorised(headers) });
  assert.equal(reply.status, 200);
  return JSON.parse(reply.body) as Echo;
}

describe('who is let through', () => {
  it('only a token, and only to its own region', async () => {
    assert.equal(codeOf(await send(distributor.url, { path: '/api/x' })), 'unauthenticated');
    const foreign = await send(distributor.url, { path: '/api/x', headers: authorised({ 'X-Territory-Id': '202' }) });
    assert.deepEqual([foreign.status, codeOf(foreign)], [403, 'territory_mismatch']);
    const otherRegion = await send(distributor.url, { path: '/api/x', headers: authorised({ 'X-Region-Id': '2' }) });
    assert.deepEqual([otherRegion.status, codeOf(otherRegion)], [403, 'territory_mismatch']);
    const nowhere = await send(distributor.url, {
      path: '/api/x',
      headers: { Authorization: `Bearer ${await issuer.sign({ region_id: 9 })}` },
    });
    assert.deepEqual([nowhere.status, codeOf(nowhere)], [403, 'region_unknown']);
    assert.equal(seen.length, 0);
  });

  it('a region without a backend is unavailable, with Retry-After', async () => {
    const reply = await send(distributor.url, {
      path: '/api/x',
      headers: { Authorization: `Bearer ${await issuer.sign({ region_id: 3 })}` },
    });
    assert.deepEqual([reply.status, codeOf(reply)], [503, 'region_unavailable']);
    assert.match(reply.headers['retry-after'] ?? '', /^\d+$/);
  });

  it('a region that refuses connections is unavailable, before and after the breaker opens', async () => {
    const headers = { Authorization: `Bearer ${await issuer.sign({ territory_id: 202, region_id: 2 })}` };
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const reply = await send(distributor.url, { path: '/api/x', headers });
      assert.deepEqual([reply.status, codeOf(reply)], [503, 'region_unavailable']);
      assert.match(reply.headers['retry-after'] ?? '', /^[1-9]\d*$/);
    }
    assert.equal((await send(distributor.url, { path: '/api/x', headers: authorised() })).status, 200);
  });

  it('super_admin names territory, region and reason, which the region is told', async () => {
    const headers = {
      Authorization: `Bearer ${await issuer.sign({ territory_id: undefined, region_id: undefined, roles: ['super_admin'] })}`,
    };
    assert.equal(codeOf(await send(distributor.url, { path: '/api/x', headers })), 'territory_required');
    const named = { ...headers, 'X-Territory-Id': '101', 'X-Region-Id': '1', 'X-Reason': 'ticket 7' };
    const reply = await send(distributor.url, { path: '/api/x', headers: named });
    const { headers: told } = JSON.parse(reply.body) as Echo;
    assert.deepEqual([told['x-territory-id'], told['x-region-id'], told['x-reason']], ['101', '1', 'ticket 7']);
  });

  it('paths that could be read differently behind it, and /internal, go nowhere', async () => {
    for (const path of [
      '/api/../internal/ingest-keys',
      '/api/%2e%2e/internal/ingest-keys',
      '/api/..%2finternal/ingest-keys',
      '//api/x',
      '/internal/ingest-keys',
      '/api\\..\\internal',
    ]) {
      const reply = await send(distributor.url, { path, headers: authorised() });
      assert.equal(reply.status, 404, path);
    }
    assert.equal(seen.length, 0);
  });
});

describe('headers of requests', () => {
  it('say anew where a request came from, whatever the caller claims', async () => {
    const { headers } = await echoed('/api/x', {
      'X-Forwarded-For': '10.0.0.1, 8.8.8.8',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'gopher',
      'X-Forwarded-Prefix': '/evil',
      Forwarded: 'for=10.0.0.1',
      'X-Real-IP': '10.0.0.1',
    });
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(headers['x-forwarded-host'], new URL(distributor.url).host);
    assert.equal(headers['x-forwarded-proto'], 'http');
    for (const name of ['x-forwarded-prefix', 'forwarded', 'x-real-ip']) assert.equal(headers[name], undefined, name);
  });

  it('lose what concerns one connection or only our own machines may say', async () => {
    const { headers } = await echoed('/api/x', {
      Connection: 'close, X-Smuggle',
      'X-Smuggle': '1',
      'Keep-Alive': 'timeout=1',
      TE: 'trailers',
      'Proxy-Authorization': 'Basic eA==',
      'X-Amzn-Oidc-Data': 'forged',
      'X-Lumina-Territory': '202',
      Cookie: 'a=b',
    });
    for (const name of ['x-smuggle', 'te', 'proxy-authorization', 'x-amzn-oidc-data', 'x-lumina-territory', 'cookie']) {
      assert.equal(headers[name], undefined, name);
    }
    assert.equal(headers['connection'], 'keep-alive');
  });

  it('may say which board asks, unless as something of one connection', async () => {
    const { headers } = await echoed('/api/x', { 'X-Lumina-Dashboard': 'calls' });
    assert.equal(headers['x-lumina-dashboard'], 'calls');
    const dropped = await echoed('/api/x', { 'X-Lumina-Dashboard': 'calls', Connection: 'X-Lumina-Dashboard' });
    assert.equal(dropped.headers['x-lumina-dashboard'], undefined);
  });

  it('carry a request id of our own, the same in the reply', async () => {
    const reply = await send(distributor.url, { path: '/api/x', headers: authorised({ 'X-Request-Id': 'chosen' }) });
    const { headers } = JSON.parse(reply.body) as Echo;
    assert.notEqual(headers['x-request-id'], 'chosen');
    assert.equal(reply.headers['x-request-id'], headers['x-request-id']);
  });

  it('of one caller harm nobody on the pooled connection', async () => {
    await echoed('/api/first');
    const opened = connections;
    await echoed('/api/attack', { Connection: 'close, x-smuggle', 'X-Smuggle': '1' });
    await echoed('/api/next');
    await echoed('/api/attack', { Connection: 'close, content-length, host' });
    await echoed('/api/next');
    // All of them travelled on the one connection that was open: nobody closed it under the next.
    assert.equal(connections, opened);
  });
});

describe('bodies', () => {
  it('arrive whole, with or without a length', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(200_000) });
    for (const headers of [
      authorised({ 'Content-Length': String(body.length) }),
      authorised({ 'Transfer-Encoding': 'chunked' }),
    ]) {
      const reply = await send(distributor.url, { method: 'POST', path: '/api/x?a=1', headers, body });
      const got = JSON.parse(reply.body) as Echo;
      assert.equal(got.body, body);
      assert.equal(got.url, '/api/x?a=1');
    }
  });

  it('cannot hide a second request where none belongs', async () => {
    const smuggled = 'GET /api/smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
    for (const method of ['GET', 'DELETE']) {
      const reply = await send(distributor.url, {
        method,
        path: '/api/x',
        headers: authorised({ 'Transfer-Encoding': 'chunked' }),
        body: smuggled,
      });
      assert.equal(reply.status, 400);
    }
    const both = await sendBytes(
      distributor.url,
      `POST /api/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    );
    assert.match(both, /^HTTP\/1\.1 400 /);
    const named = await send(distributor.url, {
      method: 'POST',
      path: '/api/x',
      headers: authorised({ Connection: 'content-length', 'Content-Length': String(smuggled.length) }),
      body: smuggled,
    });
    assert.equal((JSON.parse(named.body) as Echo).body, smuggled);
    assert.ok(seen.every((request) => request.url !== '/api/smuggled'));
  });
});

describe('replies', () => {
  it('lose what concerns the inner connection and what would contradict the distributor', async () => {
    handle = (_request, response) => {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        Connection: 'X-Inner',
        'X-Inner': '1',
        'X-Powered-By': 'Express',
        'Access-Control-Allow-Origin': '*',
        'Set-Cookie': 'a=b',
        'X-Lumina-Cache': 'hit',
        ETag: '"3"',
      });
      response.end('{}');
    };
    const { headers } = await send(distributor.url, {
      path: '/api/x',
      headers: authorised({ Origin: 'https://host.example' }),
    });
    for (const name of ['x-inner', 'x-powered-by', 'set-cookie']) assert.equal(headers[name], undefined, name);
    assert.equal(headers['access-control-allow-origin'], 'https://host.example');
    // Without it a page of another origin would judge the age of numbers by the clock of the desk.
    assert.match(headers['access-control-expose-headers'] ?? '', /\bDate\b/);
    assert.equal(headers['x-lumina-cache'], 'hit');
    assert.equal(headers['etag'], '"3"');
  });

  it('that never begin become 504, connections that break become 502', async () => {
    handle = () => undefined;
    const late = await send(distributor.url, { path: '/api/x', headers: authorised() });
    assert.deepEqual([late.status, codeOf(late)], [504, 'upstream_timeout']);
    handle = (request) => request.socket.destroy();
    const reset = await send(distributor.url, { method: 'POST', path: '/api/x', headers: authorised(), body: '{}' });
    assert.deepEqual(
      [reset.status, codeOf(reset), reset.headers['content-type']],
      [502, 'upstream_reset', 'application/problem+json; charset=utf-8'],
    );
  });

  it('that break in the middle are never ended as if they were whole', async () => {
    handle = (request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write('{"half":', () => request.socket.destroy());
    };
    await assert.rejects(send(distributor.url, { path: '/api/x', headers: authorised() }));
  });

  it('lost on a connection that the region was just closing are asked for again, once, if that is safe', async () => {
    await echoed('/api/warm');
    let calls = 0;
    handle = (request, response) => {
      calls += 1;
      if (calls === 1) request.socket.destroy();
      else echo(request, response);
    };
    await echoed('/api/again');
    assert.equal(calls, 2);
  });
});

describe('a request that fails', () => {
  const query = (path = '/api/metrics/query', body = '{"range":{"last":"1h"}}', headers = {}) =>
    send(distributor.url, {
      method: 'POST',
      path,
      headers: authorised({ 'Content-Length': String(Buffer.byteLength(body)), ...headers }),
      body,
    });
  /** Loses the first request of a connection that was used before. */
  async function losing(): Promise<string[]> {
    await echoed('/api/warm');
    const calls: string[] = [];
    handle = (request, response) => {
      calls.push(`${String(request.method)} ${String(request.url)}`);
      if (calls.length === 1) request.socket.destroy();
      else echo(request, response);
    };
    return calls;
  }

  it('is made again with its body where it only asks', async () => {
    const calls = await losing();
    const reply = await query();
    assert.deepEqual([reply.status, (JSON.parse(reply.body) as Echo).body], [200, '{"range":{"last":"1h"}}']);
    assert.equal(calls.length, 2);
  });

  it('is not where it may change something or is recorded, nor where its body is too long to be kept', async () => {
    for (const [path, body] of [
      ['/api/dashboards', '{}'],
      ['/api/rows/query', '{}'],
      ['/api/metrics/query', JSON.stringify({ fill: 'x'.repeat(70_000) })],
    ] as const) {
      const calls = await losing();
      assert.deepEqual([(await query(path, body)).status, calls.length], [502, 1], path);
    }
  });

  it('is not when the region was only slow, or closed a connection that was new', async () => {
    let calls = 0;
    handle = () => {
      calls += 1;
    };
    assert.deepEqual([(await query()).status, calls], [504, 1]);
  });

  it('goes to no other region', async () => {
    const headers = { Authorization: `Bearer ${await issuer.sign({ territory_id: 202, region_id: 2 })}` };
    for (const method of ['GET', 'POST']) {
      const reply = await send(distributor.url, { method, path: '/api/metrics/query', headers });
      assert.equal(reply.status, 503);
    }
    assert.equal(seen.length, 0);
  });
});

describe('limits', () => {
  it('a body that is too large is refused before any of it is sent on', async () => {
    const declared = await sendBytes(
      distributor.url,
      `POST /api/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Length: 300000\r\n\r\n{`,
    );
    assert.match(declared, /^HTTP\/1\.1 413 [^]*payload_too_large/);
    const chunk = 'x'.repeat(0x8000);
    const chunked = await sendBytes(
      distributor.url,
      `POST /api/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n${`8000\r\n${chunk}\r\n`.repeat(9)}`,
    );
    assert.match(chunked, /^HTTP\/1\.1 413 [^]*payload_too_large/);
    assert.equal(seen.length, 0);
  });

  it('headers that are too large are refused', async () => {
    const reply = await send(distributor.url, {
      path: '/api/x',
      headers: authorised({ 'X-Fill': 'x'.repeat(20_000) }),
    });
    assert.deepEqual([reply.status, codeOf(reply)], [431, 'invalid_request']);
    assert.equal(seen.length, 0);
  });
});

describe('requests without a token of a user', () => {
  const REST = 'abcdefghijklmnopqrstuv';
  const tokenRequest = (body: string, headers: Record<string, string> = {}) =>
    send(distributor.url, {
      method: 'POST',
      path: '/oauth/token',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': String(body.length),
        ...headers,
      },
      body,
    });
  const basic = (id: string): Record<string, string> => ({
    Authorization: `Basic ${Buffer.from(`${id}:secret`).toString('base64')}`,
  });

  it('go to the region that begins the id they name, whatever their headers say', async () => {
    const body = `grant_type=client_credentials&client_id=r1_${REST}&client_secret=s`;
    const headers = { 'X-Region-Id': '2', 'X-Territory-Id': '202' };
    const bodies: string[] = [];
    handle = (request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => bodies.push(chunk));
      request.once('end', () => {
        const token = { access_token: 't', token_type: 'Bearer', expires_in: 900, scope: 'metrics:read' };
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify(token));
      });
    };
    assert.equal((await tokenRequest(body, headers)).status, 200);
    assert.equal((await tokenRequest('grant_type=client_credentials', basic(`r1_${REST}`))).status, 200);
    assert.deepEqual(bodies, [body, 'grant_type=client_credentials']);
    assert.deepEqual(
      seen.map(({ url, headers: { authorization } }) => [url, authorization]),
      [
        ['/oauth/token', undefined],
        ['/oauth/token', basic(`r1_${REST}`)['Authorization']],
      ],
    );
    handle = echo;
    for (const path of [`/share/r1_${REST}`, `/embed/r1_${REST}?theme=dark`]) {
      const reply = await send(distributor.url, { path, headers });
      assert.equal((JSON.parse(reply.body) as Echo).url, path);
    }
    assert.equal(seen.length, 4);
  });

  it('go nowhere when the id names no region', async () => {
    for (const id of [`r2_${REST}`, `r3_${REST}`]) {
      assert.equal((await tokenRequest(`client_id=${id}&client_secret=s`)).status, 503);
      assert.equal((await send(distributor.url, { path: `/share/${id}` })).status, 503);
    }
    for (const id of ['', 'r1_', `r9_${REST}`, `r01_${REST}`, `R1_${REST}`, REST, `x r1_${REST}`]) {
      const reply = await tokenRequest(`client_id=${encodeURIComponent(id)}&client_secret=s`);
      assert.deepEqual(
        [reply.status, (JSON.parse(reply.body) as { error: string }).error],
        [401, 'invalid_client'],
        id,
      );
      assert.equal((await tokenRequest('', basic(id))).status, 401);
      assert.equal((await send(distributor.url, { path: `/share/${encodeURIComponent(id)}` })).status, 404, id);
    }
    const twice = await tokenRequest(`client_id=r1_${REST}&client_id=r2_${REST}&client_secret=s`);
    assert.equal(twice.status, 400);
    assert.equal(seen.length, 0);
  });
});

describe('preflights', () => {
  it('are answered for listed origins only, without a token', async () => {
    const preflight = (origin: string): Promise<Awaited<ReturnType<typeof send>>> =>
      send(distributor.url, {
        method: 'OPTIONS',
        path: '/api/x',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization',
        },
      });
    const listed = await preflight('https://host.example');
    assert.equal(listed.headers['access-control-allow-origin'], 'https://host.example');
    assert.match(String(listed.headers['access-control-allow-headers']), /Authorization/);
    assert.equal((await preflight('https://evil.example')).headers['access-control-allow-origin'], undefined);
  });
});
