import { isDeepStrictEqual } from 'node:util';
import { factDefinition } from '@lumina/contracts';
import type { Fact, FactId, LiveTailRecord } from '@lumina/contracts';
import { evaluateScan } from '../fold/evaluate-scan.ts';
import { factIdOf, keyOf, rowOfFact, rowOfStore } from '../fold/fact-key.ts';
import type { VersionedRow } from '../fold/fact-key.ts';
import type { FactRow } from '../fold/fact-row.ts';
import type { PartBuckets, Scan, ScanReaderFactory } from '../scans/scan.ts';
import type { TimeRange } from '../time/range.ts';
import { drawRows } from './drawn-rows.ts';
import type { Chance } from './drawn-rows.ts';

/** What a source of facts draws from. */
interface Drawing {
  readonly chance: Chance;
  readonly territoryId: number;
}

/** A store as Timestream is one (of two rows of a key the higher version stays), and the tail of what was stored in it. */
export class VersionedStore {
  readonly #rows = new Map<string, Fact>();
  readonly #history: Fact[] = [];
  #written = 0;
  /** Queries that a reader has sent. */
  queries = 0;

  /** Stores facts; @returns what is published: a superseded one may be, one that conflicts is a dead letter. */
  store(facts: readonly Fact[]): Fact[] {
    return facts.filter((fact) => {
      const key = this.#keyOf(fact);
      const known = this.#rows.get(key);
      if (known !== undefined && known.version > fact.version) return true;
      // Timestream rejects another value of the same version.
      if (known?.version === fact.version && !isDeepStrictEqual(known.measures, fact.measures)) return false;
      this.#rows.set(key, fact);
      this.#history.push(fact);
      return true;
    });
  }

  /** Draws news: mostly new things, some said again, some corrected or grown. */
  draw({ chance, territoryId }: Drawing, count: number, span: TimeRange): Fact[] {
    return drawRows(chance, count, span).map((row) => {
      const before = this.#history[chance(Math.max(1, this.#history.length))];
      if (before !== undefined && chance(5) === 0) return chance(2) === 0 ? before : revised(before, chance);
      return this.#newFact(row, territoryId);
    });
  }

  /** What a scan finds now, read at once. */
  scan<S extends Scan>(scan: S, range: TimeRange, territoryId: number): PartBuckets<S> {
    return evaluateScan(scan, this.#rowsOf(territoryId), range);
  }

  readonly readers: ScanReaderFactory = ({ territoryId }) => {
    let fetched = 0;
    return {
      read: async (scan, range) => {
        fetched += 1;
        this.queries += 1;
        await Promise.resolve();
        return this.scan(scan, range, territoryId);
      },
      watermark: () => Promise.resolve(undefined),
      account: () => ({ state: 'miss', fetched }),
    };
  };

  /** The rows of a fact as a reader sees them, without their version. */
  rows(territoryId: number, fact: FactId, { fromMs, toMs }: TimeRange): VersionedRow[] {
    this.queries += 1;
    return [...this.#rows.values()].flatMap((stored) => {
      const id = factIdOf(stored);
      if (id !== fact || stored.territoryId !== territoryId || stored.timeMs < fromMs || stored.timeMs >= toMs)
        return [];
      const isClaimed = factDefinition(fact).keying === 'hashed' && stored.version > 1;
      const measures = isClaimed ? { claim: 0, ...stored.measures } : stored.measures;
      return [rowOfStore({ fact, timeMs: stored.timeMs, dimensions: stored.dimensions, measures })];
    });
  }

  #rowsOf(territoryId: number): FactRow[] {
    return [...this.#rows.values()].flatMap((fact) => {
      const id = factIdOf(fact);
      return id === undefined || fact.territoryId !== territoryId ? [] : [rowOfFact(id, fact).row];
    });
  }

  #keyOf(fact: Fact): string {
    const id = factIdOf(fact);
    return id === undefined ? '' : `${String(fact.territoryId)} ${id} ${keyOf(rowOfFact(id, fact).row)}`;
  }

  #newFact({ fact, timeMs, dimensions, measures }: FactRow, territoryId: number): Fact {
    const { table, name, keying } = factDefinition(fact);
    this.#written += 1;
    const eid = `e${String(this.#written)}`;
    const isHashed = keying === 'hashed';
    const own = { ...measures, ...(isHashed ? { eid } : {}) };
    return {
      table,
      name,
      territoryId,
      regionId: 1,
      dimensions,
      timeMs,
      ...(isHashed ? { eid } : {}),
      version: versionOf(keying, timeMs, own),
      measures: own,
    };
  }
}

function versionOf(keying: string, timeMs: number, measures: Readonly<Record<string, number | string>>): number {
  if (keying === 'slot') return Number(measures['at_ms'] ?? timeMs) - timeMs + 1;
  if (keying === 'slice') return Number(measures['ms'] ?? 0) + 1;
  return 1;
}

/** The same thing said anew: a correction, a later sample, a longer slice, an account that has grown. */
function revised(fact: Fact, chance: Chance): Fact {
  const id = factIdOf(fact);
  const keying = id === undefined ? 'hashed' : factDefinition(id).keying;
  const measures = Object.fromEntries(
    Object.entries(fact.measures).map(([name, value]) => [
      name,
      typeof value === 'number' && !['at_ms', 'interval_ms', 'ms'].includes(name) ? value + chance(3) : value,
    ]),
  );
  if (keying === 'slot') measures['at_ms'] = Number(measures['at_ms'] ?? fact.timeMs) + 1;
  if (keying === 'slice') measures['ms'] = Number(measures['ms'] ?? 0) + 1;
  if (keying === 'natural')
    for (const name of ['deliveries', 'received']) {
      if (name in measures || chance(2) === 0) measures[name] = Number(measures[name] ?? 0) + 1;
    }
  const version =
    keying === 'hashed' || keying === 'natural' ? fact.version + 1 : versionOf(keying, fact.timeMs, measures);
  return { ...fact, version, measures };
}

/** Publishes facts as ingestion does: in records of one source, numbered, with a watermark. */
export class TailWriter {
  #seq = 0;

  record(facts: readonly Fact[], watermark: number): LiveTailRecord {
    this.#seq += 1;
    return { v: 1, source: 'lumina-events/shard-0', seq: this.#seq, watermark, facts };
  }
}
