import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DataRow, RowScope, RowsReply, RowsRequest } from '@lumina/contracts';
import { storeScanReaders } from '../scans/store-scan-reader.ts';
import { LocalStore } from '../testing/local-store.ts';
import type { TestFact } from '../testing/local-store.ts';
import { MINUTE_MS, QUARTER_MS, floorTo } from '../time/grid.ts';
import type { AgentEntry } from './row-query.ts';
import { RowRequestError, RowService } from './row-service.ts';

const QUARTER = floorTo(Date.now(), QUARTER_MS) - QUARTER_MS;
const NOW = QUARTER + 5 * MINUTE_MS + 17_000;
const SLOT = QUARTER + 5 * MINUTE_MS + 10_000;
const BEAT = QUARTER + 5 * MINUTE_MS + 2_000;

const AGENTS: readonly AgentEntry[] = [
  { id: 'ag_1', name: 'Amelia', teamId: 't_x', queueIds: ['q_a'] },
  { id: 'ag_2', name: 'Ben', teamId: 't_x', queueIds: ['q_a', 'q_b'] },
  { id: 'ag_3', name: 'Chloe', teamId: 't_y' },
  { id: 'ag_4', name: 'Dan', teamId: 't_y' },
  { id: 'ag_5', name: 'Eve' },
];
const directory = {
  timeZoneOf: (): Promise<string> => Promise.resolve('Europe/London'),
  agentsOfTeams: (): Promise<string[]> => Promise.resolve(['ag_1']),
  queueMembers: (): Promise<never[]> => Promise.resolve([]),
  list: (_: unknown, _kind: string, { scope }: { scope?: RowScope }): Promise<readonly AgentEntry[]> =>
    Promise.resolve(AGENTS.filter(({ id }) => scope?.agents?.includes(id) ?? true)),
};

const join = (visit: string, queue: string, atMs: number): TestFact => ({
  fact: 'queue_metrics.join',
  timeMs: atMs,
  values: { queue_id: queue, n: 1, at_ms: atMs, visit_id: visit, call_id: `c_${visit}`, eid: visit },
});
const resume = (visit: string, queue: string, atMs: number): TestFact => ({
  fact: 'queue_metrics.resume',
  timeMs: atMs,
  values: { queue_id: queue, n: 1, matched: 1, at_ms: atMs, visit_id: visit, call_id: `c_${visit}`, eid: `${visit}:r` },
});
const leave = (visit: string, queue: string, joinMs: number, waitMs: number, more: object = {}): TestFact => ({
  fact: 'queue_metrics.visit',
  timeMs: joinMs + waitMs,
  values: {
    queue_id: queue,
    n: 1,
    answered: 1,
    abandoned: 0,
    flowout: 0,
    resumed: 0,
    wait_ms: waitMs,
    join_ms: joinMs,
    outcome: 'answered',
    agent_id: 'ag_1',
    visit_id: visit,
    call_id: `c_${visit}`,
    eid: `${visit}/${String(joinMs + waitMs)}`,
    ...more,
  },
});
const level = (queue: string, depth: number, oldestMs?: number): TestFact => ({
  fact: 'queue_metrics.level',
  timeMs: SLOT,
  values: {
    queue_id: queue,
    part: '0',
    at_ms: SLOT + 1_000,
    interval_ms: 10_000,
    depth,
    ...(oldestMs === undefined ? {} : { oldest_join_ms: oldestMs }),
  },
});
const slice = (agent: string, state: string, startMs: number, ms: number): TestFact => ({
  fact: 'agent_metrics.slice',
  timeMs: startMs,
  values: { agent_id: agent, team_id: 't_x', state, ms },
  version: ms + 1,
});
const call = (id: string, endMs: number, durationMs: number, more: object = {}, territoryId = 101): TestFact => ({
  fact: 'call_metrics.call',
  timeMs: endMs,
  territoryId,
  values: {
    direction: 'inbound',
    n: 1,
    answered: 1,
    abandoned: 0,
    dur_ms: durationMs,
    talk_ms: 1,
    hold_ms: 0,
    wait_ms: 2,
    transfers: 0,
    start_ms: endMs - durationMs,
    queue_id: 'q_a',
    agent_id: 'ag_1',
    outcome: 'answered',
    eid: id,
    ...more,
  },
});

