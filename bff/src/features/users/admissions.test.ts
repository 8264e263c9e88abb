import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Identity } from '../../auth/identity.ts';
import { HttpProblem } from '../../http/problem.ts';
import type { AccessRecord } from './access-register.ts';
import { Admissions } from './admissions.ts';
import { tokenIdentity } from './testing/identities.ts';

const OPEN: AccessRecord = { isTerritoryKnown: true, isDisabled: false };
const DISABLED: AccessRecord = { ...OPEN, isDisabled: true };

/** A register whose answers a test decides, and a clock that it turns. */
class World {
  nowMs = 1_000_000;
  followedAtMs = 0;
  record: AccessRecord = OPEN;
  reads = 0;
  answer: () => Promise<AccessRecord> = () => Promise.resolve(this.record);
  readonly admissions = new Admissions({
    source: {
      recordOf: () => {
        this.reads += 1;
        return this.answer();
      },
    },
    followedAtMs: () => this.followedAtMs,
    now: () => this.nowMs,
    patienceMs: 5,
  });

  breakStore(): void {
    this.answer = () => Promise.reject(new Error('no store'));
  }

  pass(ms: number, isFollowed: boolean): void {
    this.nowMs += ms;
    if (isFollowed) this.followedAtMs = this.nowMs;
  }

  async outcome(identity: Identity = tokenIdentity()): Promise<string> {
    return this.admissions.admit(identity).then(
      () => 'admitted',
      (error: unknown) => (error instanceof HttpProblem ? error.code : 'unexpected'),
    );
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});

describe('an admission', () => {
  it('is read once for many requests, and again when nobody has looked for changes for a second', async () => {
    await Promise.all(Array.from({ length: 20 }, () => world.outcome()));
    assert.equal(world.reads, 1);
    for (let turn = 0; turn < 50; turn += 1) {
      world.pass(900, true);
      await world.outcome();
    }
    assert.equal(world.reads, 1);
    world.pass(1_001, false);
    await world.outcome();
    assert.equal(world.reads, 2);
  });

  it('is read again after a minute though nothing is known to have changed', async () => {
    await world.outcome();
    world.pass(60_001, true);
    await world.outcome();
    assert.equal(world.reads, 2);
  });

  it('is of one person in one territory', async () => {
    await world.outcome(tokenIdentity());
    await world.outcome(tokenIdentity({ territoryId: 102 }));
    await world.outcome(tokenIdentity({ sub: '101\nauth0|viewer' }));
    assert.equal(world.reads, 3);
  });

  it('is forgotten with a change, also where the change comes while it is read', async () => {
    await world.outcome();
    world.record = DISABLED;
    assert.equal(await world.outcome(), 'admitted');
    world.admissions.forget(tokenIdentity());
    assert.equal(await world.outcome(), 'unauthenticated');

    const late = new World();
    const answers: ((record: AccessRecord) => void)[] = [];
    late.answer = () =>
      new Promise((resolve) => {
        answers.push(resolve);
      });
    const outcome = late.outcome();
    late.admissions.forget(tokenIdentity());
    answers[0]?.(OPEN);
    await new Promise((resolve) => setImmediate(resolve));
    answers[1]?.(DISABLED);
    assert.equal(await outcome, 'unauthenticated');
    assert.equal(late.reads, 2);
  });

  it('stands until a change is known, also in copies of the identity, and is in no text', async () => {
    const admitted = await world.admissions.admit(tokenIdentity());
    const copy = { ...admitted, expiresAtSeconds: 5 };
    assert.ok(world.admissions.isCurrent(admitted) && world.admissions.isCurrent(copy));
    assert.equal(JSON.stringify(admitted), JSON.stringify(tokenIdentity()));
    world.pass(61_000, true);
    await world.outcome();
    assert.ok(world.admissions.isCurrent(admitted));
    world.admissions.forget({ territoryId: 101, sub: 'somebody else' });
    assert.ok(world.admissions.isCurrent(admitted));
    world.admissions.forget(tokenIdentity());
    assert.ok(!world.admissions.isCurrent(admitted) && !world.admissions.isCurrent(copy));
    assert.ok(!world.admissions.isCurrent(tokenIdentity()));
  });

  it('is forgotten for everybody where changes were missed', async () => {
    await world.outcome();
    await world.outcome(tokenIdentity({ territoryId: 102 }));
    assert.deepEqual(world.admissions.forgetAll(), new Set([101, 102]));
    await world.outcome();
    assert.equal(world.reads, 3);
  });

  it('is not made on nothing: without the store a stranger is told to come back', async () => {
    world.breakStore();
    await assert.rejects(
      world.admissions.admit(tokenIdentity()),
      (error) =>
        error instanceof HttpProblem &&
        error.code === 'overloaded' &&
        error.status === 503 &&
        error.headers['Retry-After'] !== undefined,
    );
  });

  it('bridges an outage of the store for 30 s, without a request for each caller, and no longer', async () => {
    await world.outcome();
    world.breakStore();
    world.pass(5_000, false);
    for (let turn = 0; turn < 100; turn += 1) assert.equal(await world.outcome(), 'admitted');
    assert.equal(world.reads, 2);
    world.pass(24_000, false);
    assert.equal(await world.outcome(), 'admitted');
    world.pass(2_000, false);
    assert.equal(await world.outcome(), 'overloaded');
    world.answer = () => Promise.resolve(OPEN);
    assert.equal(await world.outcome(), 'admitted');
  });

  it('does not wait for a store that hangs where it is remembered', async () => {
    await world.outcome();
    world.answer = () => new Promise(() => undefined);
    world.pass(5_000, false);
    assert.equal(await world.outcome(), 'admitted');
  });

  it('is never older than a second while the store answers, 30 s while it does not', async () => {
    const step = fc.record({
      ms: fc.integer({ min: 0, max: 20_000 }),
      act: fc.constantFrom('ask', 'disable', 'enable', 'break', 'mend', 'poll'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const run = new World();
        let isBroken = false;
        // For a second after a failure the store is not asked again, whether it would answer or not.
        let mendedAtMs = -Infinity;
        // When a disabled person was last known to be let in, and when the state last changed.
        let disabledAtMs: number | undefined;
        for (const { ms, act } of steps) {
          run.pass(ms, false);
          if (act === 'disable') disabledAtMs ??= run.nowMs;
          if (act === 'enable') disabledAtMs = undefined;
          if (act === 'disable' || act === 'enable') run.record = act === 'disable' ? DISABLED : OPEN;
          if (act === 'break') {
            isBroken = true;
            run.breakStore();
          }
          if (act === 'mend') {
            if (isBroken) mendedAtMs = run.nowMs;
            isBroken = false;
            run.answer = () => Promise.resolve(run.record);
          }
          if (act === 'poll' && !isBroken) {
            run.admissions.forget(tokenIdentity());
            run.followedAtMs = run.nowMs;
          }
          const outcome = await run.outcome();
          if (outcome !== 'admitted' || disabledAtMs === undefined) continue;
          const sinceMs = run.nowMs - disabledAtMs;
          assert.ok(
            sinceMs <= (isBroken || run.nowMs - mendedAtMs <= 1_000 ? 30_000 : 2_000),
            `let in ${String(sinceMs)} ms after`,
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
