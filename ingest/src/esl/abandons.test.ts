import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Abandons, type Abandon } from './abandons.ts';

const T = 1_772_532_000_000;

const create = (known = new Map<string, Abandon>()): { abandons: Abandons; kept: Map<string, Abandon> } => {
  const kept = new Map(known);
  const abandons = new Abandons(known, (member, abandon) => {
    if (abandon === undefined) kept.delete(member);
    else kept.set(member, abandon);
  });
  return { abandons, kept };
};

describe('Abandons', () => {
  it('names the abandon that a return undoes, the same for an event told twice', () => {
    const { abandons } = create();
    abandons.remember('m1', 's1', 'q1', T, T - 30_000);
    const undone = abandons.resume('m1', T + 5000);
    assert.equal(undone?.stayId, 'm1:s1');
    assert.equal(undone.leftMs, T);
    assert.equal(undone.joinedMs, T - 30_000);
    abandons.remember('m1', 's1', 'q1', T, T - 30_000);
    assert.equal(abandons.resume('m1', T + 5000)?.stayId, 'm1:s1');
    assert.equal(abandons.resume('m1', T + 9000), undefined);
    abandons.remember('m1', 's2', 'q1', T + 20_000, T - 30_000);
    assert.equal(abandons.resume('m1', T + 25_000)?.stayId, 'm1:s2');
  });

  it('says the same of a return that is told again after the member has left once more, or after it was forgotten', () => {
    const abandons = new Abandons(new Map(), () => undefined);
    abandons.remember('m', 's1', 'q', 10_000, 1_000);
    const first = abandons.resume('m', 20_000);
    assert.equal(first?.stayId, 'm:s1');
    abandons.remember('m', 's2', 'q', 30_000, 1_000);
    assert.equal(abandons.resume('m', 20_000), first);
    assert.equal(abandons.resume('m', 25_000), undefined, 'nobody returns before leaving');
    assert.equal(abandons.resume('m', 40_000)?.stayId, 'm:s2');
    abandons.remember('other', 's3', 'q', 9_000_000, 8_000_000);
    assert.equal(abandons.resume('m', 20_000), first);
  });

  it('knows nothing of a member it never saw leave', () => {
    assert.equal(create().abandons.resume('m1', T), undefined);
  });

  it('forgets when the switch has forgotten, by the queue’s own setting', () => {
    const { abandons, kept } = create();
    abandons.configure(new Map([['patient', 600_000]]));
    abandons.remember('m1', 's1', 'short', T, T);
    abandons.remember('m2', 's2', 'patient', T, T);
    abandons.remember('m3', 's3', 'short', T + 300_000, T);
    assert.deepEqual([...kept.keys()], ['m2', 'm3']);
  });

  it('keeps a bounded number, the newest', () => {
    const { abandons, kept } = create();
    for (let member = 0; member < 50_010; member += 1) abandons.remember(`m${String(member)}`, 's', 'q', T, T);
    assert.equal(abandons.size, 50_000);
    assert.ok(!kept.has('m9'));
    assert.ok(kept.has('m10'));
  });

  it('still knows after a restart', () => {
    const before = create();
    before.abandons.remember('m1', 's1', 'q1', T, T - 1000);
    const after = create(before.kept);
    assert.equal(after.abandons.resume('m1', T + 5000)?.stayId, 'm1:s1');
    assert.equal(create(after.kept).abandons.resume('m1', T + 5000)?.stayId, 'm1:s1');
  });
});
