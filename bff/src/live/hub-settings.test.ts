import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '@lumina/contracts';
import type { LiveFrame, TerritorySettings, MetricQueryRequest } from '@lumina/contracts';
import { createMetricsFeature } from '../features/metrics/index.ts';
import { createSettingsSource } from '../features/settings/index.ts';
import type { StoredSettings } from '../features/settings/index.ts';
import { LiveHub } from './hub.ts';
import { single, viewer } from './testing/live-identity.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { RecordingSink } from './testing/recording-sink.ts';

const NOW = Date.parse('2026-03-02T10:00:17.500Z');
const TENANT = { territoryId: 101 };
const directory = {
  timeZoneOf: (): Promise<undefined> => Promise.resolve(undefined),
  agentsOfTeams: (): Promise<string[]> => Promise.resolve([]),
  queueMembers: (): Promise<never[]> => Promise.resolve([]),
};
const REQUEST: MetricQueryRequest = {
  range: { last: '1h' },
  bin: '1m',
  queries: [{ ref: 'A', metrics: ['queue_service_level', 'call_wait_time'] }],
};

function stored(version: number, more: Partial<TerritorySettings>): StoredSettings {
  const body = { ...defaultSettings('Europe/London'), ...more };
  return { version, definitionsVersion: version, body, updatedAt: null, updatedBy: null };
}

const BIN = Date.parse('2026-03-02T09:50:00Z');

/** A store in which of 100 answered visits exactly as many waited at most T as T has seconds. */
function query(sql: string): Promise<readonly Record<string, number>[]> {
  const [from = 0, to = 0] = [...sql.matchAll(/from_milliseconds\((\d+)\)/g)].map(([, instant]) => Number(instant));
  if (!sql.includes("'visit'") || BIN < from || BIN >= to) return Promise.resolve([]);
  const cells = [...sql.matchAll(/(sum\((?:(?! AS ).)*) AS (p\d+)/g)].map(([, term = '', name = '']) => {
    const [, limitMs] = /wait_ms <= (\d+)\)\) THEN answered/.exec(term) ?? [];
    return [name, limitMs === undefined ? Number(term === 'sum(answered)') * 100 : Number(limitMs) / 1_000] as const;
  });
  return Promise.resolve([{ bin: BIN, ...Object.fromEntries(cells) }]);
}

/** What one frame says of the service level: by which settings, at which T, and the share. */
function toldBy(frame: LiveFrame): { version: number | string; thresholdS: number; value: number | null } | undefined {
  if (frame.event !== 'snapshot' && frame.event !== 'delta') return undefined;
  const { queue_service_level: definition } = frame.meta.definitions;
  const value = frame.aggregations.find(({ metric }) => metric === 'queue_service_level')?.value ?? null;
  return {
    version: definition?.version ?? 0,
    thresholdS: Number(/T = (\d+) s/.exec(definition?.text ?? '')?.[1]),
    value,
  };
}

function world(first: StoredSettings) {
  const clock = new ManualClock(NOW);
  const state = { settings: first };
  const source = createSettingsSource({ find: () => Promise.resolve(state.settings) }, clock.now);
  const { service } = createMetricsFeature({ store: { query }, directory, settings: source, clock: clock.now });
  const hub = new LiveHub({ service, clock, onFailure: (error) => assert.fail(String(error)) });
  source.onChange(({ territoryId }) => {
    hub.reconsider(territoryId);
  });
  const watch = (sub: string, request = REQUEST): RecordingSink => {
    const sink = new RecordingSink();
    hub.open(viewer({ sub }), single(request)).start(sink, undefined);
    return sink;
  };
  return { clock, state, source, watch };
}

test('viewers see new settings at once in the process that stored them, and no frame mixes two of them', async () => {
  const { clock, source, watch } = world(stored(1, { serviceLevel: { thresholdS: 20 } }));
  const sinks = [watch('one'), watch('two'), watch('three', { ...REQUEST, range: { last: '30m' } })];
  await clock.pass(1_500);
  for (let version = 2; version <= 6; version += 1) {
    source.take(TENANT, stored(version, { serviceLevel: { thresholdS: 20 + version } }));
    await clock.pass(0);
    for (const { frames } of sinks) {
      const told = frames.map(toldBy).findLast((one) => one !== undefined);
      assert.deepEqual(told, {
        version: `1+settings.${String(version)}`,
        thresholdS: 20 + version,
        value: 20 + version,
      });
    }
    await clock.pass(700);
  }
  const all = sinks.flatMap(({ frames }) => frames.flatMap((frame) => toldBy(frame) ?? []));
  assert.ok(all.length >= 18);
  for (const { version, thresholdS, value } of all) {
    assert.equal(value, thresholdS);
    assert.equal(thresholdS, version === '1+settings.1' ? 20 : 20 + Number(String(version).split('.')[1]));
  }
});

test('settings that another process stored are in force within two seconds', async () => {
  const { clock, state, watch } = world(stored(1, { serviceLevel: { thresholdS: 20 } }));
  const sink = watch('one');
  await clock.pass(1_500);
  state.settings = stored(2, { serviceLevel: { thresholdS: 45 } });
  await clock.pass(2_000);
  assert.equal(sink.frames.map(toldBy).findLast((one) => one !== undefined)?.thresholdS, 45);
});

test('another preset changes what metrics mean, and what was cached of them stays what it was', async () => {
  const { clock, source, watch } = world(stored(1, {}));
  const sink = watch('one');
  await clock.pass(1_000);
  const before = sink.frames.map(toldBy).findLast((one) => one !== undefined);
  source.take(TENANT, stored(2, { preset: 'talkdesk', serviceLevel: { thresholdS: 60 } }));
  await clock.pass(0);
  const definitions = sink.frames.flatMap((frame) => (frame.event === 'delta' ? [frame.meta.definitions] : []));
  assert.match(definitions.at(-1)?.['call_wait_time']?.text ?? '', /Talkdesk style: the waits of all who left/);
  source.take(TENANT, stored(3, {}));
  await clock.pass(0);
  const after = sink.frames.map(toldBy).findLast((one) => one !== undefined);
  assert.deepEqual([after?.value, after?.thresholdS], [before?.value, before?.thresholdS]);
});
