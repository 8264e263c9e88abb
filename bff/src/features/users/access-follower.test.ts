import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { AccessFollower } from './access-follower.ts';
import type { AccessChange } from './access-register.ts';

const change = (sequence: number): AccessChange => ({ sequence, territoryId: 101, sub: `s${String(sequence)}` });

let kept: AccessChange[];
let head: number;
let isBroken: boolean;
let nowMs: number;
let told: number[];
let missed: number;
let failures: number;
let follower: AccessFollower;

beforeEach(() => {
  kept = [];
  head = 7;
  isBroken = false;
  nowMs = 1_000;
  told = [];
  missed = 0;
  failures = 0;
  follower = new AccessFollower({
    log: {
      head: () => (isBroken ? Promise.reject(new Error('no store')) : Promise.resolve(head)),
      since: (sequence, limit) =>
        isBroken
          ? Promise.reject(new Error('no store'))
          : Promise.resolve(kept.filter((one) => one.sequence > sequence).slice(0, limit)),
    },
    onChange: ({ sequence }) => told.push(sequence),
    onMissed: () => {
      missed += 1;
    },
    onFailure: () => {
      failures += 1;
    },
    now: () => nowMs,
  });
});

describe('following changes of rights', () => {
  it('begins where it begins, and tells each change once and in order', async () => {
    kept = [change(7)];
    await follower.poll();
    kept.push(change(8), change(9));
    await follower.poll();
    await follower.poll();
    assert.deepEqual(told, [8, 9]);
    assert.equal(missed, 0);
  });

  it('reads more than one batch', async () => {
    await follower.poll();
    kept = Array.from({ length: 1_200 }, (_, index) => change(index + 8));
    await follower.poll();
    assert.equal(told.length, 1_200);
  });

  it('tells own changes at once and not again', async () => {
    await follower.poll();
    follower.tell(change(8));
    assert.deepEqual(told, [8]);
    kept = [change(8), change(9)];
    await follower.poll();
    assert.deepEqual(told, [8, 9]);
  });

  it('says so when changes were removed before it read them', async () => {
    await follower.poll();
    kept = [change(10), change(11)];
    await follower.poll();
    assert.deepEqual([missed, told], [1, [10, 11]]);
  });

  it('knows up to when it has followed: the beginning of the last reading that worked', async () => {
    assert.equal(follower.followedAtMs, 0);
    await follower.poll();
    nowMs = 2_000;
    isBroken = true;
    await follower.poll();
    await follower.poll();
    assert.deepEqual([follower.followedAtMs, failures], [1_000, 1]);
    isBroken = false;
    kept = [change(8)];
    nowMs = 3_000;
    await follower.poll();
    assert.deepEqual([follower.followedAtMs, told], [3_000, [8]]);
  });
});
