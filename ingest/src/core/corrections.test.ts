import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fact } from '@lumina/contracts';

import { createRecordFactStore } from '../adapters/fact-store.ts';
import { MemoryRecordStore } from '../adapters/memory-records.ts';
import { at, envelope, factsOf, OWN } from '../testing/events.ts';
import { Accounting } from './accounting.ts';
import { decodeEvent } from './decode.ts';
import { withNegativeControl } from './negative-controls.ts';
import { createPseudonymiser } from './personal-ids.ts';

const acw = (fields: object = {}): Record<string, unknown> =>
  envelope('AGENT_ACW', 90_000, {
    contactId: 'k1',
    contactEnd: at(60_000),
    agentId: 'ag_1',
    teamId: 't',
    queueId: 'q',
    acwMs: 30_000,
    ...fields,
  });
const handle = envelope('AGENT_HANDLE', 60_000, {
  contactId: 'k1',
  agentId: 'ag_1',
  teamId: 't',
  queueId: 'q',
  startedAt: at(0),
  talkMs: 60_000,
  holdMs: 0,
});

async function stored(facts: readonly Fact[]): Promise<MemoryRecordStore> {
  const records = new MemoryRecordStore();
  await createRecordFactStore(records).write(facts);
  return records;
}

describe('corrections', () => {
  test('the highest rev stands, whenever it comes, and a void counts nothing', async () => {
    const revisions = [acw(), acw({ rev: 2, acwMs: 20_000 }), acw({ rev: 3, void: true })];
    for (const [count, expected] of [
      [1, [1, 30_000]],
      [2, [1, 20_000]],
      [3, [0, 0]],
    ] as const) {
      for (const order of [revisions.slice(0, count), revisions.slice(0, count).reverse()]) {
        const rows = (await stored(order.flatMap((event) => factsOf(event)))).rows('agent_metrics', 'acw');
        assert.deepEqual(
          rows.map(({ measures }) => [measures['n'], measures['acw_ms']]),
          [expected],
        );
      }
    }
  });

  test('taking a resume back makes the abandon an abandon again', () => {
    const undoes = { stayId: 's', time: at(20_000), joinedAt: at(0), callId: 'c1' };
    const resume = (fields: object): unknown =>
      envelope('QUEUE_RESUME', 30_000, { visitId: 'v', queueId: 'q', callId: 'c2', undoes, ...fields });
    const visitOf = (raw: unknown): unknown[] => {
      const [entry, visit] = factsOf(raw);
      return [
        entry?.measures['n'],
        visit?.version,
        visit?.measures['n'],
        visit?.measures['abandoned'],
        visit?.measures['resumed'],
        visit?.measures['wait_ms'],
      ];
    };
    assert.deepEqual(visitOf(resume({})), [1, 2, 1, 0, 1, 20_000]);
    assert.deepEqual(visitOf(resume({ rev: 3, void: true })), [0, 3, 1, 1, 0, 20_000]);
  });

  test('what cannot be taken back says so', () => {
    const decoded = decodeEvent(
      envelope('TRUNK_SNAPSHOT', 0, { part: 'p', intervalMs: 10_000, trunks: [], void: true }),
      OWN,
    );
    assert.ok('error' in decoded);
    assert.equal(decoded.error.code, 'invalid_event');
  });
});

describe('negative controls break what they name', () => {
  const controlled = async (
    control: Parameters<typeof withNegativeControl>[0],
    raws: readonly unknown[],
  ): Promise<MemoryRecordStore> => {
    const facts = raws.flatMap((raw) => {
      const decoded = decodeEvent(raw, OWN);
      assert.ok('events' in decoded);
      return decoded.events.flatMap((event) => withNegativeControl(control, event, factsOf(event)));
    });
    return stored(facts);
  };

  test('acw-inside-handle loses after-call work', async () => {
    assert.equal((await controlled('acw-inside-handle', [handle, acw()])).rows('agent_metrics', 'acw').length, 0);
    assert.equal((await controlled(undefined, [handle, acw()])).rows('agent_metrics', 'acw').length, 1);
  });

  test('identity-by-event-id counts an undone answer', async () => {
    const leave = envelope('QUEUE_LEAVE', 9000, {
      visitId: 'v',
      stayId: 's',
      queueId: 'q',
      callId: 'c',
      joinedAt: at(0),
      outcome: 'answered',
    });
    const undo = envelope('QUEUE_UNANSWER', 9400, { stayId: 's', queueId: 'q', joinedAt: at(0), answeredAt: at(9000) });
    const visits = (store: MemoryRecordStore): number =>
      store.rows('queue_metrics', 'visit').reduce((sum, { measures }) => sum + Number(measures['n']), 0);
    assert.equal(visits(await controlled('identity-by-event-id', [leave, undo])), 1);
    assert.equal(visits(await controlled(undefined, [leave, undo])), 0);
  });

  test('start-without-eid merges two calls of one millisecond', async () => {
    const starts = ['c1', 'c2'].map((callId) => envelope('CALL_START', 0, { callId, direction: 'inbound' }));
    assert.equal((await controlled('start-without-eid', starts)).rows('call_metrics', 'start').length, 1);
    assert.equal((await controlled(undefined, starts)).rows('call_metrics', 'start').length, 2);
  });
});

describe('personal ids', () => {
  test('one person has one id in a territory and another in the next', () => {
    const [a, b] = [createPseudonymiser(101, 's'), createPseudonymiser(202, 's')];
    assert.equal(a('bob@example.com'), a('bob@example.com'));
    assert.notEqual(a('bob@example.com'), b('bob@example.com'));
    assert.match(a('bob@example.com'), /^a_[0-9a-f]{32}$/);
  });
});

describe('accounting', () => {
  test('classes add up to deliveries, and the rows of a slot grow in version', () => {
    const accounting = new Accounting('w', 1);
    accounting.count(
      [
        { source: 'freeswitch', territoryId: 101, outcome: 'stored', lagMs: 7 },
        { source: 'freeswitch', territoryId: undefined, outcome: 'dead_lettered', lagMs: 9 },
      ],
      20_500,
    );
    const first = accounting.takeFacts(21_000);
    assert.deepEqual(
      first.map(({ name, territoryId, version, timeMs }) => [name, territoryId, version, timeMs]),
      [
        ['ingest', 0, 1001, 20_000],
        ['source', 101, 1001, 20_000],
      ],
    );
    assert.deepEqual(first[0]?.measures, {
      deliveries: 2,
      stored: 1,
      late: 0,
      duplicate: 0,
      rejected: 0,
      dead_lettered: 1,
      lag_ms: 9,
    });
    assert.deepEqual(accounting.takeFacts(22_000), []);
    accounting.count([{ source: 'freeswitch', territoryId: 101, outcome: 'late', lagMs: 1 }], 29_000);
    assert.deepEqual(
      accounting
        .takeFacts(31_000)
        .map(({ version, measures }) => [version, measures['deliveries'] ?? measures['received']]),
      [
        [10_001, 3],
        [10_001, 2],
      ],
    );
  });
});
