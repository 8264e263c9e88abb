import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '@lumina/contracts';
import type { MetricQuery, MetricQueryRequest, MetricReply, TerritorySettings } from '@lumina/contracts';
import { storeScanReaders } from './scans/store-scan-reader.ts';
import { MetricService } from './service.ts';

/** A Monday in London, before its clocks change. */
const NOW = Date.parse('2026-03-02T10:00:17.500Z');
const directory = {
  timeZoneOf: (): Promise<undefined> => Promise.resolve(undefined),
  agentsOfTeams: (): Promise<string[]> => Promise.resolve([]),
  queueMembers: (): Promise<never[]> => Promise.resolve([]),
};
const shop = { ...defaultSettings('Europe/London').openingHours };
for (const day of ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const) shop[day] = [['08:00', '18:00']];
shop.saturday = [];
shop.sunday = [];

interface Asked {
  readonly chosen?: Partial<TerritorySettings>;
  readonly definitionsVersion?: number;
  readonly request?: Partial<MetricQueryRequest>;
  readonly query?: Partial<MetricQuery>;
}

function ask({ chosen = {}, definitionsVersion = 7, request = {}, query = {} }: Asked): Promise<MetricReply> {
  const service = new MetricService({
    readers: storeScanReaders({ query: () => Promise.resolve([]) }),
    directory,
    settings: {
      versioned: () => Promise.resolve({ definitionsVersion, body: { ...defaultSettings('Asia/Kolkata'), ...chosen } }),
    },
    clock: () => NOW,
  });
  return service.query(
    {
      range: { last: '1h' },
      bin: '1h',
      queries: [{ ref: 'A', metrics: ['queue_service_level'], ...query }],
      ...request,
    },
    { territoryId: 101, regionId: 1, permissions: ['metrics:read'] },
  );
}

const rulesOf = ({ meta }: MetricReply): string => meta.definitions['queue_service_level']?.text ?? '';
const versionOf = ({ meta }: MetricReply, metric = 'queue_service_level') => meta.definitions[metric]?.version;

test('the zone of the territory counts where the request names none', async () => {
  assert.equal((await ask({})).meta.timeZone, 'Asia/Kolkata');
  assert.equal((await ask({ request: { timeZone: 'Europe/Madrid' } })).meta.timeZone, 'Europe/Madrid');
});

test('options outrank a preset that is named, that outranks settings, and they outrank the preset of the settings', async () => {
  const chosen = { preset: 'connect', serviceLevel: { thresholdS: 45 } } as const;
  assert.match(rulesOf(await ask({ chosen })), /SL1: .*T = 45 s, S = 0 s/);
  assert.match(rulesOf(await ask({ chosen, query: { options: { formula: 'SL3' } } })), /SL3: .*T = 45 s, S = 0 s/);
  assert.match(rulesOf(await ask({ chosen, query: { options: { preset: 'talkdesk' } } })), /SL6: .*T = 20 s, S = 5 s/);
  const all = { preset: 'talkdesk', thresholdS: 60 } as const;
  assert.match(rulesOf(await ask({ chosen, query: { options: all } })), /SL6: .*T = 60 s, S = 5 s/);
  assert.match(rulesOf(await ask({})), /SL6: .*T = 20 s, S = 5 s/);
});

test('a definition names the settings that decide it, and only then', async () => {
  assert.equal(versionOf(await ask({})), '1+settings.7');
  assert.equal(versionOf(await ask({ definitionsVersion: 0 })), 1);
  assert.equal(versionOf(await ask({ query: { options: { preset: 'lumina' } } })), 1);
  assert.equal(versionOf(await ask({ query: { options: { formula: 'SL3', thresholdS: 20, shortAbandonS: 5 } } })), 1);
  assert.equal(versionOf(await ask({ query: { options: { thresholdS: 20 } } })), '1+settings.7');
  assert.equal(typeof versionOf(await ask({ query: { metrics: ['call_count'] } }), 'call_count'), 'number');
});

test('since opening begins with the last opening of the territory, whatever zone the bins follow', async () => {
  const request = { range: { calendar: 'sinceOpening' } } as const;
  const opened = async (openingHours: TerritorySettings['openingHours'], timeZone: string): Promise<string> => {
    const chosen = { openingHours, timeZone: 'Europe/London' };
    return new Date((await ask({ chosen, request: { ...request, timeZone } })).meta.from).toISOString();
  };
  assert.equal(await opened(shop, 'Asia/Kolkata'), '2026-03-02T08:00:00.000Z');
  assert.equal(await opened({ ...shop, monday: [['11:00', '18:00']] }, 'Europe/London'), '2026-02-27T08:00:00.000Z');
  const never = { ...shop, monday: [], tuesday: [], wednesday: [], thursday: [], friday: [] };
  assert.equal(await opened(never, 'Europe/London'), '2026-03-02T00:00:00.000Z');
});

test('what it is compared with begins with the opening before', async () => {
  const chosen = { openingHours: shop, timeZone: 'Europe/London', retentionDays: 3 };
  const request = { range: { calendar: 'sinceOpening' } } as const;
  assert.deepEqual(
    (await ask({ chosen, request, query: { compare: 'previous' } })).errors.map(({ code }) => code),
    ['beyond_retention'],
  );
  const reply = await ask({ chosen: { ...chosen, retentionDays: 4 }, request, query: { compare: 'previous' } });
  assert.deepEqual(reply.errors, []);
});

test('what lies before the retention of the territory is refused, in its words or those of the store', async () => {
  const reply = await ask({ chosen: { retentionDays: 30 }, request: { range: { last: '31d' } } });
  assert.deepEqual(reply.errors, [
    {
      ref: 'A',
      code: 'beyond_retention',
      detail: 'This territory gives metrics of the last 30 days; ask for a later start.',
    },
  ]);
  const whole = await ask({ request: { range: { last: '401d' } } });
  assert.match(whole.errors[0]?.detail ?? '', /kept for 400 days/);
  assert.deepEqual((await ask({ chosen: { retentionDays: 30 }, request: { range: { last: '30d' } } })).errors, []);
});