const CALLS = Array.from({ length: 23 }, (_, index) => call(`call_${index}`, NOW - 60_000 - (index % 7) * 1_000, 500));
const FACTS: readonly TestFact[] = [
  join('v_waits', 'q_a', SLOT - 60_000),
  join('v_left', 'q_a', SLOT - 90_000),
  leave('v_left', 'q_a', SLOT - 90_000, 20_000),
  // Left unnoticed: before the oldest of its queue, or in an empty one.
  join('v_ghost', 'q_a', SLOT - 300_000),
  join('v_empty', 'q_b', SLOT - 30_000),
  // After the sample nobody can know better.
  join('v_new', 'q_b', SLOT + 4_000),
  join('v_back', 'q_a', SLOT - 50_000),
  leave('v_back', 'q_a', SLOT - 50_000, 10_000, { answered: 0, resumed: 1, outcome: 'abandoned' }),
  resume('v_back', 'q_a', SLOT - 20_000),
  level('*', 0),
  level('q_a', 2, SLOT - 60_000),
  {
    fact: 'agent_metrics.level',
    timeMs: QUARTER + 5 * MINUTE_MS,
    values: { team_id: '*', part: '0', at_ms: BEAT, interval_ms: 10_000, available: 0 },
  },
  // Available since before the quarter of an hour, by way of two cuts.
  slice('ag_1', 'available', QUARTER - QUARTER_MS - 70_000, 70_000),
  slice('ag_1', 'available', QUARTER - QUARTER_MS, QUARTER_MS),
  slice('ag_1', 'available', QUARTER, BEAT - QUARTER),
  // Took a contact after the last beat.
  slice('ag_2', 'available', QUARTER + 60_000, BEAT + 5_000 - QUARTER - 60_000),
  slice('ag_2', 'on_contact', BEAT + 5_000, 0),
  // Went home between two beats.
  slice('ag_3', 'away', QUARTER + 30_000, 12_345),
  // Changed state twice in one millisecond.
  slice('ag_4', 'available', QUARTER + 90_000, 0),
  slice('ag_4', 'acw', QUARTER + 90_000, BEAT - QUARTER - 90_000),
  ...CALLS,
  call('call_void', NOW - 70_000, 500, { n: 0 }),
  call('call_other', NOW - 70_000, 500, { queue_id: 'q_b', agent_id: 'ag_2' }),
  call('call_theirs', NOW - 70_000, 500, {}, 202),
];

let local: LocalStore;
let empty: LocalStore;
const audited: unknown[] = [];
before(async () => {
  local = await LocalStore.start(NOW, 3);
  empty = await LocalStore.start(NOW);
  await local.write(FACTS);
});
after(async () => {
  await local.close();
  await empty.close();
});

interface Asking {
  readonly scope?: RowScope;
  readonly territoryId?: number;
  readonly store?: LocalStore;
  readonly nowMs?: number;
  readonly record?: () => Promise<void>;
}

function ask(
  request: RowsRequest,
  { scope, territoryId = 101, store = local, nowMs = NOW, record = () => Promise.resolve() }: Asking = {},
): Promise<RowsReply> {
  const service = new RowService({
    store: store.store,
    readers: storeScanReaders(store.store),
    directory,
    audit: {
      factsRead: (entry) => {
        audited.push(entry);
        return record();
      },
    },
    clock: () => nowMs,
  });
  const identity = { sub: 'u', territoryId, regionId: 1, permissions: [] };
  return service.query(request, { ...identity, ...(scope === undefined ? {} : { scope }) });
}

