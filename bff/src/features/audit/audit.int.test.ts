import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import express from 'express';
import { sql } from 'kysely';
import { pino } from 'pino';
import { permissionsOf } from '@lumina/contracts';
import type { AuditEntry, AuditPage, Role } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { ConfigStore } from '../../config-store/config-store.ts';
import { problemHandler } from '../../http/problem-handler.ts';
import { mountRoutes } from '../../http/route.ts';
import { runAs } from '../../config-store/testing/database-of.ts';
import { configEngines } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import { startServer } from '../../testing/http-server.ts';
import type { TestServer } from '../../testing/http-server.ts';
import { codeOf, send } from '../../testing/raw-http.ts';
import type { RawReply } from '../../testing/raw-http.ts';
import { auditRoutes } from './audit.ts';
import type { AuditTrail } from './audit-trail.ts';
import { pruneAudit } from './prune-audit.ts';
import { recordActing } from './record-acting.ts';
import { createSqlAuditLog } from './sql-audit-log.ts';
import { createSqlAuditTrail } from './sql-audit-trail.ts';

function person(territoryId: number, role: Role, more: Partial<Identity> = {}): Identity {
  return {
    kind: 'user',
    sub: `auth0|${role}`,
    territoryId,
    regionId: 1,
    roles: [role],
    permissions: permissionsOf([role]),
    issuedAtSeconds: 0,
    expiresAtSeconds: 4e9,
    ...more,
  };
}

const ALICE = person(1, 'admin');

/** The API with whoever asks in a header, as admission would leave it. */
function serve(store: ConfigStore, trail: AuditTrail, clock: () => number): Promise<TestServer> {
  const app = express().set('query parser', 'simple');
  app.use((request, _response, next) => {
    request.identity = JSON.parse(request.get('x-identity') ?? '{}') as Identity;
    next();
  });
  app.use(recordActing(trail, clock), mountRoutes(auditRoutes(createSqlAuditLog(store), trail)));
  app.use(problemHandler(pino({ level: 'silent' })));
  return startServer((request, response) => {
    app(request, response);
  });
}

