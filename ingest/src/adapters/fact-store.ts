import type { Fact } from '@lumina/contracts';

import { claimOf, definitionOf, recordKey } from '../core/encode-record.ts';
import type { FactOutcome, FactStore } from '../ports/fact-store.ts';
import type {
  PlacedFact,
  RecordGroup,
  RecordResult,
  RecordStore,
  RowIdentity,
  StoreCallOptions,
} from '../ports/record-store.ts';
import { boundedParallel } from './bounded-parallel.ts';
import { waitJittered } from './full-jitter.ts';

const RECORDS_PER_CALL = 100;
const CALLS_IN_FLIGHT = 8;
/** A row that stays invisible so often after its rejection is no longer a matter of waiting. */
const MOST_BLIND_READS = 20;
const VISIBILITY_BACKOFF = { baseMs: 20, capMs: 1000 };

/** One fact on its way into the store. */
interface Attempt {
  readonly index: number;
  readonly fact: Fact;
  salt: number;
  /** A hashed fact of a version above 1 claims its place first, so that no other thing can take it unseen. */
  stage: 'claim' | 'write';
  blindReads: number;
  /** Once seen equal in version and other in value; only a second look tells a conflict from a race with an undo. */
  looksConflicting: boolean;
}

type Verdict = FactOutcome | 'again';

/** How a fact store finds places and waits; the defaults are the real ones. */
export interface FactStoreSettings {
  /** Key of the place of a fact: two facts with the same one cannot both be stored. */
  readonly keyOf?: (fact: Fact, salt: number) => string;
  /** Waits before the n-th look for a row that is not visible yet. */
  readonly wait?: (attempt: number, signal: AbortSignal | undefined) => Promise<void>;
  /** The deliberate defect `blind-re-salt`: take the next place without looking whose row stands in the way. */
  readonly isBlind?: boolean;
}

function placed(attempt: Attempt): PlacedFact {
  return { fact: attempt.stage === 'claim' ? claimOf(attempt.fact) : attempt.fact, salt: attempt.salt };
}

/** One attempt per place; the others wait for the next round, as the store's answer to two equal keys is not defined. */
function takeRound(
  pending: readonly Attempt[],
  keyOf: (fact: Fact, salt: number) => string,
): { round: Attempt[]; waiting: Attempt[] } {
  const round = new Map<string, Attempt>();
  const waiting: Attempt[] = [];
  for (const attempt of pending) {
    const key = keyOf(attempt.fact, attempt.salt);
    if (round.has(key)) waiting.push(attempt);
    else round.set(key, attempt);
  }
  return { round: [...round.values()], waiting };
}

interface Batch {
  readonly group: RecordGroup;
  readonly attempts: Attempt[];
}

/** Series beside series, each by time: the store takes them faster so, and more of a call can be said once. */
function inOrderOfSeries(attempts: readonly Attempt[]): Attempt[] {
  return attempts
    .map((attempt) => ({
      attempt,
      series: `${attempt.fact.name}|${Object.values(attempt.fact.dimensions).join('|')}`,
    }))
    .sort((a, b) =>
      a.series === b.series ? a.attempt.fact.timeMs - b.attempt.fact.timeMs : a.series < b.series ? -1 : 1,
    )
    .map(({ attempt }) => attempt);
}

function batchesOf(attempts: readonly Attempt[]): Batch[] {
  const open = new Map<string, Batch>();
  const batches: Batch[] = [];
  for (const attempt of inOrderOfSeries(attempts)) {
    const { table, territoryId, regionId } = attempt.fact;
    const key = `${table}|${String(territoryId)}|${String(regionId)}`;
    let batch = open.get(key);
    if (batch === undefined || batch.attempts.length === RECORDS_PER_CALL) {
      batch = { group: { table, territoryId, regionId }, attempts: [] };
      open.set(key, batch);
      batches.push(batch);
    }
    batch.attempts.push(attempt);
  }
  return batches;
}

function rejectedUnhashed({ fact }: Attempt, existingVersion: number): FactOutcome {
  // Two samples of one length of a slice agree on what counts; its team is the same but for events that know none.
  if (existingVersion > fact.version || definitionOf(fact).keying === 'slice') return { status: 'duplicate' };
  return {
    status: 'dead',
    code: 'conflict',
    message: 'Another sample of the same instant is stored with other values.',
  };
}

function atNextPlace(attempt: Attempt): Verdict {
  attempt.salt += 1;
  attempt.stage = attempt.fact.version > 1 ? 'claim' : 'write';
  attempt.blindReads = 0;
  attempt.looksConflicting = false;
  return 'again';
}