const keys = ({ rows }: RowsReply): string[] => rows.map(({ key }) => key);
const visits = ({ rows }: RowsReply): unknown[] => rows.map(({ visit_id }) => visit_id);
const brief = (row: DataRow | undefined, ...names: string[]): unknown[] => names.map((name) => row?.[name]);

test('those wait who entered more often than they left, unless the sample knows better', async () => {
  const reply = await ask({ rows: 'waiting' });
  assert.deepEqual(visits(reply), ['v_waits', 'v_back', 'v_new']);
  assert.deepEqual(reply.rows[0], {
    key: '["v_waits","q_a","c_v_waits"]',
    visit_id: 'v_waits',
    call_id: 'c_v_waits',
    queue_id: 'q_a',
    join_ms: SLOT - 60_000,
    wait_ms: NOW - SLOT + 60_000,
  });
  // Who came back waits since they first joined.
  assert.deepEqual(brief(reply.rows[1], 'join_ms'), [SLOT - 50_000]);
  assert.deepEqual(visits(await ask({ rows: 'waiting', filters: [{ dim: 'queue_id', op: 'ne', values: ['q_a'] }] })), [
    'v_new',
  ]);
  assert.deepEqual(visits(await ask({ rows: 'waiting' }, { scope: { queues: ['q_b'] } })), ['v_new']);
  assert.deepEqual(keys(await ask({ rows: 'waiting' }, { scope: { queues: [] } })), []);
  // An abandon has no agent: queues are never limited by agents.
  assert.equal((await ask({ rows: 'waiting' }, { scope: { agents: [] } })).rows.length, 3);
  assert.deepEqual(keys(await ask({ rows: 'waiting' }, { territoryId: 202 })), []);
});

test('agents show what they do now and since when', async () => {
  const reply = await ask({ rows: 'agents' });
  assert.deepEqual(
    reply.rows.map((row) => brief(row, 'name', 'state', 'since_ms', 'team_id')),
    [
      ['Amelia', 'available', QUARTER - QUARTER_MS - 70_000, 't_x'],
      ['Ben', 'on_contact', BEAT + 5_000, 't_x'],
      ['Chloe', 'offline', QUARTER + 42_345, 't_y'],
      ['Dan', 'acw', QUARTER + 90_000, 't_y'],
      ['Eve', 'offline', null, null],
    ],
  );
  const inState = await ask({ rows: 'agents', filters: [{ dim: 'state', op: 'in', values: ['acw', 'on_contact'] }] });
  assert.deepEqual(keys(inState), ['ag_2', 'ag_4']);
  const ofQueue = await ask({ rows: 'agents', filters: [{ dim: 'queue_id', op: 'eq', values: ['q_b'] }] });
  assert.deepEqual(keys(ofQueue), ['ag_2']);
  assert.deepEqual(keys(await ask({ rows: 'agents' }, { scope: { agents: ['ag_3'] } })), ['ag_3']);
  const longest = await ask({ rows: 'agents', order: 'since_ms', limit: 2 });
  assert.deepEqual(keys(longest), ['ag_1', 'ag_3']);
});

test('without snapshots nobody is said to be offline, and nobody waits in an empty store', async () => {
  const reply = await ask({ rows: 'agents' }, { store: empty });
  assert.ok(reply.rows.every(({ state }) => state === null));
  for (const rows of ['waiting', 'calls', 'visits'] as const) {
    assert.deepEqual((await ask({ rows }, { store: empty })).rows, []);
  }
});

