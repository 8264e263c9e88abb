import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import type { RequestHandler } from 'express';
import { pino } from 'pino';
import type { Identity } from '../auth/identity.ts';
import { listenLocally } from '../testing/http-server.ts';
import type { TestServer } from '../testing/http-server.ts';
import { codeOf, send } from '../testing/raw-http.ts';
import type { RawReply } from '../testing/raw-http.ts';
import { shedLoad } from './load-shedding.ts';
import { problemHandler } from './problem-handler.ts';
import { DEFAULT_RATE_LIMITS, limitRates } from './rate-limits.ts';
import { requestClassOf } from './request-class.ts';

function serve(...handlers: RequestHandler[]): Promise<TestServer> {
  const app = express().use(...handlers, problemHandler(pino({ level: 'silent' })));
  return listenLocally(createServer(app));
}

const identityOf = (sub: string, territoryId: number, kind: Identity['kind']): Identity => ({
  sub,
  kind,
  territoryId,
  regionId: 1,
  roles: ['viewer'],
  permissions: [],
  expiresAtSeconds: 0,
  issuedAtSeconds: 0,
});

/** Who asks is told by headers here; behind authentication it is told by the token. */
const asNamed: RequestHandler = (request, _response, next) => {
  const kind = request.get('x-kind') === 'service' ? 'service' : 'user';
  request.identity = identityOf(request.get('x-sub') ?? '', Number(request.get('x-territory')), kind);
  next();
};
const ok: RequestHandler = (_request, response) => {
  response.json({});
};

function ask(
  server: TestServer,
  sub: string,
  territory: number,
  more: Readonly<Record<string, string>> = {},
): Promise<RawReply> {
  return send(server.url, {
    path: more['path'] ?? '/api/session',
    headers: { 'X-Sub': sub, 'X-Territory': String(territory), 'X-Kind': more['kind'] ?? 'user' },
  });
}

describe('rate limits', () => {
  const limits = { ...DEFAULT_RATE_LIMITS, reads: { user: 3, service: 5, territory: 8 } };

  it('stop one caller and nobody else, by who they are and not where; what is stopped takes nothing from the others', async () => {
    const told: string[] = [];
    const server = await serve(asNamed, limitRates({ limits, onLimited: (what) => told.push(what) }), ok);
    for (let index = 0; index < 3; index += 1) assert.equal((await ask(server, 'a', 101)).status, 200);
    for (let index = 0; index < 20; index += 1) {
      const refused = await ask(server, 'a', 101);
      assert.deepEqual([refused.status, codeOf(refused)], [429, 'rate_limited']);
      assert.match(String(refused.headers['retry-after']), /^([1-9]|[1-5]\d|60)$/);
      assert.match(String(refused.headers['ratelimit']), /"reads-user"; r=0; t=\d+/);
      assert.match(String(refused.headers['ratelimit-policy']), /"reads-user"; q=3; w=60/);
    }
    assert.equal(told.length, 20);
    // The same person in another territory, and another person in this one.
    assert.equal((await ask(server, 'a', 102)).status, 200);
    for (let index = 0; index < 3; index += 1) assert.equal((await ask(server, 'b', 101)).status, 200);
    await server.close();
  });

  it('let a client of many servers ask more often, and a territory as a whole no more than its share', async () => {
    const server = await serve(asNamed, limitRates({ limits }), ok);
    for (let index = 0; index < 5; index += 1)
      assert.equal((await ask(server, 'client|x', 101, { kind: 'service' })).status, 200);
    assert.equal((await ask(server, 'client|x', 101, { kind: 'service' })).status, 429);
    for (const sub of ['a', 'b', 'c']) assert.equal((await ask(server, sub, 101)).status, 200);
    const full = await ask(server, 'd', 101);
    assert.deepEqual([full.status, codeOf(full)], [429, 'rate_limited']);
    assert.equal((await ask(server, 'd', 102)).status, 200);
    await server.close();
  });

  it('tell apart what is asked for', async () => {
    const classes: Record<string, string> = {};
    const server = await serve((request, response) => {
      classes[`${request.method} ${request.originalUrl}`] = requestClassOf(request);
      response.end();
    });
    const asked = {
      'GET /api/session': 'reads',
      'HEAD /api/dashboards': 'reads',
      'POST /api/metrics/query': 'queries',
      'GET /api/metrics/query': 'queries',
      'POST /API/rows/query/': 'queries',
      'PUT /api/settings': 'writes',
      'DELETE /api/clients/x': 'writes',
      'POST /api/live': 'live',
      'POST /api/live/ticket': 'live',
      'GET /api/audit.csv': 'exports',
      'GET /api/audit?format=csv': 'exports',
      'POST /api/client-events': 'reports',
    };
    for (const line of Object.keys(asked)) {
      const [method = '', path = ''] = line.split(' ');
      await send(server.url, { method, path });
    }
    assert.deepEqual(classes, asked);
    await server.close();
  });
});

describe('load shedding', () => {
  const options = { maxInFlight: 2, maxLoopDelayMs: 100 };

  it('turns away what is too much before anything is done, and lets in again as soon as there is room', async () => {
    const arrivals = new EventEmitter();
    let worked = 0;
    const held: (() => void)[] = [];
    const server = await serve(shedLoad({ ...options, loopDelayMs: () => 0 }), (request, response) => {
      worked += 1;
      if (request.path === '/hold') {
        held.push(() => response.json({}));
        arrivals.emit('held');
      } else response.json({});
    });
    const pending: Promise<RawReply>[] = [];
    for (let index = 0; index < 2; index += 1) {
      const arrived = new Promise<void>((resolve) => arrivals.once('held', resolve));
      pending.push(send(server.url, { path: '/hold' }));
      await arrived;
    }
    const shed = await send(server.url, { path: '/x' });
    assert.deepEqual([shed.status, codeOf(shed), shed.headers['retry-after']], [503, 'overloaded', '2']);
    assert.equal(worked, 2);
    for (const path of ['/healthz', '/readyz', '/metrics'])
      assert.equal((await send(server.url, { path })).status, 200);
    for (const release of held) release();
    await Promise.all(pending);
    assert.equal((await send(server.url, { path: '/x' })).status, 200);
    await server.close();
  });

  it('turns away while the event loop runs late', async () => {
    let delayMs = 101;
    let shed = 0;
    const server = await serve(
      shedLoad({
        ...options,
        loopDelayMs: () => delayMs,
        onShed: () => {
          shed += 1;
        },
      }),
      ok,
    );
    assert.equal((await send(server.url, { path: '/x' })).status, 503);
    assert.equal((await send(server.url, { path: '/healthz' })).status, 200);
    delayMs = 100;
    assert.equal((await send(server.url, { path: '/x' })).status, 200);
    assert.equal(shed, 1);
    await server.close();
  });

  it('does not count streams that have begun', async () => {
    const begun = new EventEmitter();
    const server = await serve(shedLoad({ ...options, loopDelayMs: () => 0 }), (request, response) => {
      if (request.path !== '/stream') response.json({});
      else {
        response.setHeader('Content-Type', 'text/event-stream').write(': hello\n\n');
        begun.emit('stream');
      }
    });
    for (let index = 0; index < 4; index += 1) {
      const opened = new Promise<void>((resolve) => begun.once('stream', resolve));
      void send(server.url, { path: '/stream' }).catch(() => undefined);
      await opened;
    }
    assert.equal((await send(server.url, { path: '/x' })).status, 200);
    await server.close();
  });
});
