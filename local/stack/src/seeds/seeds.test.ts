import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { isMetricId } from '@lumina/contracts';
import type { TerritorySettings } from '@lumina/contracts';
import { TerritorySettingsSchema } from '@lumina/contracts/schemas';
import { LOCAL_REGION_IDS } from '../ports.ts';
import { BOARDS } from './dashboards.ts';
import { seedOf, tenantsOf } from './directory.ts';
import { completeHistory, planHistory, readHistoryPlan } from './history-plan.ts';
import { INGEST_KEYS_FILE, ensureIngestKeys, hashOfKey, readIngestKeys } from './ingest-keys.ts';

describe('what a first start seeds', () => {
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lumina-seeds-'));
  });
  after(async () => {
    await rm(dir, { recursive: true });
  });

  test('every tenant of a region gets the boards, the platform none', () => {
    for (const regionId of LOCAL_REGION_IDS) {
      const dashboards = seedOf(regionId, {})['dashboards'] as { territoryId: number; id: string }[];
      const tenants = tenantsOf(regionId);
      assert.equal(dashboards.length, tenants.length * BOARDS.length);
      assert.ok(dashboards.every(({ territoryId }) => tenants.some((tenant) => tenant.territoryId === territoryId)));
    }
  });

  test('each region has its own territory and the platform, and no other', () => {
    const ids = (regionId: 1 | 2) => (seedOf(regionId, {})['territories'] as { id: number }[]).map(({ id }) => id);
    assert.deepEqual(ids(1), [101, 0]);
    assert.deepEqual(ids(2), [202, 0]);
  });

  test('tenants have settings that the import takes, different ones', () => {
    const settings = LOCAL_REGION_IDS.map(
      (regionId) => (seedOf(regionId, {})['settings'] as { territoryId: number; body: TerritorySettings }[])[0],
    );
    assert.deepEqual(
      settings.map((one) => one?.territoryId),
      [101, 202],
    );
    for (const one of settings) {
      assert.deepEqual([...Compile(TerritorySettingsSchema).Errors(one?.body)], []);
      assert.ok(one?.body.targets.every(({ metric }) => isMetricId(metric)));
    }
    assert.notEqual(settings[0]?.body.timeZone, settings[1]?.body.timeZone);
  });

  test('the configuration gets hashes of keys, never a key', () => {
    const keys = { 101: 'lik_secret' };
    const seed = seedOf(1, keys);
    assert.deepEqual(seed['ingestKeys'], [{ territoryId: 101, hash: hashOfKey('lik_secret'), label: 'Local stack' }]);
    assert.doesNotMatch(JSON.stringify(seed), /lik_secret/);
  });

  test('keys are made once and are their owner’s alone', async () => {
    const first = ensureIngestKeys(dir, [101, 0]);
    assert.notEqual(first['101'], first['0']);
    assert.deepEqual(ensureIngestKeys(dir, [101, 0]), first);
    assert.deepEqual(readIngestKeys(dir), first);
    assert.equal((await stat(join(dir, INGEST_KEYS_FILE))).mode & 0o777, 0o600);
  });

  test('a history is planned once, and remembered when it is done', () => {
    assert.equal(readHistoryPlan(dir), undefined);
    const plan = planHistory(dir, 1_800_000_000_000);
    assert.ok(
      plan.toMs - plan.fromMs >= 86_400_000 + 3_600_000,
      'a day, and an hour that the last one is compared with',
    );
    assert.deepEqual(readHistoryPlan(dir), plan);
    completeHistory(dir, plan);
    assert.equal(readHistoryPlan(dir)?.isDone, true);
  });
});