function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function contract(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`the audit trail on ${name}`, () => {
    let engine: ConfigEngine;
    let store: ConfigStore;
    let trail: AuditTrail;
    let server: TestServer;
    let nowMs = 0;

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      await store.migrate();
      trail = createSqlAuditTrail(store);
      server = await serve(store, trail, () => nowMs);
    });
    after(async () => {
      await server.close();
      await store.close();
      await engine.stop();
    });

    function ask(identity: Identity, query = '', headers: Record<string, string> = {}): Promise<RawReply> {
      return send(server.url, {
        path: `/api/audit${query}`,
        headers: { 'X-Identity': JSON.stringify(identity), ...headers },
      });
    }
    async function entries(identity: Identity, query = ''): Promise<readonly AuditEntry[]> {
      const reply = await ask(identity, query);
      assert.equal(reply.status, 200, reply.body);
      return (JSON.parse(reply.body) as AuditPage).items;
    }

    it('numbers the acts of each territory without a gap, in the order of their commits, many at once', async () => {
      const acts = Array.from({ length: 30 }, (_value, index) =>
        trail.record(person(index % 3 === 0 ? 21 : 22, 'viewer'), { action: 'sign_in', detail: { index } }),
      );
      const lost = store.withTenant({ territoryId: 21 }, async (transaction) => {
        await trail.recordIn(transaction, person(21, 'admin'), { action: 'settings_changed' });
        throw new Error('changed my mind');
      });
      await assert.rejects(lost, /changed my mind/);
      await Promise.all(acts);
      const rows = await store.withTenant({ territoryId: 21 }, (transaction) =>
        transaction
          .selectFrom('audit_events')
          .select(['territory_id', 'sequence', 'at', 'action'])
          .orderBy('sequence')
          .execute(),
      );
      assert.deepEqual(
        rows.map(({ territory_id, sequence, action }) => [territory_id, sequence, action]),
        Array.from({ length: 10 }, (_value, index) => [21, index + 1, 'sign_in']),
      );
      assert.deepEqual(
        rows.map(({ at }) => at.getTime()),
        rows.map(({ at }) => at.getTime()).toSorted((a, b) => a - b),
      );
    });

    it('takes acts of its own territory only, and lets nobody change or remove one', async () => {
      await trail.record(ALICE, { action: 'key_revoked', target: { kind: 'ingest_key', id: 'k' } });
      const astray = store.withTenant({ territoryId: 2 }, (transaction) =>
        trail.recordIn(transaction, ALICE, { action: 'sign_in' }),
      );
      await assert.rejects(astray, (error) => sqlStateOf(error) === '42501');
      for (const role of ['lumina_app', 'lumina_import', 'lumina_prune', 'lumina_keys'] as const) {
        for (const statement of [
          `update audit_events set action = 'x'`,
          `truncate audit_events`,
          `update audit_heads set sequence = 0`,
          ...(role === 'lumina_prune' ? [] : [`delete from audit_events`]),
        ]) {
          const attempt = store.withTenant(ALICE, (transaction) => sql.raw(statement).execute(transaction), role);
          await assert.rejects(attempt, (error) => sqlStateOf(error) === '42501', `${role}: ${statement}`);
        }
      }
      await store.withTenant(ALICE, (transaction) => transaction.deleteFrom('audit_events').execute(), 'lumina_prune');
      assert.equal((await entries(ALICE)).length, 1);
      const forged = store.withTenant(ALICE, (transaction) =>
        sql`insert into audit_events (territory_id, sequence, at, action, actor_sub, actor_roles)
          values (1, 99, now(), 'sign_in', 'x', '{}')`.execute(transaction),
      );
      await assert.rejects(forged, (error) => sqlStateOf(error) === '42501');
    });

    it('shows each territory its own acts: by the question, and by row-level security without it', async () => {
      await trail.record(person(2, 'admin'), { action: 'sign_in' });
      assert.deepEqual(
        (await entries(person(2, 'admin'))).map(({ action }) => action),
        ['sign_in'],
      );
      const seen = await store.withTenant({ territoryId: 2 }, (transaction) =>
        transaction.selectFrom('audit_events').select('territory_id').distinct().execute(),
      );
      assert.deepEqual(seen, [{ territory_id: 2 }]);
      for (const role of ['viewer', 'editor'] as const) {
        const reply = await ask(person(2, role));
        assert.deepEqual([reply.status, codeOf(reply)], [403, 'forbidden']);
      }
    });

    it('pages from the newest to the oldest while more is recorded, and filters', async () => {
      const admin = person(3, 'admin');
      for (let index = 0; index < 7; index += 1) {
        const actor = index % 2 === 0 ? admin : person(3, 'editor');
        await trail.record(actor, { action: 'alert_changed', target: { kind: 'alert', id: `a${String(index)}` } });
      }
      const seen: (string | undefined)[] = [];
      let query = '?limit=3';
      for (;;) {
        const page = JSON.parse((await ask(admin, query)).body) as AuditPage;
        seen.push(...page.items.map(({ target }) => target?.id));
        await trail.record(admin, { action: 'sign_in' });
        if (page.next === null) break;
        query = `?limit=3&cursor=${page.next}`;
      }
      assert.deepEqual(seen, ['a6', 'a5', 'a4', 'a3', 'a2', 'a1', 'a0']);
      assert.equal((await entries(admin, '?actor=auth0%7Ceditor')).length, 3);
      assert.equal((await entries(admin, '?target=a4&action=alert_changed')).length, 1);
      assert.equal((await entries(admin, '?action=sign_in')).length, 3);
      const at = (await entries(admin, '?target=a4'))[0]?.at ?? '';
      assert.equal((await entries(admin, `?from=${at}&target=a4`)).length, 1);
      assert.equal((await entries(admin, `?to=${at}&target=a4`)).length, 0);
      for (const bad of [
        '?cursor=x',
        '?limit=501',
        '?action=nothing',
        '?from=yesterday',
        '?from=2026-13-01T00:00:00Z',
        '?x=1',
      ]) {
        const reply = await ask(admin, bad);
        assert.deepEqual([reply.status, codeOf(reply)], [422, 'invalid_request'], bad);
      }
    });

    it('gives all of it as CSV that no spreadsheet runs, and records that it did', async () => {
      const admin = person(4, 'admin');
      await trail.record(person(4, 'viewer', { sub: '=HYPERLINK("http://x")' }), {
        action: 'facts_read',
        target: { kind: 'rows', id: '@calls' },
        detail: { text: 'a "b",\r\nc' },
      });
      const reply = await ask(admin, '', { Accept: 'text/csv' });
      assert.equal(reply.headers['content-type'], 'text/csv; charset=utf-8');
      const [header, exported, read, ...rest] = reply.body.split('\r\n');
      assert.equal(header, '"at","action","actor","roles","reason","target_kind","target_id","detail","id"');
      assert.match(exported ?? '', /^"[^"]+","export","auth0\|admin","admin","","audit","audit",/);
      assert.match(
        read ?? '',
        /^"[^"]+","facts_read","'=HYPERLINK\(""http:\/\/x""\)","viewer","","rows","'@calls","\{""text"":""a \\""b\\"",\\r\\nc""\}","[^"]+"$/,
      );
      assert.deepEqual(rest, ['']);
      assert.equal((await ask(admin, '?format=csv&action=export')).body.split('\r\n').length, 4);
      assert.deepEqual((await entries(admin, '?action=export'))[0]?.detail, { format: 'csv', filters: ['action'] });
    });

    it('writes a trail of many pages whole', async () => {
      const acts = 2_345;
      await store.withTenant({ territoryId: 6 }, (transaction) =>
        sql`insert into audit_events (territory_id, action, actor_sub, actor_roles, target_kind, target_id)
          select 6, 'sign_in', 'u', '{viewer}', 'n', n::text from generate_series(1, ${acts}::int) n`.execute(
          transaction,
        ),
      );
      const { body } = await ask(person(6, 'admin'), '?format=csv&action=sign_in');
      const ids = body
        .split('\r\n')
        .slice(1, -1)
        .map((line) => Number(/"n","(\d+)"/.exec(line)?.[1]));
      assert.deepEqual(
        ids,
        Array.from({ length: acts }, (_value, index) => acts - index),
      );
    });

    it('puts a super_admin on record once in 15 minutes for each reason, for the territory to read', async () => {
      const root = (reason: string): Identity => person(5, 'super_admin', { sub: 'auth0|root', reason });
      await Promise.all(Array.from({ length: 5 }, () => ask(root('Ticket 1'))));
      nowMs += 120_000;
      await ask(root('Ticket 1'));
      await ask(root('Ticket 2'));
      const seen = await entries(person(5, 'admin'));
      assert.deepEqual(
        seen.map(({ action, actor, reason }) => [action, actor.sub, reason]),
        [
          ['act_as', 'auth0|root', 'Ticket 2'],
          ['act_as', 'auth0|root', 'Ticket 1'],
        ],
      );
      await trail.record(root('Ticket 2'), { action: 'settings_changed' });
      assert.equal((await entries(person(5, 'admin')))[0]?.reason, 'Ticket 2');
    });

    if (name === 'PostgreSQL') {
      it('keeps territories apart by its questions alone, where row-level security is off', async (context) => {
        assert.ok(engine.config.kind === 'postgres');
        const { url } = engine.config;
        await runAs(url, 'alter table audit_events disable row level security');
        context.after(() => runAs(url, 'alter table audit_events enable row level security'));
        await trail.record(person(7, 'admin'), { action: 'sign_in', target: { kind: 'x', id: 'mine' } });
        const all = await store.withTenant({ territoryId: 7 }, (transaction) =>
          transaction.selectFrom('audit_events').select('territory_id').distinct().execute(),
        );
        assert.ok(all.length > 1);
        assert.equal((await entries(person(7, 'admin'), '?limit=500')).length, 1);
        assert.equal((await ask(person(7, 'admin'), '?format=csv&action=sign_in')).body.split('\r\n').length, 3);
      });
    }

    it('removes nothing of the last 90 days', async () => {
      await assert.rejects(pruneAudit(store, trail, { olderThanDays: 89 }), RangeError);
      assert.deepEqual(await pruneAudit(store, trail, { olderThanDays: 90 }), []);
    });
  });
}

for (const [name, startEngine] of configEngines()) contract(name, startEngine);