test('calls are the facts that a number counts, newest first, page by page, each once', async () => {
  const request = { rows: 'calls', limit: 5, filters: [{ dim: 'queue_id', op: 'eq', values: ['q_a'] }] } as const;
  const seen: string[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    // Time goes on between pages; the range of the first one stays.
    const page: RowsReply = await ask(
      {
        ...request,
        filters: [...request.filters].map((filter) => ({ ...filter, values: [...filter.values] })),
        ...(cursor === null ? {} : { cursor }),
      },
      { nowMs: NOW + pages * 1_000 },
    );
    assert.equal(page.meta.to, NOW);
    assert.ok(page.rows.length <= 5);
    seen.push(...keys(page));
    cursor = page.next;
    pages += 1;
  } while (cursor !== null);
  assert.equal(pages, 5);
  const wanted = CALLS.map(({ timeMs, values }) => ({ endMs: timeMs, id: String(values['eid']) })).sort((a, b) =>
    a.endMs === b.endMs ? (a.id < b.id ? -1 : 1) : b.endMs - a.endMs,
  );
  assert.deepEqual(
    seen,
    wanted.map(({ id }) => id),
  );
  assert.deepEqual(audited.at(-1), {
    identity: { sub: 'u', territoryId: 101, regionId: 1, permissions: [] },
    rows: 'calls',
    fromMs: NOW - 3_600_000,
    toMs: NOW,
    count: 3,
  });
});

test('facts are handed out only once it is on record who looked', async () => {
  const lost = (): Promise<void> => Promise.reject(new Error('no record'));
  await assert.rejects(ask({ rows: 'calls' }, { record: lost }), /no record/);
  const kept = Promise.withResolvers<undefined>();
  let isAnswered = false;
  const reply = ask({ rows: 'visits' }, { record: () => kept.promise }).then((rows) => {
    isAnswered = true;
    return rows;
  });
  const before = audited.length;
  while (audited.length === before) await new Promise(setImmediate);
  assert.ok(!isAnswered);
  kept.resolve(undefined);
  await reply;
});

test('rows keep to filters, ranges, orders and the scope of the identity', async () => {
  const first = (await ask({ rows: 'calls', filters: [{ dim: 'call_id', op: 'eq', values: ['call_3'] }] })).rows[0];
  assert.deepEqual(first, {
    key: 'call_3',
    call_id: 'call_3',
    direction: 'inbound',
    queue_id: 'q_a',
    agent_id: 'ag_1',
    outcome: 'answered',
    end_ms: NOW - 63_000,
    start_ms: NOW - 63_500,
    dur_ms: 500,
    talk_ms: 1,
    hold_ms: 0,
    wait_ms: 2,
    transfers: 0,
  });
  const scoped = async (scope: RowScope): Promise<number> => (await ask({ rows: 'calls' }, { scope })).rows.length;
  assert.deepEqual(
    await Promise.all([scoped({ queues: ['q_b'] }), scoped({ agents: ['ag_1'] }), scoped({ teams: [] }), scoped({})]),
    [1, 23, 23, 24],
  );
  assert.deepEqual(keys(await ask({ rows: 'calls' }, { territoryId: 202 })), ['call_theirs']);
  const visits = await ask({ rows: 'visits', order: 'wait_ms' });
  assert.deepEqual(
    visits.rows.map((row) => brief(row, 'visit_id', 'wait_ms', 'resumed')),
    [
      ['v_back', 10_000, 1],
      ['v_left', 20_000, 0],
    ],
  );
  assert.deepEqual((await ask({ rows: 'visits', range: { last: '30s' } })).rows, []);
});

test('what cannot be asked is refused', async () => {
  const refuses = (request: RowsRequest): Promise<void> => assert.rejects(ask(request), RowRequestError);
  await refuses({ rows: 'calls', order: 'eid' });
  await refuses({ rows: 'calls', filters: [{ dim: 'n', op: 'eq', values: ['1'] }] });
  await refuses({ rows: 'waiting', filters: [{ dim: 'agent_id', op: 'eq', values: ['1'] }] });
  await refuses({ rows: 'calls', cursor: 'bm9uc2Vuc2U' });
  const { next } = await ask({ rows: 'calls', limit: 1 });
  await refuses({ rows: 'visits', limit: 1, cursor: next ?? '' });
  await assert.rejects(ask({ rows: 'calls', range: { from: '2026-02-30T00:00:00Z', to: '2026-03-01T00:00:00Z' } }), {
    code: 'invalid_request',
  });
});
