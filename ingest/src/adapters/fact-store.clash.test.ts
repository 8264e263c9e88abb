import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Fact } from '@lumina/contracts';

import { boundedHash } from '../core/hash.ts';
import type { FactOutcome } from '../ports/fact-store.ts';
import type { PlacedFact, RecordGroup, RecordStore, StoreCallOptions } from '../ports/record-store.ts';
import { T0 } from '../testing/events.ts';
import { createRecordFactStore, type FactStoreSettings } from './fact-store.ts';
import { MemoryRecordStore } from './memory-records.ts';

/** So few places that things meet all the time; the real number is a million. */
const PLACES = 16;
const THINGS = 7;
const SCHEDULES = 1500;
const LONGEST_LAG_CALLS = 6;
/** Far more than any plan needs: who still calls then will never end, as when every place is taken. */
const MOST_CALLS = 2000;

const keyOf = (fact: Fact, salt: number): string =>
  `${String(fact.timeMs)}|${String(boundedHash(fact.eid ?? '', salt, PLACES))}`;

const WRITER_DIED = new Error('This writer is dead.');

/** What is said of a thing: version 1 is how it was, 2 an undo that counts nothing, more a correction. */
function said(thing: number, version: number, extractor: number): Fact {
  const eid = `t${String(thing)}`;
  const isUndo = version === 2 && thing % 3 === 0;
  return {
    table: 'queue_metrics',
    name: 'visit',
    territoryId: 101,
    regionId: 1,
    dimensions: { queue_id: 'q' },
    timeMs: T0 + 1 + (thing % 2),
    eid,
    version,
    measures: { n: isUndo ? 0 : 1, wait_ms: thing * 1000 + version + extractor * 500, eid },
  };
}

interface Saying {
  readonly thing: number;
  readonly version: number;
}

interface Plan {
  /** Which things were corrected up to which version. */
  readonly highest: readonly number[];
  /** What each writer is given, in pages; together they are given everything. */
  readonly pages: readonly (readonly (readonly Saying[])[])[];
  /** The thing and version that the second writer extracts otherwise. */
  readonly changed: Saying;
  /** After how many calls the first writer dies; a third one then does its work again. */
  readonly deathAfterCalls: number | undefined;
  readonly lagCalls: number;
}

const plans: fc.Arbitrary<Plan> = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: THINGS, maxLength: THINGS })
  .chain((highest) => {
    const everything = highest.flatMap((most, thing) =>
      Array.from({ length: most }, (_, index) => ({ thing, version: index + 1 })),
    );
    const work = fc
      .tuple(
        fc.shuffledSubarray(everything, { minLength: everything.length }),
        fc.shuffledSubarray(everything),
        fc.integer({ min: 3, max: 16 }),
      )
      // What is said again follows in another order, as a rewound reader has it.
      .map(([first, again, size]) => {
        const all = [...first, ...again];
        return Array.from({ length: Math.ceil(all.length / size) }, (_, page) =>
          all.slice(page * size, (page + 1) * size),
        );
      });
    return fc.record({
      highest: fc.constant(highest),
      pages: fc.tuple(work, work),
      changed: fc.constantFrom(...everything),
      deathAfterCalls: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      lagCalls: fc.integer({ min: 0, max: LONGEST_LAG_CALLS }),
    });
  });

/** Every call waits for its turn, so that any order of the calls of two writers can come about. */
class ScheduledRecords implements RecordStore {
  private readonly records: MemoryRecordStore;
  private readonly scheduler: fc.Scheduler;
  private callsLeft: number;

  constructor(records: MemoryRecordStore, scheduler: fc.Scheduler, callsLeft = MOST_CALLS) {
    this.records = records;
    this.scheduler = scheduler;
    this.callsLeft = callsLeft;
  }

  ensureTables(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.callsLeft = 0;
  }

  async writeRecords(group: RecordGroup, placed: readonly PlacedFact[]): ReturnType<RecordStore['writeRecords']> {
    await this.turn('write');
    return this.records.writeRecords(group, placed);
  }

  async readBack(placed: readonly PlacedFact[], _options?: StoreCallOptions): ReturnType<RecordStore['readBack']> {
    await this.turn('read');
    return this.records.readBack(placed);
  }

