import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { TimeSeriesStore } from '@lumina/bff/timestream';

import { checkBalances } from './balance.ts';

const MINUTE_MS = 60_000;
const span = { territoryId: 101, fromMs: 2 * MINUTE_MS, toMs: 4 * MINUTE_MS };

type Rows = Readonly<Record<string, readonly Record<string, unknown>[]>>;

/** Answers each statement by the measure that it names. */
function storeOf(rows: Rows): TimeSeriesStore {
  return {
    query: (sql: string) => {
      const measure = /measure_name = '(\w+)'/.exec(sql)?.[1] ?? '';
      return Promise.resolve(rows[measure] ?? []);
    },
  } as unknown as TimeSeriesStore;
}

const level = (atMs: number, depth: number): Record<string, unknown> => ({
  queue_id: 'q',
  part: '0',
  at_ms: atMs,
  depth,
});
const beat = (atMs: number): Record<string, unknown> => ({ queue_id: '*', part: '0', at_ms: atMs, depth: null });
const sound: Rows = {
  ingest: [
    {
      source: 'cai',
      worker: 'w',
      at_ms: 0,
      deliveries: 3,
      stored: 1,
      late: 0,
      duplicate: 1,
      rejected: 0,
      dead_lettered: 1,
    },
  ],
  level: [level(115_000, 2), beat(115_000), level(175_000, 2), beat(175_000), beat(235_000)],
  join: [{ queue_id: 'q', at_ms: 130_000, step: 1, outcomes: 0, visits: 0 }],
  resume: [{ queue_id: 'q', at_ms: 230_000, step: 1, outcomes: 0, visits: 0 }],
  visit: [
    { queue_id: 'q', at_ms: 150_000, step: -1, outcomes: 1, visits: 1 },
    { queue_id: 'q', at_ms: 200_000, step: -3, outcomes: 3, visits: 3 },
  ],
};

describe('the balances of a run', () => {
  it('hold for what came, moved and went', async () => {
    assert.deepEqual(await checkBalances(storeOf(sound), span), {
      slots: 1,
      deliveries: 3,
      queueMinutes: 2,
      broken: [],
    });
  });

  it('break when a delivery is in no class', async () => {
    const rows = { ...sound, ingest: [{ ...sound['ingest']?.[0], stored: 0 }] };
    assert.match((await checkBalances(storeOf(rows), span)).broken[0] ?? '', /accounting of cai by w/);
  });

  it('break in the minute whose move is missing, or whose leave has no outcome', async () => {
    const { broken } = await checkBalances(storeOf({ ...sound, join: [] }), span);
    assert.match(broken[0] ?? '', /^q from 1970-01-01T00:02:00\.000Z: 2 and what moved is 1, found 2/);
    const visit = sound['visit']?.map((row) => ({ ...row, outcomes: 0 })) ?? [];
    assert.equal((await checkBalances(storeOf({ ...sound, visit }), span)).broken.length, 2);
  });

  it('cannot be drawn up in a minute without a snapshot before it', async () => {
    const { queueMinutes } = await checkBalances(storeOf({ ...sound, level: sound['level']?.slice(0, 4) ?? [] }), span);
    assert.equal(queueMinutes, 1);
  });
});