function rejectedHashed(attempt: Attempt, existingVersion: number, row: RowIdentity | undefined): Verdict {
  const { fact } = attempt;
  if (row === undefined) {
    attempt.blindReads += 1;
    if (attempt.blindReads < MOST_BLIND_READS) return 'again';
    return { status: 'dead', code: 'exhausted', message: 'The row that stands in the way never became readable.' };
  }
  if (row.eid !== fact.eid) return atNextPlace(attempt);
  if (existingVersion > fact.version) return { status: 'duplicate' };
  if (attempt.stage === 'claim') {
    attempt.stage = 'write';
    return 'again';
  }
  // A claim has version 1: whoever was told of a higher one sees an older picture of the row.
  if (row.isClaim && fact.version === 1) return { status: 'duplicate' };
  if (attempt.looksConflicting) {
    return {
      status: 'dead',
      code: 'conflict',
      message: `Version ${String(fact.version)} of ${row.eid} is stored with other values; send a higher rev.`,
    };
  }
  attempt.looksConflicting = true;
  return 'again';
}

/** What the store still keeps lies far behind this, and what it refuses as too far ahead does not, however our clock errs. */
const CERTAINLY_PAST_MS = 30 * 86_400_000;

function futureOrPast(fact: Fact): 'future_skew' | 'too_late' {
  return fact.timeMs > Date.now() - CERTAINLY_PAST_MS ? 'future_skew' : 'too_late';
}

/** Settles what the store's answer settles without reading; undefined = the row must be read. */
function verdictOf(attempt: Attempt, result: RecordResult): Verdict | undefined {
  switch (result.kind) {
    case 'accepted':
      if (attempt.stage === 'write') return { status: 'stored' };
      attempt.stage = 'write';
      return 'again';
    case 'out_of_range':
      return { status: 'dead', code: futureOrPast(attempt.fact), message: result.message };
    case 'invalid':
      return { status: 'dead', code: 'store_validation', message: result.message };
    case 'rejected':
      return attempt.fact.eid === undefined
        ? rejectedUnhashed(attempt, result.existingVersion ?? attempt.fact.version)
        : undefined;
  }
}

class RecordFactStore implements FactStore {
  private readonly records: RecordStore;
  private readonly settings: Required<FactStoreSettings>;

  constructor(records: RecordStore, settings: FactStoreSettings) {
    this.records = records;
    this.settings = {
      keyOf: recordKey,
      wait: (attempt, signal) => waitJittered(attempt, VISIBILITY_BACKOFF, signal),
      isBlind: false,
      ...settings,
    };
  }

  ensureTables(options?: StoreCallOptions): Promise<void> {
    return this.records.ensureTables(options);
  }

  close(): void {
    this.records.close();
  }

  async write(facts: readonly Fact[], options: StoreCallOptions = {}): Promise<FactOutcome[]> {
    const outcomes: FactOutcome[] = [];
    let pending: Attempt[] = facts.map((fact, index) => ({
      index,
      fact,
      salt: 0,
      stage: fact.eid !== undefined && fact.version > 1 ? 'claim' : 'write',
      blindReads: 0,
      looksConflicting: false,
    }));
    while (pending.length > 0) {
      const { round, waiting } = takeRound(pending, this.settings.keyOf);
      const again = await this.runRound(round, outcomes, options);
      const blindest = Math.max(0, ...again.map(({ blindReads }) => blindReads));
      if (blindest > 0) await this.settings.wait(blindest, options.signal);
      pending = [...again, ...waiting];
    }
    return outcomes;
  }

  /** Writes one round; returns the attempts that must go again. */
  private async runRound(
    round: readonly Attempt[],
    outcomes: FactOutcome[],
    options: StoreCallOptions,
  ): Promise<Attempt[]> {
    const tasks = batchesOf(round).map(({ group, attempts }) => async () => {
      const results = await this.records.writeRecords(group, attempts.map(placed), options);
      return attempts.map((attempt, index) => {
        const result = results[index];
        // Silence is no acknowledgement: the page is read again rather than checkpointed.
        if (result === undefined) throw new Error('The store answered for fewer records than it was given.');
        return { attempt, result };
      });
    });
    const answered = (await boundedParallel(tasks, CALLS_IN_FLIGHT)).flat();
    const again: Attempt[] = [];
    const unread: { attempt: Attempt; existingVersion: number }[] = [];
    const settle = (attempt: Attempt, verdict: Verdict): void => {
      if (verdict === 'again') again.push(attempt);
      else outcomes[attempt.index] = verdict;
    };
    for (const { attempt, result } of answered) {
      const verdict = verdictOf(attempt, result);
      if (verdict !== undefined) settle(attempt, verdict);
      else if (this.settings.isBlind) settle(attempt, atNextPlace(attempt));
      else {
        const existingVersion = result.kind === 'rejected' ? result.existingVersion : undefined;
        unread.push({ attempt, existingVersion: existingVersion ?? placed(attempt).fact.version });
      }
    }
    if (unread.length > 0) {
      const rows = await this.records.readBack(
        unread.map(({ attempt }) => placed(attempt)),
        options,
      );
      for (const [index, { attempt, existingVersion }] of unread.entries()) {
        settle(attempt, rejectedHashed(attempt, existingVersion, rows[index]));
      }
    }
    return again;
  }
}

/** A fact store over a record store: batching, versions, claims and re-salting. */
export function createRecordFactStore(records: RecordStore, settings: FactStoreSettings = {}): FactStore {
  return new RecordFactStore(records, settings);
}
