import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { createRecordFactStore } from './adapters/fact-store.ts';
import { MemoryRecordStore } from './adapters/memory-records.ts';
import { callcenterEvent, factsOf, T0 } from './testing/events.ts';

const seconds = (offsetMs: number): string => String((T0 + offsetMs) / 1000);
const JOINED = { 'CC-Member-Joined-Time': seconds(0) };

const join = callcenterEvent('member-queue-start', 120, {});
const answer = (agent: string, atMs: number): Record<string, string> =>
  callcenterEvent('bridge-agent-start', atMs, {
    ...JOINED,
    'CC-Agent': agent,
    'CC-Agent-Answered-Time': seconds(atMs),
  });
const unanswer = (agent: string, answeredMs: number, atMs: number): Record<string, string> =>
  callcenterEvent('bridge-agent-end', atMs, {
    ...JOINED,
    'CC-Agent': agent,
    'CC-Agent-Answered-Time': seconds(answeredMs),
    'CC-Agent-Bridged': 'false',
  });
const cancel = (reason: string, atMs: number, session = 'call-1'): Record<string, string> =>
  callcenterEvent('member-queue-end', atMs, {
    ...JOINED,
    'CC-Cause': 'Cancel',
    'CC-Cancel-Reason': reason,
    'CC-Member-Session-UUID': session,
  });
const resume = (atMs: number, session: string, undone?: { stay: string; atMs: number }): Record<string, string> =>
  callcenterEvent('member-queue-resume', atMs, {
    'CC-Member-Session-UUID': session,
    ...(undone === undefined
      ? {}
      : {
          'Lumina-Undoes-Stay': undone.stay,
          'Lumina-Undoes-Time': String(T0 + undone.atMs),
          'Lumina-Undoes-Joined': String(T0),
        }),
  });
const answerOf = (session: string, agent: string, atMs: number): Record<string, string> => ({
  ...answer(agent, atMs),
  'CC-Member-Session-UUID': session,
});

const FIRST_ABANDON = { stay: 'member-1:call-1', atMs: 20_000 };
const SECOND_ABANDON = { stay: 'member-1:call-2', atMs: 50_000 };

const CASES = [
  { name: 'answered', events: [join, answer('ag_1', 9000)], sums: { joins: 1, n: 1, answered: 1, wait: 9000 } },
  {
    name: 'abandoned',
    events: [join, cancel('BREAK_OUT', 20_000)],
    sums: { joins: 1, n: 1, abandoned: 1, wait: 20_000 },
  },
  { name: 'timed out', events: [join, cancel('TIMEOUT', 60_000)], sums: { joins: 1, n: 1, flowout: 1, wait: 60_000 } },
  {
    name: 'answer undone, then abandoned',
    events: [join, answer('ag_1', 9000), unanswer('ag_1', 9000, 9400), cancel('NONE', 9500)],
    sums: { joins: 1, n: 1, abandoned: 1, wait: 9500 },
  },
  {
    name: 'answer undone, then answered by a second agent',
    events: [join, answer('ag_1', 9000), unanswer('ag_1', 9000, 9400), answer('ag_2', 15_000)],
    sums: { joins: 1, n: 1, answered: 1, wait: 15_000 },
  },
  {
    name: 'abandoned, resumed, answered',
    events: [
      join,
      cancel('BREAK_OUT', 20_000),
      resume(31_000, 'call-2', FIRST_ABANDON),
      answerOf('call-2', 'ag_1', 40_000),
    ],
    sums: { joins: 1, resumes: 1, matched: 1, n: 2, answered: 1, resumed: 1, wait: 60_000 },
  },
  {
    name: 'resumed twice',
    events: [
      join,
      cancel('BREAK_OUT', 20_000),
      resume(31_000, 'call-2', FIRST_ABANDON),
      cancel('BREAK_OUT', 50_000, 'call-2'),
      resume(61_000, 'call-3', SECOND_ABANDON),
      cancel('BREAK_OUT', 90_000, 'call-3'),
    ],
    sums: { joins: 1, resumes: 2, matched: 2, n: 3, abandoned: 1, resumed: 2, wait: 160_000 },
  },
  {
    name: 'resume before its abandon',
    events: [resume(31_000, 'call-2', FIRST_ABANDON), cancel('BREAK_OUT', 20_000), join],
    sums: { joins: 1, resumes: 1, matched: 1, n: 1, resumed: 1, wait: 20_000 },
  },
  {
    name: 'resume that names nothing',
    events: [join, cancel('BREAK_OUT', 20_000), resume(31_000, 'call-2')],
    sums: { joins: 1, resumes: 1, n: 1, abandoned: 1, wait: 20_000 },
  },
];

const ZERO = { joins: 0, resumes: 0, matched: 0, n: 0, answered: 0, abandoned: 0, flowout: 0, resumed: 0, wait: 0 };

function sumOf(store: MemoryRecordStore, name: string, measure: string): number {
  return store.rows('queue_metrics', name).reduce((sum, { measures }) => sum + Number(measures[measure] ?? 0), 0);
}

function sumsOf(store: MemoryRecordStore): typeof ZERO {
  return {
    joins: sumOf(store, 'join', 'n'),
    resumes: sumOf(store, 'resume', 'n'),
    matched: sumOf(store, 'resume', 'matched'),
    n: sumOf(store, 'visit', 'n'),
    answered: sumOf(store, 'visit', 'answered'),
    abandoned: sumOf(store, 'visit', 'abandoned'),
    flowout: sumOf(store, 'visit', 'flowout'),
    resumed: sumOf(store, 'visit', 'resumed'),
    wait: sumOf(store, 'visit', 'wait_ms'),
  };
}

describe('one visit, in any order and twice', () => {
  for (const { name, events, sums } of CASES) {
    test(name, async () => {
      const twice = [...events, ...events];
      const order = fc.shuffledSubarray(
        twice.map((_, index) => index),
        { minLength: twice.length },
      );
      const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(order, cuts, async (indices, sizes) => {
          const records = new MemoryRecordStore();
          const store = createRecordFactStore(records);
          const rest = indices.flatMap((index) => factsOf(twice[index]));
          for (let round = 0; rest.length > 0; round += 1) {
            const outcomes = await store.write(rest.splice(0, sizes[round % sizes.length]));
            assert.ok(outcomes.every(({ status }) => status !== 'dead'));
          }
          assert.deepEqual(sumsOf(records), { ...ZERO, ...sums });
        }),
        { numRuns: 150 },
      );
    });
  }

  test('depth before plus joins and resumes less leaves is depth after, in every case', async () => {
    for (const { events } of CASES) {
      const records = new MemoryRecordStore();
      await createRecordFactStore(records).write(events.flatMap((event) => factsOf(event)));
      const { answered, abandoned, flowout, resumed, n } = sumsOf(records);
      assert.equal(n, answered + abandoned + flowout + resumed);
    }
  });
});
