import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClientDraft } from '@lumina/contracts';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { ConfigStore } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import { sqlStateOf } from '../../config-store/store-errors.ts';
import { configEngines } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import { createSqlAuditTrail } from '../audit/sql-audit-trail.ts';
import { digestOfSecret, newClientId } from './client-fields.ts';
import { ClientRegister } from './client-register.ts';
import { createSqlClientSource } from './sql-client-source.ts';
import { createSqlClientStore } from './sql-client-store.ts';

const ours = { territoryId: 101, sub: 'auth0|admin', roles: ['admin'] } as const;
const theirs = { ...ours, territoryId: 102 } as const;
const draft: ClientDraft = {
  kind: 'service',
  name: 'Wallboard',
  origins: ['https://acme.example'],
  permissions: ['metrics:read'],
  scope: { queues: ['q_sales'] },
};
const HASH = digestOfSecret('one');

for (const [name, startEngine] of configEngines()) {
  describe(`registered clients in ${name}`, () => {
    let engine: ConfigEngine;
    let store: ConfigStore;

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      await store.migrate();
      await importSeed(store, SEED);
    });
    after(async () => {
      await store.close();
      await engine.stop();
    });

    const clientsOf = (): ReturnType<typeof createSqlClientStore> =>
      createSqlClientStore(store, createSqlAuditTrail(store));

    it('are kept apart by the statements alone, and by row-level security alone', async () => {
      const id = newClientId(1);
      await clientsOf().create(ours, id, draft, HASH);
      // A role that row-level security shows everything: what keeps territories apart is the statement.
      const seesAll: ConfigStore = {
        ...store,
        withTenant: (tenant, work) => store.withTenant(tenant, work, 'lumina_clients'),
      };
      const unguarded = createSqlClientStore(seesAll, createSqlAuditTrail(store));
      assert.equal((await unguarded.find(ours, id))?.id, id);
      assert.equal(await unguarded.find(theirs, id), undefined);
      assert.deepEqual(await unguarded.list(theirs), []);
      // Statements that name no territory: what keeps territories apart is row-level security.
      const seen = await store.withTenant(theirs, (transaction) =>
        transaction.selectFrom('clients').selectAll().execute(),
      );
      assert.deepEqual(seen, []);
      const changed = await store.withTenant(theirs, (transaction) =>
        transaction.updateTable('clients').set({ name: 'x' }).executeTakeFirst(),
      );
      assert.equal(changed.numUpdatedRows, 0n);
      const planted = store.withTenant(theirs, (transaction) =>
        transaction
          .insertInto('clients')
          .values({ ...row(newClientId(1)), territory_id: 101 })
          .execute(),
      );
      await assert.rejects(planted, (error) => sqlStateOf(error) === '42501');
      const checkers = store.withRole('lumina_clients', (transaction) =>
        transaction.updateTable('clients').set({ revoked_at: null }).execute(),
      );
      await assert.rejects(checkers, (error) => sqlStateOf(error) === '42501');
    });

    it('never hold the right of the platform, whatever is written', async () => {
      const write = store.withTenant(ours, (transaction) =>
        transaction
          .insertInto('clients')
          .values({ ...row(newClientId(1)), permissions: ['system:read'] })
          .execute(),
      );
      await assert.rejects(write, (error) => sqlStateOf(error) === '23514');
    });

    it('are audited with each change or not changed at all', async () => {
      const id = newClientId(1);
      const failing = createSqlClientStore(store, {
        record: () => Promise.reject(new Error('no audit')),
        recordIn: () => Promise.reject(new Error('no audit')),
      });
      await assert.rejects(failing.create(ours, id, draft, HASH), /no audit/);
      assert.equal(await clientsOf().find(ours, id), undefined);
      await clientsOf().create(ours, id, draft, HASH);
      await assert.rejects(failing.change(ours, id, 1, { ...draft, name: 'x' }), /no audit/);
      await assert.rejects(failing.rotateSecret(ours, id, HASH, new Date()), /no audit/);
      await assert.rejects(failing.revoke(ours, id), /no audit/);
      const kept = await clientsOf().find(ours, id);
      assert.deepEqual([kept?.version, kept?.name, kept?.revokedAt], [1, 'Wallboard', undefined]);
    });

    it('are known to every process: what changed or ended is told, what got a new secret is not', async () => {
      const clients = clientsOf();
      const told: string[] = [];
      const register = new ClientRegister({
        source: createSqlClientSource(store),
        onChange: ({ id }) => told.push(id),
        onFailure: (error) => {
          throw error;
        },
      });
      const [first, second, third] = [newClientId(1), newClientId(1), newClientId(1)] as const;
      for (const id of [first, second, third])
        await clients.create(
          ours,
          id,
          {
            ...draft,
            origins: [
              `https://${id
                .slice(-4)
                .toLowerCase()
                .replaceAll(/[^a-z0-9]/g, 'x')}.example`,
            ],
          },
          HASH,
        );
      assert.deepEqual(await register.findGrant(first), {
        id: first,
        territoryId: 101,
        kind: 'service',
        permissions: ['metrics:read'],
        origins: (await clients.find(ours, first))?.origins,
        scope: { queues: ['q_sales'] },
      });
      await clients.rotateSecret(ours, first, digestOfSecret('two'), new Date(Date.now() + 60_000));
      await clients.change(ours, second, 1, { ...draft, permissions: ['directory:read'] });
      await clients.revoke(ours, third);
      await register.refresh();
      assert.deepEqual([...told].sort(), [second, third].sort());
      assert.equal(register.grantOf(third), undefined);
      const secrets = await createSqlClientSource(store).findSecrets(first);
      assert.deepEqual(secrets?.secretHashes, [digestOfSecret('two'), HASH]);
      await clients.rotateSecret(ours, first, digestOfSecret('three'), new Date(0));
      assert.deepEqual((await createSqlClientSource(store).findSecrets(first))?.secretHashes, [
        digestOfSecret('three'),
      ]);
      await register.close();
    });
  });
}

function row(id: string): {
  territory_id: number;
  id: string;
  kind: 'service';
  name: string;
  origins: string[];
  permissions: string[];
  secret_hash: string;
  updated_by: string;
} {
  const { kind: _kind, name, origins, permissions } = draft;
  return {
    territory_id: 101,
    id,
    kind: 'service',
    name,
    origins: [...origins],
    permissions: [...permissions],
    secret_hash: HASH,
    updated_by: 'x',
  };
}
