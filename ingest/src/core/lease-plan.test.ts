import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { MemoryLeases } from '../adapters/memory-doubles.ts';
import { LeaseLostError, NOBODY, SHARD_END, type Lease } from '../ports/lease-store.ts';
import { planLeases, type LeasePlan, type LeaseView } from './lease-plan.ts';

const EXPIRY_MS = 1000;
const RESERVED_MS = 300;

function lease(shardId: string, owner: string, more: Partial<Lease> = {}): Lease {
  return { shardId, owner, counter: 1, generation: 1, checkpoint: undefined, ...more };
}

function plan(view: Partial<Omit<LeaseView, 'leases'>> & { leases?: readonly Lease[] }): LeasePlan {
  const leases = view.leases ?? [];
  return planLeases({
    owner: 'me',
    shards: leases.map(({ shardId }) => ({ shardId, parents: [] })),
    running: new Set(),
    resting: new Set(),
    stillMs: () => 0,
    isGone: () => false,
    expiryMs: EXPIRY_MS,
    reservedMs: RESERVED_MS,
    ...view,
    leases: new Map(leases.map((one) => [one.shardId, one])),
  });
}

describe('the plan for leases', () => {
  test('alone, a worker takes everything that is free', () => {
    const { take, idle } = plan({ leases: [lease('a', NOBODY), lease('b', NOBODY), lease('c', 'me')] });
    assert.deepEqual([take, idle], [['a', 'b', 'c'], 3]);
  });

  test('beside others it takes its share only', () => {
    const leases = [lease('a', 'other'), lease('b', NOBODY), lease('c', NOBODY), lease('d', NOBODY)];
    assert.deepEqual(plan({ leases }).take, ['b', 'c']);
  });

  test('a lease that stands still is taken after its expiry, that of a predecessor at once', () => {
    const leases = [lease('a', 'other')];
    assert.deepEqual(plan({ leases, stillMs: () => EXPIRY_MS - 1 }).take, []);
    assert.deepEqual(plan({ leases, stillMs: () => EXPIRY_MS }).take, ['a']);
    assert.deepEqual(plan({ leases, isGone: (owner) => owner === 'other' }).take, ['a']);
  });

  test('with less than its share it asks the one who has most for one lease, and waits for that', () => {
    const leases = ['a', 'b', 'c', 'd'].map((shardId) => lease(shardId, 'other'));
    const { want, take } = plan({ leases });
    assert.deepEqual([want?.owner, take], ['other', []]);
    const asked = leases.map((one, index) => (index === 0 ? { ...one, wantedBy: 'me' } : one));
    assert.equal(plan({ leases: asked }).want, undefined);
  });

  test('it asks nobody who has only one more', () => {
    const leases = [lease('a', 'me'), lease('b', 'other'), lease('c', 'other')];
    assert.equal(plan({ leases, running: new Set(['a']) }).want, undefined);
  });

  test('what others ask for is given up, and left to them for a while', () => {
    const asked = [lease('a', 'me', { wantedBy: 'other' }), lease('b', 'me')];
    assert.deepEqual(plan({ leases: asked, running: new Set(['a', 'b']) }).giveUp, ['a']);
    const given = [lease('a', NOBODY, { wantedBy: 'other' }), lease('b', 'me')];
    const view = { leases: given, running: new Set(['b']) };
    assert.deepEqual(plan(view).take, []);
    assert.deepEqual(plan({ ...view, stillMs: () => RESERVED_MS }).take, ['a']);
    assert.deepEqual(plan({ ...view, owner: 'other', running: new Set() }).take, ['a']);
  });

  test('children wait for their parents, but not for parents that the stream no longer has', () => {
    const shards = [
      { shardId: 'a', parents: ['gone'] },
      { shardId: 'b', parents: ['a'] },
    ];
    assert.deepEqual(plan({ shards }).take, ['a']);
    assert.deepEqual(plan({ shards, leases: [lease('a', 'me', { checkpoint: SHARD_END })] }).take, ['b']);
  });

  test('leases of shards that are gone are forgotten, once nobody moves them, and never all at once', () => {
    const leases = [lease('a', 'other'), lease('b', 'me', { checkpoint: SHARD_END })];
    const shards = [{ shardId: 'a', parents: [] }];
    assert.deepEqual(plan({ leases, shards }).remove, []);
    const stillMs = (): number => EXPIRY_MS;
    assert.deepEqual(
      plan({ leases, shards, stillMs }).remove.map(({ shardId }) => shardId),
      ['b'],
    );
    assert.deepEqual(plan({ leases, shards: [], stillMs }).remove, []);
  });

  test('a shard that just failed is left alone for a while', () => {
    const leases = [lease('a', 'me')];
    const { take, idle } = plan({ leases, resting: new Set(['a']) });
    assert.deepEqual([take, idle], [[], 1]);
  });
});

