import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { permissionsOf } from '@lumina/contracts';
import type { Person } from '@lumina/contracts/schemas';
import pg from 'pg';
import { openConfigStore } from '../../config-store/config-store.ts';
import { openSocket, openStream } from '../../live/testing/live-client.ts';
import { SEED, startRegional } from '../../testing/fixtures.ts';
import { configEngines } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import type { TestServer } from '../../testing/http-server.ts';
import { startLocalIssuer } from '../../testing/local-issuer.ts';
import type { LocalIssuer } from '../../testing/local-issuer.ts';
import { codeOf, send } from '../../testing/raw-http.ts';
import type { RawReply } from '../../testing/raw-http.ts';
import { personId } from './person-id.ts';

const LIVE = { range: { last: '1h' }, queries: [{ ref: 'a', metrics: ['call_count'] }] };
/** Odd, but text that a token may hold. */
const ODD_SUBJECTS = [
  'waad|a/b',
  'x'.repeat(255),
  'samlp|Zoë \u{1F600}',
  '~tilde',
  'a%2Fb',
  "o'brien;--",
  'ＡＤＭＩＮ',
];

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: TestServer;
}

function suite(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`people on ${name}`, () => {
    let issuer: LocalIssuer;
    let engine: ConfigEngine;
    let region: TestServer;
    /** Another process over the same store, where the engine allows for one. */
    let other: TestServer | undefined;
    let admin: string;

    const nowSeconds = (): number => Math.floor(Date.now() / 1_000);
    const tokenOf = (sub: string, role = 'viewer', claims: Readonly<Record<string, unknown>> = {}): Promise<string> =>
      issuer.sign({ sub, roles: [role], permissions: permissionsOf([role]), ...claims });

    before(async () => {
      issuer = await startLocalIssuer();
      engine = await startEngine();
      region = await startRegional(issuer, SEED, { config: engine.config });
      other =
        engine.config.kind === 'postgres' ? await startRegional(issuer, SEED, { config: engine.config }) : undefined;
      admin = await tokenOf('auth0|admin', 'admin');
      assert.equal((await call(admin, '/api/session')).status, 200);
    });
    after(async () => {
      await other?.close();
      await region.close();
      await engine.stop();
      issuer.close();
    });

    function call(
      token: string,
      path: string,
      { method = 'GET', body, headers = {}, at = region }: Call = {},
    ): Promise<RawReply> {
      return send(at.url, {
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
    const json = (reply: RawReply): Record<string, unknown> => JSON.parse(reply.body) as Record<string, unknown>;
    const pathOf = (sub: string): string => `/api/users/${personId(sub)}`;
    const grant = (sub: string, version: number, body: unknown, token = admin): Promise<RawReply> =>
      call(token, `${pathOf(sub)}/grant`, { method: 'PUT', body, headers: { 'If-Match': `"${String(version)}"` } });
    const disable = (sub: string, token = admin): Promise<RawReply> =>
      call(token, `${pathOf(sub)}/disable`, { method: 'POST' });

    /** A sighting is written behind the request that caused it. */
    async function personOnceSeen(sub: string): Promise<Person> {
      for (;;) {
        const reply = await call(admin, pathOf(sub));
        if (reply.status === 200) return JSON.parse(reply.body) as Person;
        assert.equal(reply.status, 404, reply.body);
      }
    }

    async function arrive(
      sub: string,
      role = 'viewer',
      claims: Readonly<Record<string, unknown>> = {},
    ): Promise<string> {
      const token = await tokenOf(sub, role, claims);
      assert.equal((await call(token, '/api/session')).status, 200);
      await personOnceSeen(sub);
      return token;
    }

    it('are known once they were seen, with what the token tells of them', async () => {
      await arrive('auth0|ada', 'editor', {
        name: 'Ada Byron',
        email: 'ada@uk.example',
        lumina_scope: { queues: ['q'] },
      });
      const ada = await personOnceSeen('auth0|ada');
      assert.deepEqual(
        [ada.name, ada.email, ada.source, ada.roles, ada.scope, ada.isDisabled, ada.grant.version],
        ['Ada Byron', 'ada@uk.example', 'token', ['editor'], { queues: ['q'] }, false, 0],
      );
      assert.ok(ada.lastSignInAt !== undefined && ada.lastSeenAt !== undefined);
      const found = json(await call(admin, '/api/users?q=BYRON'))['items'] as Person[];
      assert.deepEqual(
        found.map(({ sub }) => sub),
        ['auth0|ada'],
      );
    });

    it('are not known to another territory, nor to who may not ask', async () => {
      await arrive('auth0|hidden');
      const foreign = await tokenOf('auth0|fadmin', 'admin', { territory_id: 102 });
      assert.equal((await call(foreign, pathOf('auth0|hidden'))).status, 404);
      assert.equal(
        (await call(foreign, pathOf('auth0|nobody'))).body.replaceAll(/"requestId.*/g, ''),
        (await call(foreign, pathOf('auth0|hidden'))).body.replaceAll(/"requestId.*/g, ''),
      );
      assert.equal(codeOf(await disable('auth0|hidden', foreign)), 'not_found');
      assert.equal((json(await call(foreign, '/api/users?q=hidden'))['items'] as unknown[]).length, 0);
      for (const role of ['viewer', 'editor'])
        assert.equal(codeOf(await call(await tokenOf('auth0|low', role), '/api/users')), 'forbidden');
    });

    it('come in pages, each once', async () => {
      for (let n = 0; n < 5; n += 1) assert.equal((await grant(`page|${String(n)}`, 0, {})).status, 200);
      const subs: string[] = [];
      for (let path: string | undefined = '/api/users?q=page&limit=2'; path !== undefined;) {
        const page = json(await call(admin, path));
        subs.push(...(page['items'] as Person[]).map(({ sub }) => sub));
        const { cursor } = page as { cursor?: string };
        path = cursor === undefined ? undefined : `/api/users?q=page&limit=2&cursor=${cursor}`;
      }
      assert.deepEqual(subs, ['page|0', 'page|1', 'page|2', 'page|3', 'page|4']);
      assert.equal(codeOf(await call(admin, '/api/users?cursor=%22no')), 'invalid_request');
    });

    it('have their sign-in on record once per session', async () => {
      const issued = nowSeconds() - 100;
      const first = await arrive('auth0|signs', 'viewer', { iat: issued });
      await call(first, '/api/session');
      await arrive('auth0|signs', 'viewer', { iat: issued + 1, auth_time: issued });
      await arrive('auth0|signs', 'viewer', { iat: issued + 50 });
      for (;;) {
        const page = json(await call(admin, '/api/audit?actor=auth0%7Csigns&action=sign_in'));
        const { length } = page['items'] as unknown[];
        assert.ok(length <= 2);
        if (length === 2) break;
      }
    });

    it('act with what they were granted from the next request on', async () => {
      const token = await arrive('auth0|granted', 'viewer', { lumina_scope: { queues: ['q_sales', 'q_x'] } });
      const reply = await grant('auth0|granted', 0, {
        roles: ['editor'],
        scope: { queues: ['q_sales', 'q_y'], teams: ['t_a'] },
      });
      assert.equal(reply.status, 200, reply.body);
      assert.equal(reply.headers.etag, '"1"');
      assert.deepEqual(json(reply)['warnings'], ['scope/queues: the directory has no q_y.']);
      const session = json(await call(token, '/api/session'));
      assert.deepEqual(session['roles'], ['editor']);
      assert.deepEqual(session['permissions'], permissionsOf(['editor']));
      assert.deepEqual(session['scope'], { queues: ['q_sales'], teams: ['t_a'] });
      assert.equal(codeOf(await grant('auth0|granted', 0, {})), 'conflict');
      assert.equal((await grant('auth0|granted', 1, {})).status, 200);
      assert.deepEqual(json(await call(token, '/api/session'))['roles'], ['viewer']);
    });

    it('end at once when they are disabled: the token, the stream, the ticket, here and in other processes', async () => {
      const token = await arrive('auth0|leaver');
      const here = await openStream(region.url, { token, body: LIVE });
      const there = other === undefined ? undefined : await openStream(other.url, { token, body: LIVE });
      const ticket = json(await call(token, '/api/live/ticket', { method: 'POST' }))['ticket'];
      const late = await openSocket(region.url, String(ticket));
      const unused = json(await call(token, '/api/live/ticket', { method: 'POST' }))['ticket'];
      const began = Date.now();
      assert.equal((await disable('auth0|leaver')).status, 200);
      assert.equal((await here.frames.until('bye')).reason, 'revoked');
      assert.equal((await there?.frames.until('bye'))?.reason, there === undefined ? undefined : 'revoked');
      assert.ok(Date.now() - began < 2_000);
      const refused = await call(token, '/api/session');
      assert.deepEqual([refused.status, codeOf(refused)], [401, 'unauthenticated']);
      assert.match(refused.body, /disabled/);
      if (other !== undefined) assert.equal((await call(token, '/api/session', { at: other })).status, 401);
      // Connected before, but says only now what it wants to watch.
      late.socket.send(JSON.stringify(LIVE));
      assert.equal((await late.frames.next()).event, 'problem');
      await late.closed;
      await assert.rejects(openSocket(region.url, String(unused)), /401/);
    });

    it('need a new sign-in when they are enabled again', async () => {
      const old = await arrive('auth0|returns');
      await disable('auth0|returns');
      assert.equal((await call(admin, `${pathOf('auth0|returns')}/enable`, { method: 'POST' })).status, 200);
      const refused = await call(old, '/api/session');
      assert.equal(refused.status, 401);
      assert.match(refused.body, /sign in again/);
      // A second later: the instant of issue is told in whole seconds.
      const fresh = await tokenOf('auth0|returns', 'viewer', { iat: nowSeconds() + 2 });
      assert.equal((await call(fresh, '/api/session')).status, 200);
      const silent = await tokenOf('auth0|returns', 'viewer', { iat: undefined });
      assert.equal((await call(silent, '/api/session')).status, 401);
    });

    it('are erased to a tombstone without personal data, and kept out by it', async () => {
      const token = await arrive('auth0|erased', 'viewer', { name: 'Erika Gone', email: 'gone@uk.example' });
      const preferences = await call(token, '/api/preferences', { method: 'PUT', body: { theme: 'dark' } });
      assert.equal(preferences.status, 200, preferences.body);
      assert.equal((await call(admin, pathOf('auth0|erased'), { method: 'DELETE' })).status, 204);
      assert.equal((await call(admin, pathOf('auth0|erased'))).status, 404);
      assert.equal((await call(token, '/api/session')).status, 401);
      assert.equal((json(await call(admin, '/api/users?q=gone'))['items'] as unknown[]).length, 0);
      assert.equal((await call(admin, pathOf('auth0|erased'), { method: 'DELETE' })).status, 404);
      const audit = (await call(admin, '/api/audit?action=person_erased')).body;
      assert.ok(audit.includes('auth0|erased') && !audit.includes('Erika') && !audit.includes('gone@'));
      // Whoever is let in again begins anew: what was theirs alone is gone.
      assert.equal((await grant('auth0|erased', 1, { roles: ['viewer'] })).status, 200);
      const again = await tokenOf('auth0|erased', 'viewer', { iat: nowSeconds() + 2 });
      assert.deepEqual(json(await call(again, '/api/preferences')), {});
    });

    it('are named by a path whatever their subject holds', async () => {
      for (const sub of ODD_SUBJECTS) {
        assert.equal((await grant(sub, 0, { roles: ['viewer'] })).status, 200, sub);
        assert.equal(json(await call(admin, pathOf(sub)))['sub'], sub);
      }
      assert.equal(json(await call(admin, `/api/users/${encodeURIComponent("o'brien;--")}`))['sub'], "o'brien;--");
      assert.equal(codeOf(await call(admin, '/api/users/admin')), 'not_found');
      for (const path of [
        '~',
        '~!!!',
        '~YQ==',
        `~${Buffer.from('a\u0000b').toString('base64url')}`,
        'x'.repeat(256),
        '%0A',
      ])
        assert.equal(codeOf(await call(admin, `/api/users/${path}`)), 'not_found', path);
    });

    it('are granted nothing by bodies that say more than they may', async () => {
      const token = await arrive('auth0|hostile');
      const bodies: readonly unknown[] = [
        { roles: ['super_admin'] },
        { roles: ['viewer', 'super_admin'] },
        { roles: [] },
        { roles: 'admin' },
        { roles: ['viewer', 'viewer'] },
        { roles: ['Admin'] },
        { scope: null },
        { scope: { queue: ['q'] } },
        { scope: { queues: [''] } },
        { scope: { queues: [1] } },
        { scope: [], roles: ['viewer'] },
        { permissions: ['system:read'] },
        { roles: ['viewer'], territoryId: 102 },
        { roles: ['viewer'], sub: 'auth0|admin' },
        { disabledAt: null },
        '{"__proto__":{"roles":["admin"]}}',
        '{"constructor":{"prototype":{"roles":["admin"]}}}',
        [],
      ];
      for (const body of bodies) {
        const reply = await grant('auth0|hostile', 0, body);
        assert.ok(reply.status === 422 || reply.status === 400, `${JSON.stringify(body)}: ${reply.body}`);
      }
      for (const version of ['*', '0x0', '-0', '00000000000', '0, 1', 'W/"0"; x'])
        assert.equal(
          (
            await call(admin, `${pathOf('auth0|hostile')}/grant`, {
              method: 'PUT',
              body: {},
              headers: { 'If-Match': version },
            })
          ).status,
          400,
        );
      assert.deepEqual(json(await call(token, '/api/session'))['roles'], ['viewer']);
      assert.equal((await personOnceSeen('auth0|hostile')).grant.version, 0);
      assert.equal((await grant('client|r1_abc', 0, { roles: ['admin'] })).status, 422);
    });

    it('are given no more than the giver holds', async () => {
      await arrive('auth0|target');
      const narrow = await tokenOf('auth0|narrow', 'admin', { permissions: ['users:write', 'metrics:read'] });
      assert.equal(codeOf(await grant('auth0|target', 0, { roles: ['editor'] }, narrow)), 'forbidden');
      assert.equal(codeOf(await disable('auth0|target', narrow)), 'forbidden');
      const withoutScopes = await tokenOf('auth0|roles', 'admin', {
        permissions: permissionsOf(['admin']).filter((permission) => permission !== 'scopes:write'),
      });
      assert.equal(
        codeOf(await grant('auth0|target', 0, { scope: { queues: ['q_sales'] } }, withoutScopes)),
        'forbidden',
      );
      const scoped = await tokenOf('auth0|scoped', 'admin', { lumina_scope: { queues: ['q_sales'] } });
      assert.equal(codeOf(await grant('auth0|target', 0, {}, scoped)), 'forbidden');
      assert.equal(
        codeOf(await grant('auth0|target', 0, { scope: { queues: ['q_sales', 'q_b'] } }, scoped)),
        'forbidden',
      );
      assert.equal((await grant('auth0|target', 0, { scope: { queues: [] } }, scoped)).status, 200);
    });

    it('are invited only where an identity provider lets itself be managed', async () => {
      const body = { email: 'a@uk.example', roles: ['viewer'] };
      const reply = await call(admin, '/api/users/invitations', { method: 'POST', body });
      assert.equal(codeOf(reply), 'not_found');
      assert.match(reply.body, /not set up/);
    });

    it('change neither themselves nor the last administrator', async () => {
      assert.equal(codeOf(await grant('auth0|admin', 0, { roles: ['viewer'] })), 'forbidden');
      for (const act of ['disable', 'enable'])
        assert.equal(codeOf(await call(admin, `${pathOf('auth0|admin')}/${act}`, { method: 'POST' })), 'forbidden');
      assert.equal(codeOf(await call(admin, pathOf('auth0|admin'), { method: 'DELETE' })), 'forbidden');

      const lone = await tokenOf('auth0|lone', 'admin', { territory_id: 102 });
      const operator = await issuer.sign({
        sub: 'auth0|op',
        territory_id: undefined,
        region_id: undefined,
        roles: ['super_admin'],
        permissions: permissionsOf(['super_admin']),
      });
      const visit = { 'X-Territory-Id': '102', 'X-Region-Id': '1', 'X-Reason': 'ticket 7' };
      for (;;) {
        await call(lone, '/api/session');
        const reply = await call(operator, pathOf('auth0|lone'), { headers: visit });
        if (reply.status === 200) break;
      }
      for (const name of ['auth0|fadmin']) {
        await call(operator, `${pathOf(name)}/disable`, { method: 'POST', headers: visit });
      }
      const last = await call(operator, `${pathOf('auth0|lone')}/disable`, { method: 'POST', headers: visit });
      assert.equal(codeOf(last), 'forbidden');
      assert.match(last.body, /last administrator/);
    });

    it('cannot put each other out at the same instant', async () => {
      const [one, two] = [await arrive('auth0|one', 'admin'), await arrive('auth0|two', 'admin')];
      const replies = await Promise.all([
        grant('auth0|two', 0, { roles: ['viewer'] }, one),
        grant('auth0|one', 0, { roles: ['viewer'] }, two),
      ]);
      assert.deepEqual(replies.map(({ status }) => status).toSorted(), [200, 403]);
    });

    it('of the platform visit only a territory that is here', async () => {
      const operator = await issuer.sign({
        sub: 'auth0|op',
        territory_id: undefined,
        region_id: undefined,
        roles: ['super_admin'],
        permissions: permissionsOf(['super_admin']),
      });
      const visit = (territoryId: string): Promise<RawReply> =>
        call(operator, '/api/session', {
          headers: { 'X-Territory-Id': territoryId, 'X-Region-Id': '1', 'X-Reason': 'ticket 7' },
        });
      assert.equal((await visit('101')).status, 200);
      assert.deepEqual([(await visit('999')).status, codeOf(await visit('999'))], [404, 'not_found']);
      for (const odd of ['0101', '101.0', '1e2', ' 101 , 102', '0x65', '９'])
        assert.equal(codeOf(await visit(encodeURI(odd))), 'territory_required', odd);
    });

    // The embedded engine is one process's own.
    const hasRoom = name === 'PostgreSQL';
    if (hasRoom)
      it('are seen by their own territory alone in the store, even by a query that asks for all', async () => {
        const store = openConfigStore(engine.config);
        try {
          for (const table of ['people', 'person_sessions', 'access_grants', 'access_changes'] as const) {
            const rows = await store.withTenant({ territoryId: 102 }, (transaction) =>
              transaction.selectFrom(table).select('territory_id').distinct().execute(),
            );
            assert.deepEqual(rows, [{ territory_id: 102 }], table);
          }
        } finally {
          await store.close();
        }
      });
    if (hasRoom)
      it('are kept apart by the statements alone, with row-level security off', async () => {
        assert.ok(engine.config.kind === 'postgres');
        await arrive('auth0|ours');
        const owner = new pg.Client({ connectionString: engine.config.url });
        await owner.connect();
        try {
          for (const table of ['people', 'person_sessions', 'access_grants', 'invitations', 'access_changes'])
            await owner.query(`alter table ${table} no force row level security, disable row level security`);
          const foreign = await tokenOf('auth0|fadmin2', 'admin', { territory_id: 102 });
          assert.equal((await call(foreign, pathOf('auth0|ours'))).status, 404);
          for (const act of ['disable', 'enable'])
            assert.equal((await call(foreign, `${pathOf('auth0|ours')}/${act}`, { method: 'POST' })).status, 404);
          assert.equal((await call(foreign, pathOf('auth0|ours'), { method: 'DELETE' })).status, 404);
          const listed = (await call(foreign, '/api/users?limit=500')).body;
          assert.ok(!listed.includes('auth0|ours') && !listed.includes('auth0|ada'));
          // The same subject may be somebody else there, and stays untouched here.
          assert.equal((await grant('auth0|ours', 0, { roles: ['editor'] }, foreign)).status, 200);
          assert.deepEqual(json(await call(admin, pathOf('auth0|ours')))['roles'], ['viewer']);
        } finally {
          await owner.end();
        }
      });
  });
}

for (const [name, startEngine] of configEngines()) suite(name, startEngine);
