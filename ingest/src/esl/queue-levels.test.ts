import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { QueueMoves, type QueueMove } from './queue-levels.ts';

const T = 1_772_532_000_000;

/** Who waits after the first `count` moves. */
function waitingAfter(moves: readonly QueueMove[], count: number): Map<string, number> {
  const members = new Map<string, number>();
  for (const move of moves.slice(0, count)) {
    if (move.joinedMs === undefined) members.delete(move.memberUuid);
    else members.set(move.memberUuid, move.joinedMs);
  }
  return members;
}

describe('QueueMoves', () => {
  it('brings a reading from any moment to the instant of the snapshot', () => {
    const step = fc.record({ member: fc.integer({ min: 0, max: 5 }), gapMs: fc.constantFrom(0, 0, 1, 700) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.nat(), fc.nat(), (steps, from, to) => {
        const inside = new Set<number>();
        let atMs = T;
        const moves = steps.map(({ member, gapMs }, index): QueueMove => {
          atMs += gapMs;
          const isJoin = !inside.has(member);
          if (isJoin) inside.add(member);
          else inside.delete(member);
          const order = index * 2;
          return { queue: 'q1', memberUuid: `m${String(member)}`, joinedMs: isJoin ? atMs : undefined, atMs, order };
        });
        const [read, taken] = [from % (moves.length + 1), to % (moves.length + 1)].sort((a, b) => a - b);
        assert.ok(read !== undefined && taken !== undefined);
        const momentAfter = (count: number) => ({ atMs: moves[count - 1]?.atMs ?? T, order: count * 2 - 1 });
        const recorder = new QueueMoves();
        recorder.begin();
        for (const move of moves) recorder.add(move);
        const reading = { ...momentAfter(read), members: waitingAfter(moves, read) };
        const expected = waitingAfter(moves, taken);
        assert.deepEqual(recorder.levelAt('q1', reading, momentAfter(taken)), {
          depth: expected.size,
          oldestJoinedMs: expected.size === 0 ? undefined : Math.min(...expected.values()),
        });
      }),
      { numRuns: 500 },
    );
  });

  it('keeps moves only during a round, of each queue apart', () => {
    const recorder = new QueueMoves();
    const move = { queue: 'q1', memberUuid: 'm1', joinedMs: T, atMs: T + 5, order: 2 };
    const reading = { atMs: T, order: 1, members: new Map<string, number>() };
    const at = { atMs: T + 9, order: 9 };
    recorder.add(move);
    assert.equal(recorder.levelAt('q1', reading, at).depth, 0);
    recorder.begin();
    recorder.add(move);
    assert.equal(recorder.levelAt('q1', reading, at).depth, 1);
    assert.equal(recorder.levelAt('q2', reading, at).depth, 0);
    recorder.end();
    assert.equal(recorder.levelAt('q1', reading, at).depth, 0);
  });
});
