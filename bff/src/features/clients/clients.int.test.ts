import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { ClientWithSecret, RegisteredClient } from '@lumina/contracts';
import { permissionsOf } from '@lumina/contracts';
import { openStream } from '../../live/testing/live-client.ts';
import { INTERNAL_TOKEN, SEED, startDistributor, startRegional } from '../../testing/fixtures.ts';
import type { TestServer } from '../../testing/http-server.ts';
import { startLocalIssuer } from '../../testing/local-issuer.ts';
import type { LocalIssuer } from '../../testing/local-issuer.ts';
import { codeOf, send } from '../../testing/raw-http.ts';
import type { RawReply } from '../../testing/raw-http.ts';

let issuer: LocalIssuer;
let regional: TestServer;
let distributor: TestServer;
let admin: string;
let foreignAdmin: string;

before(async () => {
  issuer = await startLocalIssuer();
  regional = await startRegional(issuer, SEED);
  distributor = await startDistributor(issuer, { 1: regional.url });
  const claims = { sub: 'auth0|admin', roles: ['admin'], permissions: permissionsOf(['admin']) };
  admin = await issuer.sign(claims);
  foreignAdmin = await issuer.sign({ ...claims, territory_id: 102 });
});
after(async () => {
  await distributor.close();
  await regional.close();
  issuer.close();
});

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function call(token: string, path: string, { method = 'GET', body, headers = {} }: Call = {}): Promise<RawReply> {
  return send(distributor.url, {
    method,
    path,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const draft = {
  kind: 'service',
  name: 'Wallboard',
  origins: ['https://Acme.example/', 'https://acme.example:443'],
  permissions: ['metrics:read', 'directory:read'],
};

async function register(more: object = {}, token = admin): Promise<ClientWithSecret> {
  const reply = await call(token, '/api/clients', { method: 'POST', body: { ...draft, ...more } });
  assert.equal(reply.status, 201, reply.body);
  return JSON.parse(reply.body) as ClientWithSecret;
}

function askToken(
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
  origin = distributor.url,
): Promise<RawReply> {
  return send(origin, {
    method: 'POST',
    path: '/oauth/token',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
}

async function tokenOf({ id, secret }: ClientWithSecret): Promise<string> {
  const reply = await askToken({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
  assert.equal(reply.status, 200, reply.body);
  return (JSON.parse(reply.body) as { access_token: string }).access_token;
}

describe('a registered client', () => {
  it('is made with a secret that is shown once, listed without it, changed under a guard and revoked', async () => {
    const client = await register();
    assert.match(client.id, /^r1_[A-Za-z0-9_-]{22}$/);
    assert.deepEqual(client.origins, ['https://acme.example']);
    const path = `/api/clients/${client.id}`;
    for (const read of ['/api/clients', path]) {
      const reply = await call(admin, read);
      assert.equal(reply.status, 200);
      assert.equal(reply.body.includes(client.secret), false);
      assert.equal(reply.body.includes('hash'), false);
    }
    const { kind: _kind, ...fields } = draft;
    const body = { ...fields, permissions: ['metrics:read'] };
    const changed = await call(admin, path, { method: 'PUT', body, headers: { 'If-Match': '"1"' } });
    assert.equal(changed.status, 200, changed.body);
    assert.deepEqual((JSON.parse(changed.body) as RegisteredClient).permissions, ['metrics:read']);
    const late = await call(admin, path, { method: 'PUT', body, headers: { 'If-Match': '"1"' } });
    assert.deepEqual([late.status, codeOf(late)], [412, 'conflict']);
    assert.equal((await call(admin, path, { method: 'DELETE' })).status, 204);
    assert.equal((await call(admin, path, { method: 'DELETE' })).status, 404);
    const audited = JSON.parse((await call(admin, '/api/audit')).body) as {
      items: { action: string; target?: { id: string } }[];
    };
    const acts = audited.items.filter(({ target }) => target?.id === client.id).map(({ action }) => action);
    assert.deepEqual([...acts].sort(), ['client_changed', 'client_created', 'client_revoked']);
  });

  it('is nowhere for another territory, and nothing to whoever may not keep keys', async () => {
    const { id } = await register();
    const { kind: _kind, ...fields } = draft;
    for (const [method, path, more] of [
      ['GET', `/api/clients/${id}`, {}],
      ['PUT', `/api/clients/${id}`, { body: fields, headers: { 'If-Match': '"1"' } }],
      ['POST', `/api/clients/${id}/secret`, {}],
      ['DELETE', `/api/clients/${id}`, {}],
    ] as const) {
      const foreign = await call(foreignAdmin, path, { method, ...more });
      assert.deepEqual([foreign.status, codeOf(foreign)], [404, 'not_found'], `${method} ${path}`);
      const viewer = await call(await issuer.sign(), path, { method, ...more });
      assert.equal(viewer.status, 403);
    }
    assert.equal((await call(admin, `/api/clients/${id}`)).status, 200);
  });

  it('can never do more, or see more, than whoever registers it', async () => {
    const narrow = await issuer.sign({
      sub: 'auth0|narrow',
      roles: ['admin'],
      permissions: ['keys:write', 'metrics:read'],
      lumina_scope: { queues: ['q_sales'] },
    });
    const tries = [
      { permissions: ['system:read'] },
      { permissions: ['users:write'], scope: { queues: ['q_sales'] } },
      { permissions: ['metrics:read'] },
      { permissions: ['metrics:read'], scope: { queues: ['q_sales', 'q_service'] } },
      { permissions: ['metrics:read'], scope: { teams: ['t_a'] } },
    ];
    for (const more of tries) {
      const reply = await call(narrow, '/api/clients', { method: 'POST', body: { ...draft, ...more } });
      assert.deepEqual([reply.status, codeOf(reply)], [403, 'forbidden'], JSON.stringify(more));
    }
    assert.deepEqual(
      (await register({ permissions: ['metrics:read'], scope: { queues: ['q_sales'] } }, narrow)).scope,
      {
        queues: ['q_sales'],
      },
    );
    const embed = await call(admin, '/api/clients', {
      method: 'POST',
      body: { ...draft, kind: 'embed', permissions: ['users:write'] },
    });
    assert.equal(embed.status, 403);
  });

  it('has whole https origins only', async () => {
    for (const origin of [
      'http://acme.example',
      'https://*.acme.example',
      'https://acme.example/path',
      'https://user@acme.example',
      'https://acme.example?x',
      'https://127.0.0.1',
      'https://[::1]',
      'https://localhost',
      'https://acme.example.',
      'null ....',
    ]) {
      const reply = await call(admin, '/api/clients', { method: 'POST', body: { ...draft, origins: [origin] } });
      assert.deepEqual([reply.status, codeOf(reply)], [422, 'invalid_request'], origin);
    }
  });
});

describe('POST /oauth/token', () => {
  it('gives a service a token that both roles take, with its permissions and no more', async () => {
    const client = await register({ scope: { queues: ['q_sales'] } });
    const token = await tokenOf(client);
    const claims = decodeJwt(token);
    assert.deepEqual(
      [claims.sub, claims['territory_id'], claims['region_id'], claims['roles']],
      [`client|${client.id}`, 101, 1, ['viewer']],
    );
    assert.ok((claims.exp ?? 0) - (claims.iat ?? 0) <= 900);
    assert.match(decodeProtectedHeader(token).kid ?? '', /^r1-/);
    for (const origin of [regional.url, distributor.url]) {
      const reply = await send(origin, { path: '/api/session', headers: { Authorization: `Bearer ${token}` } });
      assert.equal(reply.status, 200, reply.body);
      const session = JSON.parse(reply.body) as Record<string, unknown>;
      assert.deepEqual(
        [session['permissions'], session['scope']],
        [['metrics:read', 'directory:read'], { queues: ['q_sales'] }],
      );
    }
    assert.equal((await call(token, '/api/dashboards')).status, 403);
    const basic = Buffer.from(`${client.id}:${client.secret}`).toString('base64');
    const narrow = await askToken(
      { grant_type: 'client_credentials', scope: 'metrics:read' },
      { Authorization: `Basic ${basic}` },
    );
    assert.equal((JSON.parse(narrow.body) as { scope: string }).scope, 'metrics:read');
    assert.equal(narrow.headers['cache-control'], 'no-store');
  });

  it('refuses in the words of RFC 6749', async () => {
    const { id, secret } = await register();
    const embed = await register({ kind: 'embed' });
    const good = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
    const basic = { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
    const unknown = `r1_${randomBytes(16).toString('base64url')}`;
    const cases: readonly (readonly [string, number, Record<string, string>, Record<string, string>?])[] = [
      ['invalid_client', 401, { ...good, client_secret: 'wrong' }],
      ['invalid_client', 401, { ...good, client_id: unknown }],
      ['invalid_client', 401, { ...good, client_id: "r1_' OR 1=1" }],
      ['invalid_client', 401, { grant_type: 'client_credentials' }],
      ['invalid_client', 401, { grant_type: 'client_credentials' }, { Authorization: 'Basic ?' }],
      ['invalid_request', 400, { client_id: id, client_secret: secret }],
      ['invalid_request', 400, good, basic],
      ['unsupported_grant_type', 400, { ...good, grant_type: 'password' }],
      ['invalid_scope', 400, { ...good, scope: 'users:write' }],
      ['unauthorized_client', 400, { ...good, client_id: embed.id, client_secret: embed.secret }],
      ['invalid_request', 400, good, { 'Content-Type': 'application/json' }],
    ];
    const tries = [regional.url, distributor.url].flatMap((origin) => cases.map((one) => ({ origin, one })));
    for (const { origin, one } of tries) {
      const [error, status, form, headers] = one;
      const reply = await askToken(form, headers, origin);
      const body = JSON.parse(reply.body) as { error: string; error_description: string };
      assert.deepEqual(
        [reply.status, body.error, typeof body.error_description],
        [status, error, 'string'],
        reply.body,
      );
      assert.match(String(reply.headers['content-type']), /^application\/json/);
    }
  });

  it('takes two secrets for a while after a rotation, and the oldest no more', async () => {
    const client = await register();
    const rotate = async (): Promise<ClientWithSecret> =>
      JSON.parse((await call(admin, `/api/clients/${client.id}/secret`, { method: 'POST' })).body) as ClientWithSecret;
    const second = await rotate();
    await tokenOf(client);
    await tokenOf(second);
    const third = await rotate();
    await tokenOf(second);
    await tokenOf(third);
    const old = await askToken({
      grant_type: 'client_credentials',
      client_id: client.id,
      client_secret: client.secret,
    });
    assert.equal(old.status, 401);
  });
});

describe('revoking a client', () => {
  it('ends its tokens and its streams at once', async () => {
    const client = await register();
    const token = await tokenOf(client);
    const body = { range: { last: '1h' }, queries: [{ ref: 'a', metrics: ['call_count'] }] };
    const stream = await openStream(distributor.url, { token, body });
    assert.equal(stream.response.statusCode, 200);
    assert.equal((await call(admin, `/api/clients/${client.id}`, { method: 'DELETE' })).status, 204);
    assert.equal((await stream.frames.until('bye')).reason, 'revoked');
    const reply = await call(token, '/api/session');
    assert.deepEqual([reply.status, codeOf(reply)], [401, 'unauthenticated']);
    const again = await askToken({
      grant_type: 'client_credentials',
      client_id: client.id,
      client_secret: client.secret,
    });
    assert.equal(again.status, 401);
  });

  it('is not needed to take a permission away: a token follows what is registered now', async () => {
    const client = await register();
    const token = await tokenOf(client);
    const { kind: _kind, ...fields } = draft;
    const body = { ...fields, permissions: ['directory:read'], scope: { teams: ['t_a'] } };
    await call(admin, `/api/clients/${client.id}`, { method: 'PUT', body, headers: { 'If-Match': '"1"' } });
    const session = JSON.parse((await call(token, '/api/session')).body) as Record<string, unknown>;
    assert.deepEqual([session['permissions'], session['scope']], [['directory:read'], { teams: ['t_a'] }]);
  });
});

describe('origins of registered clients', () => {
  const own = { path: '/api/session', origin: 'https://board.example' };

  it('let their pages read what the API answers to their own territory, and to nobody else', async () => {
    await register({ origins: [own.origin] });
    const internal = await send(regional.url, {
      path: '/internal/client-origins',
      headers: { Authorization: `Bearer ${INTERNAL_TOKEN}` },
    });
    assert.match(internal.body, /\{"origin":"https:\/\/board\.example","territoryIds":\[101\]\}/);
    assert.equal((await send(regional.url, { path: '/internal/client-origins' })).status, 401);
    const preflight = await send(regional.url, {
      method: 'OPTIONS',
      path: own.path,
      headers: { Origin: own.origin, 'Access-Control-Request-Method': 'GET' },
    });
    assert.equal(preflight.headers['access-control-allow-origin'], own.origin);
    const ask = (token: string): Promise<RawReply> =>
      send(regional.url, { path: own.path, headers: { Origin: own.origin, Authorization: `Bearer ${token}` } });
    assert.equal((await ask(admin)).status, 200);
    const foreign = await ask(foreignAdmin);
    assert.deepEqual([foreign.status, codeOf(foreign)], [403, 'territory_mismatch']);
    const stranger = await send(regional.url, {
      path: own.path,
      headers: { Origin: 'https://evil.example', Authorization: `Bearer ${admin}` },
    });
    assert.equal(stranger.headers['access-control-allow-origin'], undefined);
    assert.equal(preflight.headers['access-control-allow-credentials'], undefined);
  });
});
