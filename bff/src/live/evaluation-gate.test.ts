import assert from 'node:assert/strict';
import { it } from 'node:test';
import { EvaluationGate } from './evaluation-gate.ts';

/** Enters for a territory each time, and says in which order they came in. */
function crowd(gate: EvaluationGate, territoryIds: readonly number[]): { entered: number[]; leave: (() => void)[] } {
  const entered: number[] = [];
  const leave: (() => void)[] = [];
  for (const territoryId of territoryIds) {
    void gate.enter(territoryId).then((done) => {
      entered.push(territoryId);
      leave.push(done);
    });
  }
  return { entered, leave };
}

const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

it('one territory that asks for everything leaves places for the others', async () => {
  const { entered } = crowd(new EvaluationGate(4, 3), [1, 1, 1, 1, 1, 1, 2]);
  await settle();
  assert.deepEqual(entered, [1, 1, 1, 2]);
});

it('territories that wait take turns, each in the order of its own', async () => {
  const { entered, leave } = crowd(new EvaluationGate(1, 1), [1, 1, 1, 2, 3, 2]);
  for (let turn = 0; turn < 6; turn += 1) {
    await settle();
    leave.shift()?.();
  }
  assert.deepEqual(entered, [1, 1, 2, 3, 1, 2]);
});

it('a place that was left is there for one other', async () => {
  const gate = new EvaluationGate(1, 1);
  const first = crowd(gate, [1]);
  await settle();
  first.leave.shift()?.();
  const later = crowd(gate, [2, 3]);
  await settle();
  assert.deepEqual(later.entered, [2]);
});