interface ModelShard {
  readonly shardId: string;
  readonly parents: readonly string[];
  length: number;
  isClosed: boolean;
  /** Records that reached the store, by anybody. */
  readonly written: Set<number>;
}

/** A worker as far as its leases go; one that is paused neither looks nor renews, and knows nothing of it. */
class ModelWorker {
  readonly owner: string;
  readonly running = new Map<string, { lease: Lease; position: number }>();
  readonly observed = new Map<string, { counter: number; sinceMs: number }>();
  /** Of its own clock, which has nothing to do with any other's. */
  readonly offsetMs: number;

  constructor(owner: string, offsetMs: number) {
    this.owner = owner;
    this.offsetMs = offsetMs;
  }
}

/** Shards, leases and workers, in steps; every step checks what must hold always. */
class Model {
  readonly leases = new MemoryLeases();
  readonly shards = new Map<string, ModelShard>();
  readonly workers = new Map<string, ModelWorker>();
  nowMs = 0;
  moves = 0;
  private names = 0;

  constructor(shards: number) {
    for (let count = 0; count < shards; count += 1) this.addShard([]);
  }

  addShard(parents: readonly string[]): void {
    const shardId = `s${String((this.names += 1))}`;
    this.shards.set(shardId, { shardId, parents, length: 3, isClosed: false, written: new Set() });
  }

  startWorker(): void {
    const owner = `w${String((this.names += 1))}`;
    this.workers.set(owner, new ModelWorker(owner, this.names * 7919));
  }

  open(): ModelShard[] {
    return [...this.shards.values()].filter(({ isClosed }) => !isClosed);
  }

  split(pick: number): void {
    const shard = this.open()[pick % Math.max(1, this.open().length)];
    if (shard === undefined) return;
    shard.isClosed = true;
    this.addShard([shard.shardId]);
    this.addShard([shard.shardId]);
  }

  merge(pick: number): void {
    const open = this.open();
    const [one, other] = [open[pick % Math.max(1, open.length)], open[(pick + 1) % Math.max(1, open.length)]];
    if (one === undefined || other === undefined || one === other) return;
    one.isClosed = true;
    other.isClosed = true;
    this.addShard([one.shardId, other.shardId]);
  }

  async round(worker: ModelWorker): Promise<void> {
    const nowMs = this.nowMs + worker.offsetMs;
    const leases = new Map(this.leases.leases);
    for (const { shardId, counter } of leases.values())
      if (worker.observed.get(shardId)?.counter !== counter) worker.observed.set(shardId, { counter, sinceMs: nowMs });
    const next = planLeases({
      owner: worker.owner,
      shards: [...this.shards.values()],
      leases,
      running: new Set(worker.running.keys()),
      resting: new Set(),
      stillMs: ({ shardId }) => nowMs - (worker.observed.get(shardId)?.sinceMs ?? nowMs),
      isGone: () => false,
      expiryMs: EXPIRY_MS,
      reservedMs: RESERVED_MS,
    });
    for (const shardId of next.giveUp) {
      const held = worker.running.get(shardId);
      if (held !== undefined) await this.ignoringLoss(worker, shardId, () => this.leases.release(held.lease));
      worker.running.delete(shardId);
    }
    for (const shardId of next.take) {
      const taken = await this.leases.take(shardId, worker.owner, leases.get(shardId)?.counter);
      if (taken === undefined) continue;
      this.moves += 1;
      assert.notEqual(taken.checkpoint, SHARD_END, 'a shard that was read to its end is not read again');
      worker.running.set(shardId, { lease: taken, position: Number(taken.checkpoint ?? 0) });
    }
    if (next.want !== undefined) await this.leases.want(next.want, worker.owner);
    for (const one of next.remove) await this.leases.remove(one);
  }

