import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { JWTPayload } from 'jose';
import { permissionsOf } from '@lumina/contracts';
import type { AuditPage } from '@lumina/contracts';
import { openStream } from './live/testing/live-client.ts';
import { INTERNAL_TOKEN, SEED, startDistributor, startRegional } from './testing/fixtures.ts';
import type { TestServer } from './testing/http-server.ts';
import { startLocalIssuer } from './testing/local-issuer.ts';
import type { LocalIssuer } from './testing/local-issuer.ts';
import { codeOf, send } from './testing/raw-http.ts';
import type { RawReply } from './testing/raw-http.ts';

let issuer: LocalIssuer;
let regional: TestServer;
let distributor: TestServer;
let staticDir: string;
let viewer: string;
let editor: string;
let foreignEditor: string;
let admin: string;
let foreignAdmin: string;

const adminClaims: JWTPayload = { sub: 'auth0|admin', roles: ['admin'], permissions: permissionsOf(['admin']) };
const editorClaims: JWTPayload = { sub: 'auth0|editor', roles: ['editor'], permissions: permissionsOf(['editor']) };

before(async () => {
  issuer = await startLocalIssuer();
  regional = await startRegional(issuer, SEED);
  staticDir = await mkdtemp(join(tmpdir(), 'lumina-page-'));
  await mkdir(join(staticDir, 'assets'));
  await writeFile(join(staticDir, 'index.html'), '<!doctype html><title>Lumina</title>');
  await writeFile(join(staticDir, 'assets', 'app-1a2b.js'), '1');
  distributor = await startDistributor(issuer, { 1: regional.url }, { staticDir });
  viewer = await issuer.sign();
  editor = await issuer.sign(editorClaims);
  admin = await issuer.sign(adminClaims);
  foreignAdmin = await issuer.sign({ ...adminClaims, territory_id: 102 });
  foreignEditor = await issuer.sign({ ...editorClaims, territory_id: 102 });
});
after(async () => {
  await distributor.close();
  await regional.close();
  issuer.close();
  await rm(staticDir, { recursive: true, force: true });
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
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function itemsOf(token: string, path: string): Promise<{ id: string; name?: string }[]> {
  const reply = await call(token, path);
  assert.equal(reply.status, 200, reply.body);
  return (JSON.parse(reply.body) as { items: { id: string }[] }).items;
}

const board = {
  schemaVersion: 1,
  title: 'Mine',
  widgets: [{ id: 'a', kind: 'stat', query: { ref: 'a', metrics: ['call_count'] }, x: 0, y: 0, w: 3, h: 2 }],
};

describe('session', () => {
  it('tells who is asking, with the names of territory and region', async () => {
    const session = JSON.parse((await call(viewer, '/api/session')).body) as Record<string, unknown>;
    assert.deepEqual(session['territory'], { id: 101, name: 'Meridian', timeZone: 'Europe/London' });
    assert.deepEqual(session['region'], { id: 1, code: 'UK', name: 'United Kingdom' });
    assert.deepEqual(session['user'], { id: 'auth0|viewer' });
    assert.equal(session['scope'], null);
    const person = await issuer.sign({ lumina_scope: { agents: ['bob.smith@example.com'] } });
    assert.deepEqual((JSON.parse((await call(person, '/api/session')).body) as Record<string, unknown>)['scope'], {
      agents: ['a_ac7d44b97907c54988add235210e496c'],
    });
  });

  it("is refused by a region that is not the token's, even without the distributor", async () => {
    const reply = await send(regional.url, {
      path: '/api/session',
      headers: { Authorization: `Bearer ${await issuer.sign({ region_id: 2 })}` },
    });
    assert.deepEqual([reply.status, codeOf(reply)], [403, 'territory_mismatch']);
    const anonymous = await send(regional.url, {
      path: '/api/session',
      headers: { 'X-Lumina-Territory': '101', 'X-Forwarded-For': '127.0.0.1' },
    });
    assert.deepEqual([anonymous.status, codeOf(anonymous)], [401, 'unauthenticated']);
  });
});

describe('dashboards', () => {
  it('live from creation over guarded changes to deletion', async () => {
    const created = await call(editor, '/api/dashboards', { method: 'POST', body: board });
    assert.equal(created.status, 201, created.body);
    const { id } = JSON.parse(created.body) as { id: string };
    const path = `/api/dashboards/${id}`;
    assert.equal(created.headers.location, path);
    assert.equal(created.headers.etag, '"1"');
    assert.deepEqual((JSON.parse((await call(viewer, path)).body) as { body: unknown }).body, board);

    const changed = await call(editor, path, {
      method: 'PUT',
      body: { ...board, title: 'Ours' },
      headers: { 'If-Match': '"1"' },
    });
    assert.deepEqual([changed.status, changed.headers.etag], [200, '"2"']);
    const late = await call(editor, path, { method: 'PUT', body: board, headers: { 'If-Match': '"1"' } });
    assert.deepEqual([late.status, codeOf(late)], [412, 'conflict']);
    for (const headers of [{}, { 'If-Match': '*' }, { 'If-Match': '2 or 1=1' }] as Record<string, string>[]) {
      assert.equal((await call(editor, path, { method: 'PUT', body: board, headers })).status, 400);
    }
    assert.deepEqual((await itemsOf(viewer, `${path}/versions`)).length, 2);
    assert.equal((await call(editor, path, { method: 'DELETE' })).status, 204);
    assert.equal((await call(editor, path)).status, 404);
  });

  it('of another territory do not exist, for any method', async () => {
    assert.deepEqual(
      (await itemsOf(viewer, '/api/dashboards')).map((item) => item.id),
      ['board'],
    );
    for (const [method, path] of [
      ['GET', 'board'],
      ['GET', 'board/versions'],
      ['PUT', 'board'],
      ['DELETE', 'board'],
    ] as const) {
      const request = method === 'PUT' ? { method, body: board, headers: { 'If-Match': '"1"' } } : { method };
      const foreign = await call(foreignEditor, `/api/dashboards/${path}`, request);
      const absent = await call(foreignEditor, `/api/dashboards/${path.replace('board', 'absent')}`, request);
      assert.deepEqual([foreign.status, codeOf(foreign)], [404, 'not_found'], `${method} ${path}`);
      const detail = (reply: RawReply): string => (JSON.parse(reply.body) as { detail: string }).detail;
      assert.equal(detail(foreign).replace(' board.', ' ?.'), detail(absent).replace(' absent.', ' ?.'));
    }
    assert.equal((await call(viewer, '/api/dashboards/board')).status, 200);
  });

  it('are written only with the permission, and only in their schema', async () => {
    for (const [method, path] of [
      ['POST', ''],
      ['PUT', '/board'],
      ['DELETE', '/board'],
    ] as const) {
      const reply = await call(viewer, `/api/dashboards${path}`, {
        method,
        ...(method === 'DELETE' ? {} : { body: board }),
      });
      assert.deepEqual([reply.status, codeOf(reply)], [403, 'forbidden'], method);
    }
    for (const body of [
      {},
      { ...board, extra: 1 },
      { ...board, schemaVersion: 2 },
      { ...board, territoryId: 102 },
      '{"__proto__":{"a":1},"schemaVersion":1,"title":"x","widgets":[]}',
    ]) {
      assert.equal((await call(editor, '/api/dashboards', { method: 'POST', body })).status, 422);
    }
  });
});

describe('what a schema of dashboards cannot see', () => {
  it('is refused with its place', async () => {
    const [widget] = board.widgets;
    const wrong: [object, RegExp][] = [
      [{ ...board, widgets: [widget, widget] }, /widgets\/1\/id is the id of another/],
      [{ ...board, widgets: [{ ...widget, x: 10, w: 3 }] }, /widgets\/0 ends beyond column 12/],
      [{ ...board, timeZone: 'Mars/Olympus' }, /body\/timeZone is not an IANA time zone/],
      [{ ...board, widgets: [{ ...widget, options: { timeZone: '+05:37' } }] }, /widgets\/0\/options\/timeZone/],
    ];
    for (const [body, detail] of wrong) {
      const refused = await call(editor, '/api/dashboards', { method: 'POST', body });
      assert.deepEqual([refused.status, codeOf(refused)], [422, 'invalid_request']);
      assert.match(refused.body, detail);
    }
  });
});

describe('custom metrics', () => {
  const path = '/api/metrics/custom';
  const draft = { title: 'Answered', formula: 'answered / calls * 100', unit: '%' };

  it('live from creation over guarded changes to deletion, every version kept', async () => {
    const created = await call(admin, path, { method: 'POST', body: draft });
    assert.equal(created.status, 201, created.body);
    const { id, version } = JSON.parse(created.body) as { id: string; version: number };
    assert.match(id, /^custom:[a-z0-9]{12}$/);
    assert.equal(version, 1);
    const one = `${path}/${id}`;
    const change = { ...draft, formula: 'answered / (answered + abandoned) * 100' };
    const put = (match: string): Promise<RawReply> =>
      call(admin, one, { method: 'PUT', body: change, headers: { 'If-Match': match } });
    assert.equal((await put('"1"')).status, 200);
    assert.deepEqual([(await put('"1"')).status, (await put('W/"x"')).status], [412, 400]);
    const stored = JSON.parse((await call(viewer, one)).body) as { formula: string; version: number };
    assert.deepEqual([stored.formula, stored.version], [change.formula, 2]);
    const { items } = JSON.parse((await call(viewer, `${one}/versions`)).body) as { items: { formula: string }[] };
    assert.deepEqual(
      items.map(({ formula }) => formula),
      [change.formula, draft.formula],
    );
    assert.equal((await call(foreignAdmin, one)).status, 404);
    assert.equal((await call(foreignAdmin, one, { method: 'DELETE' })).status, 404);
    assert.deepEqual(await itemsOf(foreignAdmin, path), []);
    assert.equal((await call(admin, one, { method: 'DELETE' })).status, 204);
    assert.equal((await call(admin, `${one}/versions`)).status, 404);
  });

  it('are defined only with the permission, and only by a formula that means something', async () => {
    assert.equal((await call(editor, path, { method: 'POST', body: draft })).status, 403);
    const refused = await call(admin, path, { method: 'POST', body: { ...draft, formula: 'answered /\n nobody' } });
    assert.equal(refused.status, 422);
    assert.match(refused.body, /line 2, column 2/);
    const unit = await call(admin, path, { method: 'POST', body: { ...draft, unit: 's' } });
    assert.match(unit.body, /its unit is % or count/);
  });
});

describe('rows', () => {
  it('need the permission of their kind', async () => {
    const limited = await issuer.sign({ permissions: ['metrics:read'] });
    const ask = (token: string, rows: string, more: object = {}): Promise<RawReply> =>
      call(token, '/api/rows/query', { method: 'POST', body: { rows, ...more } });
    for (const rows of ['calls', 'visits', 'agents']) assert.equal((await ask(limited, rows)).status, 403, rows);
    // Past the permission it is the store of this test that does not answer.
    for (const rows of ['waiting', 'calls']) assert.equal(codeOf(await ask(viewer, rows)), 'overloaded', rows);
    for (const more of [{ order: 'eid' }, { limit: 501 }, { timeZone: 'Mars/Olympus' }, { cursor: 'x' }]) {
      assert.equal((await ask(viewer, 'calls', more)).status, 422, JSON.stringify(more));
    }
    assert.equal((await ask(viewer, 'secrets')).status, 422);
  });
});

describe('text that no store can keep', () => {
  const titled = (title: string): object => ({ ...board, title });
  const withOptions = (options: object): object => ({ ...board, widgets: [{ ...board.widgets[0], options }] });
  const deep = JSON.stringify(withOptions({ a: '@' })).replace('"@"', '['.repeat(50_000) + ']'.repeat(50_000));

  it('is refused in bodies', async () => {
    for (const body of [
      titled('a\u0000'),
      titled('a\ud800'),
      withOptions({ 'k\u0000': 1 }),
      withOptions({ a: ['\udfff'] }),
      deep,
    ]) {
      const reply = await call(editor, '/api/dashboards', { method: 'POST', body });
      assert.deepEqual([reply.status, codeOf(reply)], [422, 'invalid_request'], reply.body);
    }
    assert.equal((await call(editor, '/api/dashboards', { method: 'POST', body: titled('💥 é') })).status, 201);
  });

  it('is refused in addresses, also without the distributor', async () => {
    for (const path of ['/api/dashboards/%00', '/api/directory/queues?q=%00', '/api/metrics/query?dashboard=%00']) {
      const reply = await send(regional.url, { path, headers: { Authorization: `Bearer ${viewer}` } });
      assert.deepEqual([reply.status, codeOf(reply)], [422, 'invalid_request'], path);
    }
  });
});

describe('directory, widgets and keys', () => {
  it('name what the identity may see', async () => {
    assert.deepEqual(
      (await itemsOf(viewer, '/api/directory/queues?q=sal')).map((item) => item.name),
      ['Sales'],
    );
    assert.deepEqual(
      (await itemsOf(foreignEditor, '/api/directory/queues')).map((item) => item.name),
      ['Ventes'],
    );
    const scoped = await issuer.sign({ lumina_scope: { queues: ['q_sales'] } });
    assert.deepEqual(
      (await itemsOf(scoped, '/api/directory/queues')).map((item) => item.id),
      ['q_sales'],
    );
    assert.deepEqual(await itemsOf(await issuer.sign({ lumina_scope: { queues: [] } }), '/api/directory/agents'), []);
    assert.equal((await call(viewer, '/api/directory/ingest_keys')).status, 404);
    assert.equal((await call(viewer, '/api/directory/queues?q=a&q=b')).status, 422);
    assert.deepEqual(
      (await itemsOf(viewer, '/api/widgets')).map((item) => item.id),
      ['w_all'],
    );
  });

  it('give the collector its keys, with the internal token and never through the distributor', async () => {
    const ask = (token: string): Promise<RawReply> =>
      send(regional.url, { path: '/internal/ingest-keys', headers: { Authorization: `Bearer ${token}` } });
    const { keys } = JSON.parse((await ask(INTERNAL_TOKEN)).body) as { keys: { territoryId: number }[] };
    assert.deepEqual(
      keys.map((key) => key.territoryId),
      [101, 102],
    );
    for (const wrong of ['', 'x', viewer]) assert.equal((await ask(wrong)).status, 401);
    assert.equal((await call(INTERNAL_TOKEN, '/internal/ingest-keys')).status, 404);
  });
});

describe('errors', () => {
  it('are problems with a code, a request id and no story of ours', async () => {
    const cases: readonly [Promise<RawReply>, number, string][] = [
      [call(viewer, '/api/nothing'), 404, 'not_found'],
      [call(editor, '/api/dashboards', { method: 'POST', body: '{"a":' }), 400, 'invalid_request'],
      [
        call(editor, '/api/dashboards', { method: 'POST', body: { text: 'x'.repeat(300_000) } }),
        413,
        'payload_too_large',
      ],
      [call(viewer, '/api/dashboards/%E0%A4%A'), 400, 'invalid_request'],
    ];
    for (const [pending, status, code] of cases) {
      const reply = await pending;
      const problem = JSON.parse(reply.body) as Record<string, unknown>;
      assert.deepEqual([reply.status, problem['status'], problem['code']], [status, status, code]);
      assert.equal(problem['requestId'], reply.headers['x-request-id']);
      assert.match(reply.headers['content-type'] ?? '', /^application\/problem\+json/);
      assert.doesNotMatch(reply.body, /node_modules|\.ts:/);
    }
  });
});

describe('the page', () => {
  it('comes with its settings, its fallback and a policy that lets it talk to itself and the issuer only', async () => {
    const page = await send(distributor.url, { path: '/boards/7', headers: { Accept: 'text/html' } });
    assert.match(page.body, /<title>Lumina/);
    const policy = String(page.headers['content-security-policy']);
    assert.match(policy, new RegExp(`connect-src 'self' ${issuer.issuer.slice(0, -1)};`));
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /default-src 'none';/);
    assert.equal(JSON.parse((await send(distributor.url, { path: '/config.json' })).body).apiUrl, 'http://127.0.0.1');
    const asset = await send(distributor.url, { path: '/assets/app-1a2b.js' });
    assert.match(String(asset.headers['cache-control']), /immutable/);
    assert.equal((await send(distributor.url, { path: '/assets/gone.js' })).status, 404);
    assert.equal((await send(distributor.url, { path: '/%2e%2e/package.json' })).status, 404);
  });
});

describe('measurements', () => {
  it('are told by the region, and not to the world', async () => {
    const told = await send(regional.url, { path: '/metrics' });
    assert.equal(told.status, 200);
    assert.match(told.body, /^# TYPE lumina_store_queries_total counter$/m);
    assert.doesNotMatch((await send(distributor.url, { path: '/metrics' })).body, /lumina_store/);
  });
});

describe('the description of the API', () => {
  it('names exactly what answers, on both roles alike', async () => {
    const described = await send(distributor.url, { path: '/api/openapi.json' });
    assert.equal(described.body, (await send(regional.url, { path: '/api/openapi.json' })).body);
    const document = JSON.parse(described.body) as { openapi: string; paths: Record<string, Record<string, unknown>> };
    assert.match(document.openapi, /^3\.1\./);
    const checked = await new Validator().validate(document);
    assert.ok(checked.valid, inspect(checked.errors).slice(0, 1_000));
    const ids = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map((operation) => (operation as { operationId: string }).operationId),
    );
    assert.equal(new Set(ids).size, ids.length);
    for (const [template, operations] of Object.entries(document.paths)) {
      for (const method of Object.keys(operations)) {
        const path = template.replace('{kind}', 'queues').replace('{id}', 'absent');
        const hasBody = method === 'post' || method === 'put';
        const reply = await call(editor, path, { method: method.toUpperCase(), ...(hasBody ? { body: {} } : {}) });
        // What does not exist says "There is no GET /…"; whatever exists says something else.
        assert.doesNotMatch(reply.body, /There is no (GET|POST|PUT|DELETE) /, `${method} ${path}`);
      }
    }
  });
});

it('live connections say what cannot be answered, and are documented', async () => {
  const range = { from: '2999-01-01T00:00:00Z', to: '2999-01-02T00:00:00Z' };
  const body = { range, queries: [{ ref: 'A', metrics: ['call_count'] }] };
  const { frames, leave } = await openStream(distributor.url, { token: viewer, body });
  const { problem } = await frames.until('problem');
  assert.equal(problem.code, 'invalid_request');
  assert.match(problem.detail, /future/);
  leave();
  const document = await call(viewer, '/api/openapi.json');
  const { paths } = JSON.parse(document.body) as { paths: Record<string, unknown> };
  for (const path of ['/api/live', '/api/live/ticket', '/api/live/{stream}/token']) assert.ok(path in paths, path);
});

describe('audit', () => {
  it('tells a territory who of the platform worked in it and why, and gives it all as CSV through the distributor', async () => {
    const root = await issuer.sign({
      sub: 'auth0|root',
      roles: ['super_admin'],
      permissions: permissionsOf(['super_admin']),
      territory_id: undefined,
      region_id: undefined,
    });
    const acting = { 'X-Territory-Id': '102', 'X-Region-Id': '1', 'X-Reason': 'Ticket 4711' };
    const made = await call(root, '/api/ingest-keys', { method: 'POST', body: { label: 'Spare' }, headers: acting });
    assert.equal(made.status, 201, made.body);
    const { id } = JSON.parse(made.body) as { id: string };
    const query = '/api/audit?actor=auth0%7Croot';
    const { items } = JSON.parse((await call(foreignAdmin, query)).body) as AuditPage;
    assert.deepEqual(
      items.map(({ action, reason, target }) => [action, reason, target?.id]),
      [
        ['key_created', 'Ticket 4711', id],
        ['act_as', 'Ticket 4711', undefined],
      ],
    );
    assert.deepEqual((JSON.parse((await call(admin, query)).body) as AuditPage).items, []);
    const csv = await call(foreignAdmin, query, { headers: { Accept: 'text/csv' } });
    assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8');
    assert.equal(csv.body.split('\r\n').length, 4);
  });
});
