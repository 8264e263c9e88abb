import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import { ByteBudget, type BudgetShare } from './byte-budget.ts';

/** Takes as much as there is, a byte at a time. */
function takeAll(share: BudgetShare): number {
  let taken = 0;
  while (share.take(1)) taken += 1;
  return taken;
}

test('whoever sends most leaves room for the others, the quiet one first', () => {
  const budget = new ByteBudget(900);
  const greedy = [1, 1, 1].map((territoryId) => budget.open(territoryId));
  assert.equal(
    greedy.reduce((sum, share) => sum + takeAll(share), 0),
    600,
    'many requests of one territory have one share',
  );
  assert.equal(takeAll(budget.open(2)), 200);
  assert.ok(budget.open(3).fits(60));
  assert.equal(budget.open(1).take(1), false);
});

test('what is given back can be taken by others, once', () => {
  const budget = new ByteBudget(900);
  const first = budget.open(1);
  takeAll(first);
  first.release();
  first.release();
  assert.equal(budget.usedBytes, 0);
  assert.equal(takeAll(budget.open(2)), 600);
});

test('a budget is never overdrawn but by what was there already, and is empty when all is given back', () => {
  const step = fc.record({
    territory: fc.nat(3),
    bytes: fc.nat(400),
    kind: fc.constantFrom('take', 'take', 'take', 'owe', 'release'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const budget = new ByteBudget(1000);
      const shares = [0, 1, 2, 3].map((territory) => budget.open(territory));
      let owed = 0;
      for (const { territory, bytes, kind } of steps) {
        const share = shares[territory];
        assert.ok(share !== undefined);
        if (kind === 'release') share.release();
        else if (kind === 'owe') {
          share.owe(bytes);
          owed += bytes;
        } else {
          const isAnnounced = share.fits(bytes);
          assert.equal(share.take(bytes), isAnnounced);
        }
        assert.ok(budget.usedBytes <= 1000 + owed);
      }
      for (const share of shares) share.release();
      assert.equal(budget.usedBytes, 0);
    }),
  );
});
