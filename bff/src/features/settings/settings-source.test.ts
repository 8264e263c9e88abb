import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '@lumina/contracts';
import { createSettingsSource } from './settings-source.ts';
import type { SettingsNews } from './settings-source.ts';
import type { StoredSettings } from './settings-store.ts';

const TENANT = { territoryId: 101 };

function stored(version: number, thresholdS: number): StoredSettings {
  const body = { ...defaultSettings('Europe/London'), serviceLevel: { thresholdS } };
  return { version, definitionsVersion: version, body, updatedAt: null, updatedBy: null };
}

/** A store that a test answers for. */
function world() {
  const state = {
    nowMs: 1_000_000,
    asked: 0,
    answer: (): Promise<StoredSettings | undefined> => Promise.resolve(stored(1, 20)),
  };
  const source = createSettingsSource(
    {
      find: () => {
        state.asked += 1;
        return state.answer();
      },
    },
    () => state.nowMs,
  );
  const news: SettingsNews[] = [];
  source.onChange((one) => news.push(one));
  return { state, source, news };
}

test('many who ask within a second cost one question', async () => {
  const { state, source, news } = world();
  await Promise.all([source.current(TENANT), source.current(TENANT), source.versioned(TENANT)]);
  state.nowMs += 999;
  await source.current(TENANT);
  assert.equal(state.asked, 1);
  state.nowMs += 1;
  await source.current(TENANT);
  assert.equal(state.asked, 2);
  assert.deepEqual(news, []);
});

test('a change made elsewhere is seen after a second and told once', async () => {
  const { state, source, news } = world();
  await source.current(TENANT);
  state.answer = () => Promise.resolve(stored(2, 30));
  assert.equal((await source.current(TENANT)).serviceLevel.thresholdS, 20);
  state.nowMs += 1_000;
  assert.equal((await source.current(TENANT)).serviceLevel.thresholdS, 30);
  state.nowMs += 1_000;
  await source.current(TENANT);
  const told = news.map(({ territoryId, before, settings }) => [
    territoryId,
    before.serviceLevel,
    settings.serviceLevel,
  ]);
  assert.deepEqual(told, [[101, { thresholdS: 20 }, { thresholdS: 30 }]]);
});

test('a change made here is in force at once, and an answer that was under way does not undo it', async () => {
  const { state, source, news } = world();
  await source.current(TENANT);
  state.nowMs += 1_000;
  const { promise, resolve } = Promise.withResolvers<StoredSettings>();
  state.answer = () => promise;
  const asking = source.current(TENANT);
  source.take(TENANT, stored(2, 30));
  assert.equal((await source.current(TENANT)).serviceLevel.thresholdS, 30);
  resolve(stored(1, 20));
  assert.equal((await asking).serviceLevel.thresholdS, 30);
  assert.equal((await source.current(TENANT)).serviceLevel.thresholdS, 30);
  assert.equal(source.known(TENANT).serviceLevel.thresholdS, 30);
  assert.equal(news.length, 1);
});

test('told of a change elsewhere, it reads anew at once, also where a reading was under way', async () => {
  const { state, source, news } = world();
  source.refresh(TENANT);
  assert.equal(state.asked, 0, 'nobody cares for this territory');
  await source.current(TENANT);
  state.nowMs += 1_000;
  const { promise, resolve } = Promise.withResolvers<StoredSettings>();
  state.answer = () => promise;
  const asking = source.current(TENANT);
  const changed = new Promise<void>((told) => {
    source.onChange(() => {
      told();
    });
  });
  source.refresh(TENANT);
  state.answer = () => Promise.resolve(stored(2, 30));
  resolve(stored(1, 20));
  await asking;
  await changed;
  assert.deepEqual([state.asked, news.length, source.known(TENANT).serviceLevel.thresholdS], [3, 1, 30]);
});

test('while the store does not answer, what was last known stays in force; what was never known is not made up', async () => {
  const { state, source } = world();
  const broken = (): Promise<never> => Promise.reject(new Error('The database is away.'));
  state.answer = broken;
  await assert.rejects(source.current(TENANT), /away/);
  state.answer = () => Promise.resolve(stored(1, 20));
  await source.current(TENANT);
  state.answer = broken;
  state.nowMs += 60_000;
  assert.equal((await source.current(TENANT)).serviceLevel.thresholdS, 20);
});

test('a territory that nobody knows has the settings of one that chose none', async () => {
  const { state, source } = world();
  state.answer = () => Promise.resolve(undefined);
  assert.deepEqual(await source.current(TENANT), defaultSettings('UTC'));
});
