import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import express from 'express';
import { pino } from 'pino';
import { permissionsOf } from '@lumina/contracts';
import type { Role } from '@lumina/contracts';
import type { IngestKeyEntry, IngestKeyList } from '@lumina/contracts/schemas';
import type { Identity } from '../../auth/identity.ts';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { ConfigStore } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import { problemHandler } from '../../http/problem-handler.ts';
import { mountRoutes } from '../../http/route.ts';
import { runAs } from '../../config-store/testing/database-of.ts';
import { configEngines } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import { startServer } from '../../testing/http-server.ts';
import type { TestServer } from '../../testing/http-server.ts';
import { codeOf, send } from '../../testing/raw-http.ts';
import type { RawReply } from '../../testing/raw-http.ts';
import { createSqlAuditLog } from '../audit/sql-audit-log.ts';
import { createSqlAuditTrail } from '../audit/sql-audit-trail.ts';
import { createIngestKeysRouter, ingestKeyRoutes } from './ingest-keys.ts';
import { MAX_VALID_KEYS, createSqlIngestKeyStore, createSqlKeyRegister } from './sql-ingest-key-store.ts';

const INTERNAL = 'internal';

function person(territoryId: number, role: Role = 'admin'): Identity {
  return {
    kind: 'user',
    sub: `auth0|${role}`,
    territoryId,
    regionId: 1,
    roles: [role],
    permissions: permissionsOf([role]),
    issuedAtSeconds: 0,
    expiresAtSeconds: 4e9,
  };
}

function serve(store: ConfigStore): Promise<TestServer> {
  const app = express();
  app.use(createIngestKeysRouter(createSqlIngestKeyStore(store), INTERNAL));
  app.use(express.json(), (request, _response, next) => {
    request.identity = JSON.parse(request.get('x-identity') ?? '{}') as Identity;
    next();
  });
  app.use(mountRoutes(ingestKeyRoutes(createSqlKeyRegister(store, createSqlAuditTrail(store)))));
  app.use(problemHandler(pino({ level: 'silent' })));
  return startServer((request, response) => {
    app(request, response);
  });
}

function contract(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`ingest keys on ${name}`, () => {
    let engine: ConfigEngine;
    let store: ConfigStore;
    let server: TestServer;

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      await store.migrate();
      await importSeed(store, SEED);
      server = await serve(store);
    });
    after(async () => {
      await server.close();
      await store.close();
      await engine.stop();
    });

    function call(identity: Identity, method: string, id = '', body?: unknown): Promise<RawReply> {
      return send(server.url, {
        method,
        path: `/api/ingest-keys${id === '' ? '' : `/${id}`}`,
        headers: { 'X-Identity': JSON.stringify(identity), 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    }
    async function listed(territoryId: number): Promise<readonly IngestKeyEntry[]> {
      const reply = await call(person(territoryId), 'GET');
      assert.doesNotMatch(reply.body, /lik_|[0-9a-f]{64}/);
      return (JSON.parse(reply.body) as { items: IngestKeyEntry[] }).items;
    }
    /** What the collector learns when it asks the next time. */
    async function validHashes(): Promise<readonly string[]> {
      const reply = await send(server.url, {
        path: '/internal/ingest-keys',
        headers: { Authorization: `Bearer ${INTERNAL}` },
      });
      return (JSON.parse(reply.body) as IngestKeyList).keys.map(({ hash }) => hash);
    }
    async function acts(): Promise<readonly unknown[]> {
      const { items } = await createSqlAuditLog(store).page({ territoryId: 101 }, {}, { limit: 500 });
      return items.map(({ action, target }) => [action, target?.id]);
    }

    it('tells the secret once, lets the collector know it, and revokes it for good', async () => {
      const made = await call(person(101), 'POST', '', { label: 'Switch London' });
      assert.equal(made.status, 201, made.body);
      assert.equal(made.headers['cache-control'], 'no-store');
      const { secret, ...key } = JSON.parse(made.body) as IngestKeyEntry & { secret: string };
      assert.match(secret, /^lik_[\w-]{32}$/);
      const hash = createHash('sha256').update(secret).digest('hex');
      assert.equal(key.hashEnd, hash.slice(-4));
      assert.deepEqual((await listed(101))[0], key);
      assert.ok((await validHashes()).includes(hash));

      assert.equal((await call(person(101), 'DELETE', key.id)).status, 204);
      const revoked = (await listed(101))[0];
      assert.ok(!(await validHashes()).includes(hash));
      assert.equal((await call(person(101), 'DELETE', key.id)).status, 204);
      assert.deepEqual((await listed(101))[0], revoked);
      assert.equal(revoked?.revokedBy, 'auth0|admin');
      assert.deepEqual(await acts(), [
        ['key_revoked', key.id],
        ['key_created', key.id],
      ]);
    });

    it('answers alike for what is foreign and what is not there, and to administrators only', async () => {
      const [theirs] = await listed(102);
      for (const id of [theirs?.id ?? '', 'nothing', '0', "' or true --"].map(encodeURIComponent)) {
        const reply = await call(person(101), 'DELETE', id);
        assert.deepEqual([reply.status, codeOf(reply)], [404, 'not_found'], id);
      }
      assert.equal((await listed(102))[0]?.revokedAt, null);
      for (const method of ['GET', 'POST', 'DELETE']) {
        const body = method === 'POST' ? { label: 'x' } : undefined;
        const reply = await call(person(101, 'editor'), method, method === 'DELETE' ? 'x' : '', body);
        assert.deepEqual([reply.status, codeOf(reply)], [403, 'forbidden']);
      }
      for (const body of [{}, { label: '' }, { label: 'x', hash: 'a'.repeat(64) }, { label: 'x', territoryId: 102 }]) {
        assert.equal((await call(person(101), 'POST', '', body)).status, 422);
      }
    });

    if (name === 'PostgreSQL') {
      it('keeps territories apart by its questions alone, where row-level security is off', async (context) => {
        assert.ok(engine.config.kind === 'postgres');
        const { url } = engine.config;
        await runAs(url, 'alter table ingest_keys disable row level security');
        context.after(() => runAs(url, 'alter table ingest_keys enable row level security'));
        const [theirs] = await listed(102);
        assert.ok(theirs);
        assert.ok((await listed(101)).every(({ id }) => id !== theirs.id));
        assert.equal((await call(person(101), 'DELETE', theirs.id)).status, 404);
        assert.equal((await listed(102))[0]?.revokedAt, null);
      });
    }

    it('stops at the number of keys a territory may have, many at once, and leaves no trace of the refused', async () => {
      const replies = await Promise.all(
        Array.from({ length: MAX_VALID_KEYS + 5 }, (_value, index) =>
          call(person(101), 'POST', '', { label: `Key ${String(index)}` }),
        ),
      );
      const made = replies.filter(({ status }) => status === 201);
      const valid = (await listed(101)).filter(({ revokedAt }) => revokedAt === null);
      assert.equal(valid.length, MAX_VALID_KEYS);
      assert.ok(replies.every((reply) => reply.status === 201 || codeOf(reply) === 'invalid_request'));
      assert.equal((await acts()).length, 2 + made.length);
    });
  });
}

for (const [name, startEngine] of configEngines()) contract(name, startEngine);
