import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import { pino } from 'pino';

import { MemoryLeases } from '../adapters/memory-doubles.ts';
import { LeaseLostError, NOBODY, SHARD_END, type Lease } from '../ports/lease-store.ts';
import { LeaseKeeper } from './lease-keeper.ts';

const RENEW_INTERVAL_MS = 1000;
const logger = pino({ level: 'silent' });
const never = new AbortController().signal;

/** Leases that fail when told, and say when one was renewed. */
class TestLeases extends MemoryLeases {
  failures = 0;
  readonly renewals: (string | undefined)[] = [];
  private waiters: (() => void)[] = [];

  override renew(lease: Lease, checkpoint?: string, watermarkMs?: number): Promise<Lease> {
    this.renewals.push(checkpoint);
    for (const wake of this.waiters.splice(0)) wake();
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error('no route'));
    }
    return super.renew(lease, checkpoint, watermarkMs);
  }

  nextRenewal(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve));
  }
}

interface Kept {
  readonly leases: TestLeases;
  readonly keeper: LeaseKeeper;
  readonly stored: () => Lease;
  /** Time goes by without a timer: the process stands still. */
  readonly standStill: (ms: number) => void;
}

async function keep(t: TestContext): Promise<Kept> {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const leases = new TestLeases();
  const lease = await leases.take('s', 'me');
  assert.ok(lease);
  let nowMs = 0;
  const stopwatch = { elapsedMs: () => nowMs };
  const keeper = new LeaseKeeper({ leases, stopwatch, logger }, lease, RENEW_INTERVAL_MS);
  t.after(() => {
    keeper.close();
  });
  const stored = (): Lease => {
    const found = leases.leases.get('s');
    assert.ok(found);
    return found;
  };
  const standStill = (ms: number): void => {
    nowMs += ms;
  };
  return { leases, keeper, stored, standStill };
}

describe('the keeper of a lease', () => {
  test('renews while nobody checkpoints, with the watermark noted', async (t) => {
    const { leases, keeper, stored } = await keep(t);
    keeper.note(5000);
    const { counter } = stored();
    t.mock.timers.tick(RENEW_INTERVAL_MS);
    await keeper.checkpoint('1', never);
    assert.deepEqual(leases.renewals, [undefined, '1']);
    assert.deepEqual([stored().counter, stored().watermarkMs], [counter + 2, 5000]);
  });

  test('does not renew what a checkpoint renewed just now', async (t) => {
    const { leases, keeper } = await keep(t);
    await keeper.checkpoint('1', never);
    t.mock.timers.tick(RENEW_INTERVAL_MS);
    assert.deepEqual(leases.renewals, ['1']);
    const renewed = leases.nextRenewal();
    t.mock.timers.tick(RENEW_INTERVAL_MS);
    await renewed;
  });

  test('waits passing failures of a checkpoint out, and renewals go through the same line', async (t) => {
    const { leases, keeper, stored } = await keep(t);
    leases.failures = 2;
    const first = keeper.checkpoint('1', never);
    const second = keeper.checkpoint('2', never);
    t.mock.timers.tick(RENEW_INTERVAL_MS);
    await Promise.all([first, second]);
    assert.deepEqual(leases.renewals, ['1', '1', '1', '2']);
    assert.equal(stored().checkpoint, '2');
  });

  test('a failed renewal is tried again at the next interval', async (t) => {
    const { leases, keeper, stored } = await keep(t);
    leases.failures = 1;
    t.mock.timers.tick(RENEW_INTERVAL_MS);
    t.mock.timers.tick(RENEW_INTERVAL_MS);
    await keeper.finish(never);
    assert.equal(stored().checkpoint, SHARD_END);
    assert.equal(keeper.lost.aborted, false);
  });

  test('says at once that the lease was taken, and checkpoints no more', async (t) => {
    const { leases, keeper, stored } = await keep(t);
    await leases.take('s', 'other', stored().counter);
    const lost = once(keeper.lost, 'abort');
    t.mock.timers.tick(RENEW_INTERVAL_MS);
    await lost;
    await assert.rejects(keeper.checkpoint('9', never), LeaseLostError);
    assert.deepEqual([stored().owner, stored().checkpoint], ['other', undefined]);
  });

  test('after the process stood still, makes sure of the lease before anything is told in its name', async (t) => {
    const { leases, keeper, stored, standStill } = await keep(t);
    await keeper.confirm(never);
    assert.equal(leases.renewals.length, 0, 'beyond doubt');
    standStill(60_000);
    assert.equal(keeper.isDoubtful, true);
    await keeper.confirm(never);
    assert.deepEqual([leases.renewals.length, keeper.isDoubtful], [1, false]);
    standStill(60_000);
    await leases.take('s', 'other', stored().counter);
    await assert.rejects(keeper.confirm(never), LeaseLostError);
  });

  test('gives the lease up with its watermark, and renews it no more', async (t) => {
    const { leases, keeper, stored } = await keep(t);
    keeper.note(7000);
    await keeper.release();
    t.mock.timers.tick(RENEW_INTERVAL_MS);
    assert.deepEqual([stored().owner, stored().watermarkMs], [NOBODY, 7000]);
    assert.equal(leases.renewals.length, 1, 'the release itself');
  });

  test('a checkpoint that is given up leaves the lease as it was', async (t) => {
    const { leases, keeper, stored } = await keep(t);
    leases.failures = Infinity;
    const abort = new AbortController();
    const pending = keeper.checkpoint('1', abort.signal);
    abort.abort(new Error('given up'));
    await assert.rejects(pending);
    assert.equal(stored().checkpoint, undefined);
  });
});