  /** Reads up to two records of every shard it believes to have, writes them, then checkpoints. */
  async read(worker: ModelWorker): Promise<void> {
    for (const [shardId, held] of worker.running) {
      const shard = this.shards.get(shardId);
      assert.ok(shard);
      for (const parent of shard.parents)
        assert.equal(this.leases.leases.get(parent)?.checkpoint, SHARD_END, 'a child was read before its parent');
      const end = Math.min(shard.length, held.position + 2);
      for (let record = held.position; record < end; record += 1) shard.written.add(record);
      held.position = end;
      const isOver = shard.isClosed && end === shard.length;
      await this.ignoringLoss(worker, shardId, async () => {
        const before = Number(this.leases.leases.get(shardId)?.checkpoint ?? 0);
        held.lease = await this.leases.renew(held.lease, isOver ? SHARD_END : String(end));
        assert.ok(before <= end, 'a checkpoint went back');
        for (let record = 0; record < end; record += 1)
          assert.ok(shard.written.has(record), 'a checkpoint passed a record that was never written');
        if (isOver) worker.running.delete(shardId);
      });
    }
  }

  private async ignoringLoss(worker: ModelWorker, shardId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      worker.running.delete(shardId);
    }
  }
}

type Step =
  | { readonly kind: 'round' | 'read' | 'kill' | 'split' | 'merge' | 'put'; readonly pick: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'pass'; readonly ms: number };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom('round', 'read'), pick: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('kill', 'split', 'merge', 'put'), pick: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'start' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.constantFrom(50, 400, 1200) }) },
);

async function apply(model: Model, step: Step): Promise<void> {
  if (step.kind === 'start') model.startWorker();
  else if (step.kind === 'pass') model.nowMs += step.ms;
  else if (step.kind === 'split') model.split(step.pick);
  else if (step.kind === 'merge') model.merge(step.pick);
  else if (step.kind === 'put') for (const shard of model.open()) shard.length += step.pick;
  else {
    const workers = [...model.workers.values()];
    const worker = workers[step.pick % Math.max(1, workers.length)];
    if (worker === undefined) return;
    if (step.kind === 'kill') model.workers.delete(worker.owner);
    else await model[step.kind](worker);
  }
}

/** Everybody works on, undisturbed. */
async function settle(model: Model, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const worker of model.workers.values()) {
      await model.round(worker);
      await model.read(worker);
    }
    model.nowMs += 200;
  }
}

function assertComplete(model: Model): void {
  for (const shard of model.shards.values()) {
    assert.equal(shard.written.size, shard.length, `${shard.shardId} was not read to its end`);
    if (shard.isClosed) assert.equal(model.leases.leases.get(shard.shardId)?.checkpoint, SHARD_END);
  }
}

test('any schedule of kills, pauses, splits and merges loses nothing, and ends in even shares', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.array(stepArbitrary, { maxLength: 80 }),
      async (shards, steps) => {
        const model = new Model(shards);
        model.startWorker();
        for (const step of steps) await apply(model, step);
        if (model.workers.size === 0) model.startWorker();
        await settle(model, 120);
        assertComplete(model);
        const open = model.open().length;
        const held = [...model.workers.values()].map(({ running }) => running.size);
        assert.equal(
          held.reduce((sum, count) => sum + count, 0),
          open,
          'every shard is read by one worker',
        );
        assert.ok(Math.max(...held) - Math.min(...held) <= 1 || open < held.length, `even shares: ${held.join()}`);
        const { moves } = model;
        await settle(model, 20);
        assert.equal(model.moves, moves, 'shares that are even stay as they are');
      },
    ),
    { numRuns: 300 },
  );
});
