import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Fact } from '@lumina/contracts';

import { at, envelope, factsOf, T0 } from '../testing/events.ts';

const MINUTE = 60_000;
const QUARTER = 900_000;

const stateEvent = (state: string, sinceMs: number, previous: { state: string; sinceMs: number } | null): unknown =>
  envelope('AGENT_STATE', sinceMs, {
    agentId: 'ag_1',
    teamId: 't_1',
    state,
    since: at(sinceMs),
    previous: previous === null ? null : { state: previous.state, since: at(previous.sinceMs) },
  });

const snapshot = (atMs: number, agents: { agentId: string; teamId: string; state: string; since: string }[]): unknown =>
  envelope('AGENT_SNAPSHOT', atMs, { part: 'p0', intervalMs: 10_000, agents });

const slices = (facts: readonly Fact[]): unknown[] =>
  facts
    .filter(({ name }) => name === 'slice')
    .map(({ timeMs, version, dimensions, measures }) => [timeMs - T0, dimensions['state'], measures['ms'], version]);

describe('slices', () => {
  test('a change closes the state before, cut at quarter hours, and opens the next', () => {
    const facts = factsOf(stateEvent('on_contact', 20 * MINUTE, { state: 'available', sinceMs: 10 * MINUTE }));
    assert.deepEqual(slices(facts), [
      [10 * MINUTE, 'available', 5 * MINUTE, 5 * MINUTE + 1],
      [15 * MINUTE, 'available', 5 * MINUTE, 5 * MINUTE + 1],
      [20 * MINUTE, 'on_contact', 0, 1],
    ]);
    assert.ok(facts.every(({ measures }) => measures['team_id'] === 't_1'));
  });

  test('offline has none; two states in one millisecond are both kept', () => {
    assert.deepEqual(slices(factsOf(stateEvent('offline', MINUTE, { state: 'away', sinceMs: 0 }))), [
      [0, 'away', MINUTE, MINUTE + 1],
    ]);
    assert.deepEqual(slices(factsOf(stateEvent('away', MINUTE, { state: 'offline', sinceMs: 0 }))), [
      [MINUTE, 'away', 0, 1],
    ]);
    assert.deepEqual(slices(factsOf(stateEvent('away', 0, { state: 'available', sinceMs: 0 }))), [
      [0, 'available', 0, 1],
      [0, 'away', 0, 1],
    ]);
  });

  test('closed slices cover the interval exactly, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 * QUARTER }),
        fc.integer({ min: 0, max: 9 * QUARTER }),
        (fromMs, lengthMs) => {
          const closed = factsOf(stateEvent('offline', fromMs + lengthMs, { state: 'away', sinceMs: fromMs }));
          assert.equal(
            closed.reduce((sum, { measures }) => sum + Number(measures['ms']), 0),
            lengthMs,
          );
          for (const { timeMs, measures } of closed)
            assert.ok(Math.floor(timeMs / QUARTER) * QUARTER + QUARTER >= timeMs + Number(measures['ms']));
        },
      ),
    );
  });

  test('the snapshot in the first slot of a minute extends open slices, the others do not', () => {
    const agent = { agentId: 'ag_1', teamId: 't_1', state: 'available', since: at(-MINUTE) };
    assert.deepEqual(slices(factsOf(snapshot(7 * MINUTE + 3000, [agent]))), [
      [0, 'available', 7 * MINUTE + 3000, 7 * MINUTE + 3001],
    ]);
    assert.deepEqual(slices(factsOf(snapshot(7 * MINUTE + 13_000, [agent]))), []);
  });

  test('for five minutes after a quarter the slice before is completed too', () => {
    const agent = { agentId: 'ag_1', teamId: 't_1', state: 'away', since: at(-20 * MINUTE) };
    assert.deepEqual(slices(factsOf(snapshot(4 * MINUTE, [agent]))), [
      [-QUARTER, 'away', QUARTER, QUARTER + 1],
      [0, 'away', 4 * MINUTE, 4 * MINUTE + 1],
    ]);
    assert.deepEqual(slices(factsOf(snapshot(5 * MINUTE, [agent]))), [[0, 'away', 5 * MINUTE, 5 * MINUTE + 1]]);
    assert.deepEqual(slices(factsOf(snapshot(MINUTE, [{ ...agent, since: at(30_000) }]))), [
      [30_000, 'away', 30_000, 30_001],
    ]);
    assert.deepEqual(slices(factsOf(snapshot(MINUTE, [{ ...agent, state: 'offline' }]))), []);
  });
});

describe('levels and beats', () => {
  test('agents are counted by team, with one beat per part', () => {
    const one = (agentId: string, teamId: string, state: string) => ({ agentId, teamId, state, since: at(0) });
    const levels = factsOf(
      snapshot(13_250, [one('a', 't1', 'available'), one('b', 't1', 'acw'), one('c', 't2', 'offline')]),
    ).filter(({ name }) => name === 'level');
    assert.deepEqual(
      levels.map(({ dimensions, timeMs, version, measures }) => [
        dimensions['team_id'],
        dimensions['part'],
        timeMs - T0,
        version,
        measures['staffed'],
      ]),
      [
        ['t1', 'p0', 10_000, 3251, 2],
        ['t2', 'p0', 10_000, 3251, 0],
        ['*', 'p0', 10_000, 3251, undefined],
      ],
    );
    assert.deepEqual(levels[2]?.measures, { at_ms: T0 + 13_250, interval_ms: 10_000 });
  });

  test('an empty queue has no oldest join; an empty snapshot still beats', () => {
    const queues = envelope('QUEUE_SNAPSHOT', 0, {
      part: 'p',
      intervalMs: 10_000,
      queues: [
        { queueId: 'q1', depth: 0 },
        { queueId: 'q2', depth: 2, oldestJoinedAt: at(-5000) },
      ],
    });
    assert.deepEqual(
      factsOf(queues).map(({ measures }) => measures['oldest_join_ms']),
      [undefined, T0 - 5000, undefined],
    );
    const trunks = envelope('TRUNK_SNAPSHOT', 0, { part: 'p', intervalMs: 10_000, trunks: [] });
    assert.deepEqual(
      factsOf(trunks).map(({ dimensions }) => dimensions['trunk_id']),
      ['*'],
    );
  });
});
