import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact, LiveTailRecord } from '@lumina/contracts';
import type { FactOutcome, FactStore } from '@lumina/ingest';
import { populationOf } from '@lumina/simulator';
import { seedHistory } from './history.ts';

const TO_MS = Date.UTC(2027, 0, 12, 12);
const PLAN = { fromMs: TO_MS - 600_000, toMs: TO_MS, worldStartMs: TO_MS - 2_400_000, isDone: false };

class KeptRecords {
  readonly records: LiveTailRecord[] = [];
  publish(records: readonly LiveTailRecord[]): Promise<void> {
    this.records.push(...records);
    return Promise.resolve();
  }
}

class KeptFacts implements FactStore {
  readonly facts: Fact[] = [];
  readonly outcome: FactOutcome;
  constructor(outcome: FactOutcome) {
    this.outcome = outcome;
  }
  ensureTables(): Promise<void> {
    return Promise.resolve();
  }
  write(facts: readonly Fact[]): Promise<FactOutcome[]> {
    this.facts.push(...facts);
    return Promise.resolve(facts.map(() => this.outcome));
  }
  close(): void {
    this.facts.length = 0;
  }
}

test('the past is written for the territory alone, and the same way every time', async () => {
  const first = new KeptFacts({ status: 'stored' });
  const tail = new KeptRecords();
  const counts = await seedHistory(populationOf(101), PLAN, { store: first, tail }, 'secret');
  assert.ok(counts.events > 100);
  assert.equal(counts.stored, first.facts.length);
  const stretches = tail.records.flatMap(({ rewritten }) => rewritten ?? []);
  assert.ok(
    first.facts.every(({ timeMs }) => stretches.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs)),
    'whoever looked before is told of all that was written',
  );
  assert.ok(first.facts.every(({ territoryId, regionId }) => territoryId === 101 && regionId === 1));
  const second = new KeptFacts({ status: 'stored' });
  await seedHistory(populationOf(101), PLAN, { store: second, tail }, 'secret');
  assert.deepEqual(second.facts, first.facts);
});

test('a fact that the store refuses for good fails the seeding', async () => {
  const store = new KeptFacts({ status: 'dead', code: 'conflict', message: 'two values' });
  await assert.rejects(
    seedHistory(populationOf(202), PLAN, { store, tail: new KeptRecords() }, 'secret'),
    /history_refused: conflict/,
  );
});
