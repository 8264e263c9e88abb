import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { createApp } from '../app.ts';
import { listenLocally } from '../testing/http-server.ts';
import type { TestServer } from '../testing/http-server.ts';
import { codeOf, send } from '../testing/raw-http.ts';

let server: TestServer;
let title = 'one';
const big = 'x'.repeat(4_096);

before(async () => {
  const app = createApp({
    logger: pino({ level: 'silent' }),
    issuer: 'https://login.example/',
    corsOrigins: ['https://host.example'],
    pageFrameAncestors: ['https://*.lightning.force.com', 'https://app.example'],
    minClientVersion: '2.0.0',
    isBehindDistributor: false,
    pathWords: new Set(),
    handlers: [
      (request, response, next) => {
        if (request.path === '/api/configuration')
          response.set('Cache-Control', 'private, no-cache').json({ title, big });
        else if (request.path === '/api/secret') response.set('Cache-Control', 'no-store').json({ title });
        else if (request.path === '/api/stream')
          response.setHeader('Content-Type', 'text/event-stream').end(`data: ${big}\n\n`);
        else if (request.path === '/board') response.type('html').send('<!doctype html>');
        else next();
      },
    ],
  });
  server = await listenLocally(createServer(app));
});
after(() => server.close());

describe('configuration', () => {
  it('is told once: what is known answers 304 without a body, to HEAD as to GET, until it changes', async () => {
    const path = '/api/configuration';
    const first = await send(server.url, { path });
    const etag = String(first.headers.etag);
    assert.match(etag, /^W\/".+"$/);
    assert.deepEqual(first.headers.vary?.includes('Authorization'), true);
    for (const method of ['GET', 'HEAD']) {
      const again = await send(server.url, { method, path, headers: { 'If-None-Match': etag } });
      assert.deepEqual([again.status, again.body], [304, '']);
    }
    const head = await send(server.url, { method: 'HEAD', path });
    assert.deepEqual([head.status, head.body, head.headers.etag], [200, '', etag]);
    title = 'two';
    assert.equal((await send(server.url, { path, headers: { 'If-None-Match': etag } })).status, 200);
    assert.equal((await send(server.url, { path: '/api/secret' })).headers.etag, undefined);
  });

  it('is compressed where it may be; a stream never is', async () => {
    const headers = { 'Accept-Encoding': 'gzip' };
    assert.equal((await send(server.url, { path: '/api/configuration', headers })).headers['content-encoding'], 'gzip');
    assert.equal((await send(server.url, { path: '/api/stream', headers })).headers['content-encoding'], undefined);
  });
});

describe('frames', () => {
  it('may show the page on the listed sites, and the API nowhere', async () => {
    const policyOf = async (path: string): Promise<string> =>
      String((await send(server.url, { path })).headers['content-security-policy']);
    assert.match(
      await policyOf('/board'),
      /frame-ancestors 'self' https:\/\/\*\.lightning\.force\.com https:\/\/app\.example/,
    );
    for (const path of [
      '/api/configuration',
      '/api/none',
      '/oauth/token',
      '/.well-known/lumina-embed.json',
      '/healthz',
    ])
      assert.match(await policyOf(path), /frame-ancestors 'none'/, path);
    assert.equal((await send(server.url, { path: '/board' })).headers['x-frame-options'], undefined);
    assert.equal((await send(server.url, { path: '/api/none' })).headers['x-frame-options'], 'DENY');
  });
});

describe('clients', () => {
  it('of an older major version are told to reload; others, and strangers, are served', async () => {
    const path = '/api/configuration';
    const of = (value: string): ReturnType<typeof send> =>
      send(server.url, { path, headers: { 'X-Lumina-Client': value } });
    const old = await of('sdk/1.9.9');
    assert.deepEqual([old.status, codeOf(old)], [426, 'upgrade_required']);
    for (const value of ['sdk/2.0.0', 'sdk/3.1.0-beta.1', 'curl/8.0.0', 'sdk/one', ''])
      assert.equal((await of(value)).status, 200, value);
  });

  it('of the set origins may send their version and read what they need, without credentials', async () => {
    const preflight = await send(server.url, {
      method: 'OPTIONS',
      path: '/api/configuration',
      headers: { Origin: 'https://host.example', 'Access-Control-Request-Method': 'GET' },
    });
    assert.match(String(preflight.headers['access-control-allow-headers']), /X-Lumina-Client/);
    assert.equal(preflight.headers['access-control-allow-credentials'], undefined);
    assert.match(String(preflight.headers.vary), /Origin/);
  });
});