  private async turn(label: string): Promise<void> {
    await this.scheduler.schedule(Promise.resolve(), label);
    this.callsLeft -= 1;
    if (this.callsLeft < 0) throw WRITER_DIED;
  }
}

interface Spoken {
  readonly fact: Fact;
  readonly outcome: FactOutcome | undefined;
}

async function runSchedule(plan: Plan, scheduler: fc.Scheduler, settings: FactStoreSettings = {}) {
  const records = new MemoryRecordStore({ keyOf, visibleAfterCalls: plan.lagCalls });
  const spoken: Spoken[] = [];
  const writer = async (pages: Plan['pages'][number], extractor: number, callsLeft?: number): Promise<void> => {
    const store = createRecordFactStore(new ScheduledRecords(records, scheduler, callsLeft), {
      keyOf,
      wait: () => scheduler.schedule(Promise.resolve(), 'wait'),
      ...settings,
    });
    for (const page of pages) {
      const facts = page.map(({ thing, version }) => {
        const isChanged = thing === plan.changed.thing && version === plan.changed.version;
        return said(thing, version, isChanged ? extractor : 0);
      });
      const outcomes = await store.write(facts);
      spoken.push(...facts.map((fact, index) => ({ fact, outcome: outcomes[index] })));
    }
  };
  const [first = [], second = []] = plan.pages;
  const mortal = async (): Promise<void> => {
    try {
      await writer(first, 0, plan.deathAfterCalls);
    } catch (error) {
      if (error !== WRITER_DIED) throw error;
      await writer(first, 0);
    }
  };
  await scheduler.waitFor(Promise.all([mortal(), writer(second, 1)]));
  return { records, spoken };
}

function violations(plan: Plan, records: MemoryRecordStore, spoken: readonly Spoken[]): string[] {
  const found: string[] = [];
  const isChanged = ({ eid, version }: Fact): boolean =>
    eid === `t${String(plan.changed.thing)}` && version === plan.changed.version;
  for (const { fact, outcome } of spoken) {
    const name = `${fact.eid ?? ''} v${String(fact.version)}`;
    if (outcome === undefined) found.push(`${name} was never answered`);
    else if (outcome.status === 'dead' && !(outcome.code === 'conflict' && isChanged(fact)))
      found.push(`${name} is dead: ${outcome.code}`);
  }
  const rows = [...records.records.values()].map(({ fact }) => fact);
  for (const row of rows) {
    if (row.measures['claim'] === 1) found.push(`a claim of ${row.eid ?? ''} was left behind`);
  }
  for (const [thing, highest] of plan.highest.entries()) {
    const own = rows.filter(({ eid }) => eid === `t${String(thing)}`);
    if (own.length !== 1) found.push(`t${String(thing)} stands ${String(own.length)} times`);
    for (const row of own) {
      const isKnown = [0, 1].some((extractor) => {
        const { measures } = said(thing, highest, isChanged(row) ? extractor : 0);
        return row.measures['wait_ms'] === measures['wait_ms'] && row.measures['n'] === measures['n'];
      });
      if (row.version !== highest || !isKnown) found.push(`t${String(thing)} is not at version ${String(highest)}`);
    }
  }
  // Both writers said it, with other values: one of them has to hear of it where nothing newer hides it.
  if (plan.highest[plan.changed.thing] === plan.changed.version) {
    const isTold = spoken.some(({ fact, outcome }) => isChanged(fact) && outcome?.status === 'dead');
    if (!isTold) found.push('the changed extractor was never told of its conflict');
  }
  return found;
}

describe('two writers and sixteen places', () => {
  test('every thing stands exactly once at its highest version, whatever the order of calls', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
        const { records, spoken } = await runSchedule(plan, scheduler);
        assert.deepEqual(violations(plan, records, spoken), []);
      }),
      { numRuns: SCHEDULES },
    );
  });

  test('re-salting without a look keeps things twice, and the test sees it', async () => {
    const result = await fc.check(
      fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
        // A blind writer may fill every place and look for another one for ever.
        const run = await runSchedule(plan, scheduler, { isBlind: true }).catch(() => undefined);
        return run !== undefined && violations(plan, run.records, run.spoken).length === 0;
      }),
      { numRuns: 50, endOnFailure: true },
    );
    assert.ok(result.failed);
  });
});
