import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import { permissionsOf } from '@lumina/contracts';
import type { Role } from '@lumina/contracts';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { ConfigStore } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import { toProblem } from '../../http/problem-handler.ts';
import { mountRoutes } from '../../http/route.ts';
import { embeddedEngine } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import { startServer } from '../../testing/http-server.ts';
import { createSqlAuditTrail } from '../audit/sql-audit-trail.ts';
import { createSqlPreferencesStore, preferencesRoutes } from '../preferences/preferences.ts';
import { createSqlWidgetTemplateStore } from '../widgets/sql-widget-template-store.ts';
import { widgetRoutes } from '../widgets/widgets.ts';
import { dashboardRoutes } from './dashboards.ts';
import { createSqlDashboardStore } from './sql-dashboard-store.ts';

let store: ConfigStore;
let url: string;
const ends: (() => Promise<void>)[] = [];

interface Reply {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** `who` is `sub:role` or `sub:role:territory`. */
async function ask(who: string, call: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const [method = 'GET', path = '/'] = call.split(' ');
  const reply = await fetch(`${url}${path}`, {
    method,
    headers: { 'x-who': who, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    etag: reply.headers.get('etag'),
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

before(async () => {
  const engine = await embeddedEngine();
  const opened = openConfigStore(engine.config);
  store = opened;
  await opened.migrate();
  await importSeed(store, SEED);
  const audit = createSqlAuditTrail(store);
  const app = express().use(express.json());
  app.use((request: Request, _response: Response, next: NextFunction) => {
    const [sub = '', role = 'viewer', territory = '101'] = (request.get('x-who') ?? '').split(':');
    request.identity = {
      sub,
      kind: 'user',
      territoryId: Number(territory),
      regionId: 1,
      roles: [role as Role],
      permissions: permissionsOf([role]),
      expiresAtSeconds: 1,
      issuedAtSeconds: 1,
    };
    next();
  });
  app.use(
    mountRoutes([
      ...dashboardRoutes(createSqlDashboardStore(store, audit)),
      ...widgetRoutes(createSqlWidgetTemplateStore(store, audit)),
      ...preferencesRoutes(createSqlPreferencesStore(store)),
    ]),
  );
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const problem = toProblem(error);
    response.status(problem.status).json(problem.toBody('r1'));
  });
  const server = await startServer(app);
  url = server.url;
  ends.push(server.close, () => opened.close(), engine.stop);
});
after(async () => {
  for (const end of ends) await end();
});

const widget = { id: 'a', kind: 'stat', query: { ref: 'A', metrics: ['queue_depth'] }, x: 0, y: 0, w: 3, h: 2 };
const board = { schemaVersion: 1, title: 'Floor', widgets: [widget] };

test('two editors: the second gets both versions back, and what was refused stays recoverable', async () => {
  const created = await ask('ada:editor', 'POST /api/dashboards', board);
  assert.deepEqual([created.status, created.etag, created.body['access']], [201, '"1"', 'manage']);
  const path = `/api/dashboards/${String(created.body['id'])}`;
  const first = { ...board, title: 'By Ada' };
  const second = { ...board, title: 'By Ben' };
  assert.equal((await ask('ada:editor', `PUT ${path}`, first, { 'if-match': '"1"' })).status, 200);
  const refused = await ask('ben:editor', `PUT ${path}`, second, { 'if-match': '"1"' });
  assert.deepEqual([refused.status, refused.body['code']], [412, 'conflict']);
  const { current, submitted } = refused.body as Record<string, Record<string, unknown>>;
  const draft = refused.body['draft'] as string;
  assert.deepEqual([current?.['version'], current?.['updatedBy'], current?.['body']], [2, 'ada', first]);
  assert.deepEqual(submitted, second);
  const kept = await ask('ben:editor', `GET ${path}/drafts/${draft}`);
  assert.deepEqual([kept.status, kept.body['body'], kept.body['baseVersion']], [200, second, 1]);
  assert.equal((await ask('ada:editor', `GET ${path}/drafts/${draft}`)).status, 404);

  const former = await ask('vic:viewer', `GET ${path}/versions/1`);
  assert.deepEqual([former.status, former.body['updatedBy'], former.body['body']], [200, 'ada', board]);
  const restored = await ask('ben:editor', `POST ${path}/versions/1/restore`, undefined, { 'if-match': '"2"' });
  assert.deepEqual([restored.status, restored.etag, restored.body['title']], [200, '"3"', 'Floor']);
  assert.equal(
    (await ask('ben:editor', `POST ${path}/versions/1/restore`, undefined, { 'if-match': '"2"' })).status,
    412,
  );
  assert.equal((await ask('ben:editor', `POST ${path}/versions/1/restore`)).status, 400);
  for (const version of ['0', '4', '-1', '1.0', '1e0', '%2031']) {
    assert.equal((await ask('ben:editor', `GET ${path}/versions/${version}`)).status, 404, version);
  }
  assert.equal((await ask('ada:editor', `DELETE ${path}`, undefined, { 'if-match': '"1"' })).status, 412);
  assert.equal((await ask('ada:editor', `DELETE ${path}`, undefined, { 'if-match': '"3"' })).status, 204);
  assert.equal((await ask('ada:editor', `GET ${path}`)).status, 404);
  const deleted = await ask('ada:editor', 'GET /api/dashboards?deleted=true');
  assert.deepEqual(
    (deleted.body['items'] as { title: string }[]).map(({ title }) => title),
    ['Floor'],
  );
  assert.equal((await ask('ada:editor', `POST ${path}/restore`)).status, 200);
});

test('what may not be seen is not there; what may be seen but not changed is forbidden', async () => {
  const created = await ask('ada:editor', 'POST /api/dashboards?visibility=private&folder=Teams/One', board);
  const id = String(created.body['id']);
  const path = `/api/dashboards/${id}`;
  const absent = await ask('ben:editor', 'GET /api/dashboards/absent');
  for (const [call, body] of [
    [`GET ${path}`, undefined],
    [`PUT ${path}`, board],
    [`DELETE ${path}`, undefined],
    [`GET ${path}/versions`, undefined],
    [`POST ${path}/versions/1/restore`, undefined],
    [`GET ${path}/sharing`, undefined],
    [`PUT ${path}/sharing`, { owner: 'ben' }],
    [`POST ${path}/copy`, {}],
    [`POST ${path}/restore`, undefined],
  ] as const) {
    for (const who of ['ben:editor', 'root:admin:102']) {
      const reply = await ask(who, call, body, { 'if-match': '"1"' });
      assert.deepEqual([reply.status, reply.body['code']], [404, 'not_found'], `${who} ${call}`);
      assert.equal(String(reply.body['detail']).replace(id, '?'), String(absent.body['detail']).replace('absent', '?'));
    }
  }
  const grants = [{ kind: 'user', to: 'ben', may: 'view' }];
  const shared = await ask('ada:editor', `PUT ${path}/sharing`, { visibility: 'groups', grants });
  assert.deepEqual([shared.status, shared.body['folder'], shared.body['grants']], [200, 'Teams/One', grants]);
  assert.equal((await ask('ben:editor', `GET ${path}`)).body['access'], 'view');
  for (const [call, body] of [
    [`PUT ${path}`, board],
    [`DELETE ${path}`, undefined],
    [`PUT ${path}/sharing`, { owner: 'ben' }],
    [`GET ${path}/sharing`, undefined],
  ] as const) {
    assert.equal((await ask('ben:editor', call, body, { 'if-match': '"1"' })).status, 403, call);
  }
  const copy = await ask('ben:editor', `POST ${path}/copy`, { title: 'Mine', visibility: 'private' });
  assert.deepEqual([copy.status, copy.body['owner'], copy.body['title']], [201, 'ben', 'Mine']);
  for (const body of [
    { grants: [...grants, ...grants] },
    { grants: [{ kind: 'role', to: 'boss', may: 'view' }] },
    { grants: [{ kind: 'user', to: 'x', may: 'manage' }] },
    { visibility: 'public' },
    { folder: '/a' },
    { folder: 'a//b' },
    { territoryId: 102 },
  ]) {
    assert.equal((await ask('ada:editor', `PUT ${path}/sharing`, body)).status, 422, JSON.stringify(body));
  }
  assert.equal((await ask('vic:viewer', `PUT ${path}/sharing`, {})).status, 403);
});

test('lists page by page, and refuses a cursor that is none', async () => {
  for (const title of ['P1', 'P2', 'P3'])
    await ask('pat:editor', 'POST /api/dashboards?folder=Pages', { ...board, title });
  const seen: string[] = [];
  let next: unknown = '';
  while (typeof next === 'string') {
    const cursor = next === '' ? '' : `&cursor=${next}`;
    const page = await ask('vic:viewer', `GET /api/dashboards?folder=Pages&limit=2${cursor}`);
    seen.push(...(page.body['items'] as { title: string }[]).map(({ title }) => title));
    next = page.body['next'];
  }
  assert.deepEqual(seen, ['P1', 'P2', 'P3']);
  for (const query of ['cursor=x', 'cursor=WzEsMl0', 'limit=0', 'limit=1000', 'mine=1', 'other=1']) {
    assert.equal((await ask('vic:viewer', `GET /api/dashboards?${query}`)).status, 422, query);
  }
});

test('refuses a variable that is not there, with its place', async () => {
  const filters = [{ dim: 'queue_id', op: 'in', values: ['$queue'] }];
  const body = { ...board, widgets: [{ ...widget, query: { ...widget.query, filters } }] };
  const refused = await ask('ada:editor', 'POST /api/dashboards', body);
  assert.equal(refused.status, 422);
  assert.match(
    String(refused.body['detail']),
    /^body\/widgets\/0\/query\/filters\/0\/values\/0 names the variable \$queue/,
  );
  const variables = [{ name: 'queue', kind: 'queue', multiple: true, default: ['@my'] }];
  assert.equal((await ask('ada:editor', 'POST /api/dashboards', { ...body, variables })).status, 201);
});

test('widgets to start from: the territory’s own are its editors’, the platform’s stay as they are', async () => {
  const { id: _id, x: _x, y: _y, ...start } = widget;
  const created = await ask('ada:editor', 'POST /api/widgets', { title: 'Depth', body: start });
  assert.deepEqual([created.status, created.etag, created.body['isShared']], [201, '"1"', false]);
  const path = `/api/widgets/${String(created.body['id'])}`;
  const draft = { title: 'Depth now', body: start };
  assert.equal((await ask('vic:viewer', `PUT ${path}`, draft, { 'if-match': '"1"' })).status, 403);
  assert.equal((await ask('eve:editor:102', `PUT ${path}`, draft, { 'if-match': '"1"' })).status, 404);
  assert.equal((await ask('eve:editor:102', `DELETE ${path}`)).status, 404);
  assert.equal((await ask('ada:editor', `PUT ${path}`, draft, { 'if-match': '"1"' })).etag, '"2"');
  const late = await ask('ada:editor', `PUT ${path}`, draft, { 'if-match': '"1"' });
  assert.deepEqual([late.status, (late.body['current'] as { version: number }).version], [412, 2]);
  assert.equal((await ask('ada:editor', 'PUT /api/widgets/w_all', draft, { 'if-match': '"1"' })).status, 403);
  assert.equal((await ask('root:admin', 'DELETE /api/widgets/w_all')).status, 403);
  assert.equal((await ask('ada:editor', 'DELETE /api/widgets/w_102')).status, 404);
  assert.equal((await ask('ada:editor', 'POST /api/widgets', { title: 'x', body: widget })).status, 422);
  // The database refuses by itself what the statements do not ask for.
  const intrusion = store.withTenant({ territoryId: 101 }, (transaction) =>
    transaction
      .insertInto('widget_templates')
      .values({ id: 'all', territory_id: null, title: 'x', body: '{}' })
      .execute(),
  );
  await assert.rejects(intrusion, (error: Error & { code?: string }) => error.code === '42501');
  const touched = await store.withTenant({ territoryId: 101 }, (transaction) =>
    transaction
      .updateTable('widget_templates')
      .set({ title: 'x' })
      .where('id', 'in', ['w_all', 'w_102'])
      .executeTakeFirst(),
  );
  assert.equal(touched.numUpdatedRows, 0n);
  assert.equal((await ask('ada:editor', `DELETE ${path}`)).status, 204);
  assert.deepEqual(
    ((await ask('ada:editor', 'GET /api/widgets')).body['items'] as { id: string }[]).map(({ id }) => id),
    ['w_all'],
  );
});

test('preferences are one person’s in one territory, closed and small', async () => {
  const mine = {
    theme: 'dark',
    density: 'compact',
    favourites: ['board'],
    recent: ['board'],
    defaultDashboard: 'board',
  };
  assert.deepEqual((await ask('vic:viewer', 'GET /api/preferences')).body, {});
  assert.equal((await ask('vic:viewer', 'PUT /api/preferences', { theme: 'light' })).status, 200);
  assert.equal((await ask('vic:viewer', 'PUT /api/preferences', mine)).status, 200);
  assert.deepEqual((await ask('vic:viewer', 'GET /api/preferences')).body, mine);
  for (const other of ['ada:editor', 'root:admin', 'vic:viewer:102']) {
    assert.deepEqual((await ask(other, 'GET /api/preferences')).body, {}, other);
  }
  for (const body of [{ theme: 'pink' }, { sub: 'ada' }, { favourites: ['a', 'a'] }, { defaultDashboard: '../x' }]) {
    assert.equal((await ask('vic:viewer', 'PUT /api/preferences', body)).status, 422, JSON.stringify(body));
  }
  const ids = Array.from({ length: 101 }, (_value, index) => `d${String(index)}`.padEnd(64, 'x'));
  assert.equal((await ask('vic:viewer', 'PUT /api/preferences', { favourites: ids })).status, 422);
  const most = { ...mine, favourites: ids.slice(0, 100), recent: ids.slice(0, 20) };
  assert.equal((await ask('vic:viewer', 'PUT /api/preferences', most)).status, 200);
  assert.ok(JSON.stringify(most).length <= 16_384);
  // A transaction that does not name the person sees nobody's.
  const rows = await store.withTenant({ territoryId: 101 }, (transaction) =>
    transaction.selectFrom('preferences').selectAll().execute(),
  );
  assert.deepEqual(rows, []);
});
