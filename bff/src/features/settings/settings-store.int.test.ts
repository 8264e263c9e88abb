import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { defaultSettings } from '@lumina/contracts';
import type { TerritorySettings } from '@lumina/contracts';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import { configEngines } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import type { AuditActor } from '../audit/audit-trail.ts';
import { createSqlAuditLog } from '../audit/sql-audit-log.ts';
import { createSqlAuditTrail } from '../audit/sql-audit-trail.ts';
import { recordAccessChange } from '../users/index.ts';
import { SETTINGS_SUBJECT } from './settings-store.ts';
import type { SettingsStore, StoredSettings } from './settings-store.ts';
import { createSqlSettingsStore } from './sql-settings-store.ts';

const OURS: AuditActor = { territoryId: 101, sub: 'auth0|admin', roles: ['admin'] };
const THEIRS: AuditActor = { territoryId: 102, sub: 'auth0|other', roles: ['admin'] };
const SEEDED = { ...SEED, settings: [{ territoryId: 102, body: defaultSettings('Europe/Madrid') }] };

const london = (more: Partial<TerritorySettings> = {}): TerritorySettings => ({
  ...defaultSettings('Europe/London'),
  ...more,
});

const announceIn = (transaction: ConfigTransaction, tenant: Tenant): Promise<unknown> =>
  recordAccessChange(transaction, tenant, SETTINGS_SUBJECT);

/** What the store promises; it holds on every engine. */
function contract(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`settings on ${name}`, () => {
    let engine: ConfigEngine;
    let store: ConfigStore;
    let settings: SettingsStore;

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      await store.migrate();
      await importSeed(store, SEEDED);
      settings = createSqlSettingsStore(store, createSqlAuditTrail(store), announceIn);
    });
    after(async () => {
      await store.close();
      await engine.stop();
    });

    const written = async (actor: AuditActor, expectedVersion: number, body: TerritorySettings) => {
      const outcome = await settings.replace(actor, { expectedVersion, body });
      return outcome.kind === 'done' ? outcome.settings : assert.fail(outcome.kind);
    };

    it('gives the defaults in the zone of the territory until somebody stores others', async () => {
      const found = await settings.find(OURS);
      assert.deepEqual(found, {
        version: 0,
        definitionsVersion: 0,
        body: london(),
        updatedAt: null,
        updatedBy: null,
      } satisfies StoredSettings);
      assert.deepEqual(await settings.versions(OURS), []);
      assert.equal(await settings.find({ territoryId: 999 }), undefined);
      assert.equal(
        (await settings.replace({ ...OURS, territoryId: 999 }, { expectedVersion: 0, body: london() })).kind,
        'missing',
      );
    });

    it('keeps every version, and gives meanings a version of their own', async () => {
      const first = await written(OURS, 0, london({ retentionDays: 90 }));
      assert.deepEqual([first.version, first.definitionsVersion, first.updatedBy], [1, 0, 'auth0|admin']);
      const second = await written(OURS, 1, london({ serviceLevel: { thresholdS: 30 } }));
      assert.deepEqual([second.version, second.definitionsVersion], [2, 2]);
      const third = await written(OURS, 2, london({ serviceLevel: { thresholdS: 30 }, timeZone: 'Asia/Kolkata' }));
      assert.deepEqual([third.version, third.definitionsVersion], [3, 2]);
      const kept = await settings.versions(OURS);
      assert.deepEqual(
        kept.map(({ version, body }) => [version, body.retentionDays, body.timeZone]),
        [
          [3, 400, 'Asia/Kolkata'],
          [2, 400, 'Europe/London'],
          [1, 90, 'Europe/London'],
        ],
      );
    });

    it('is written by one of two at once; the other learns what stands now', async () => {
      const outcomes = await Promise.all([
        settings.replace(THEIRS, { expectedVersion: 1, body: london({ retentionDays: 10 }) }),
        settings.replace(THEIRS, { expectedVersion: 1, body: london({ retentionDays: 11 }) }),
      ]);
      assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ['done', 'stale']);
      const stale = outcomes.find(({ kind }) => kind === 'stale');
      assert.equal(stale?.kind === 'stale' ? stale.current.version : undefined, 2);
      assert.equal((await settings.replace(THEIRS, { expectedVersion: 0, body: london() })).kind, 'stale');
    });

    it('is audited with the change: who, which version, what of it, and no value', async () => {
      const { items } = await createSqlAuditLog(store).page(OURS, { action: 'settings_changed' }, { limit: 10 });
      assert.deepEqual(
        items.map(({ target, detail }) => [target?.id, detail['changed']]),
        [
          ['3', ['timeZone']],
          ['2', ['serviceLevel', 'retentionDays']],
          ['1', ['retentionDays']],
        ],
      );
    });

    it('keeps neither change nor version where the record of it fails', async () => {
      const broken = createSqlSettingsStore(
        store,
        { recordIn: () => Promise.reject(new Error('The trail is full.')) },
        announceIn,
      );
      const before = await settings.find(OURS);
      await assert.rejects(broken.replace(OURS, { expectedVersion: 3, body: london() }), /trail/);
      assert.deepEqual(await settings.find(OURS), before);
      assert.equal((await settings.versions(OURS)).length, 3);
    });

    it('shows and changes only its own territory, whichever of the two guards is missing', async () => {
      for (const table of ['settings', 'settings_versions'] as const) {
        const seen = await store.withTenant(OURS, (transaction) =>
          transaction.selectFrom(table).select('territory_id').distinct().execute(),
        );
        assert.deepEqual(seen, [{ territory_id: 101 }], table);
      }
      const { numUpdatedRows } = await store.withTenant(OURS, (transaction) =>
        transaction
          .updateTable('settings')
          .set({ updated_by: 'me' })
          .where('territory_id', '=', 102)
          .executeTakeFirst(),
      );
      assert.equal(numUpdatedRows, 0n);
      const row = { territory_id: 102, version: 9, definitions_version: 9, body: '{}', updated_by: 'me' };
      await assert.rejects(
        store.withTenant(OURS, (transaction) =>
          transaction
            .insertInto('settings_versions')
            .values({ ...row, updated_at: new Date() })
            .execute(),
        ),
        /row-level security/,
      );
      // Without row-level security: a transaction that sees the other territory still reads and writes its own.
      const unguarded = createSqlSettingsStore(
        { ...store, withTenant: (_tenant, work, role) => store.withTenant(THEIRS, work, role) },
        createSqlAuditTrail(store),
        announceIn,
      );
      assert.equal(await unguarded.find(OURS), undefined);
      assert.deepEqual(await unguarded.versions(OURS), []);
    });

    it('keeps what people chose when the file is imported again', async () => {
      await importSeed(store, SEEDED);
      assert.equal((await settings.find(OURS))?.body.timeZone, 'Asia/Kolkata');
      assert.equal((await settings.find(THEIRS))?.version, 2);
      const zones = await store.withTenant(OURS, (transaction) =>
        transaction.selectFrom('territories').select('time_zone').execute(),
      );
      assert.deepEqual(zones, [{ time_zone: 'Asia/Kolkata' }]);
    });
  });
}

for (const [name, startEngine] of configEngines()) contract(name, startEngine);
