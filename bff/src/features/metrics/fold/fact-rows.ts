import { isDeepStrictEqual } from 'node:util';
import { factDefinition } from '@lumina/contracts';
import type { FactId } from '@lumina/contracts';
import { MINUTE_MS, floorTo } from '../time/grid.ts';
import { countOf, keyOf } from './fact-key.ts';
import type { VersionedRow } from './fact-key.ts';
import type { FactRow } from './fact-row.ts';

/** What became of a row that was told: it changed something, it changed nothing, or only the store can say. */
export type Applied = 'changed' | 'unchanged' | 'unclear';

/** The rows of one kind of fact of one territory, by key, each at its highest version; complete since an instant. */
export class FactRows {
  readonly fact: FactId;
  size = 0;
  readonly #minutes = new Map<number, Map<string, VersionedRow>>();

  constructor(fact: FactId) {
    this.fact = fact;
  }

  /**
   * Takes a row of the store or of the live tail. Where the version of a known row is not exact, one that differs is
   * unclear: either may be the newer.
   */
  apply(given: VersionedRow): Applied {
    const minute = this.#minuteOf(given.row.timeMs);
    const key = keyOf(given.row);
    const known = minute.get(key);
    if (known === undefined) {
      minute.set(key, given);
      this.size += 1;
      return 'changed';
    }
    if (isDeepStrictEqual(known.row.measures, given.row.measures)) {
      minute.set(key, given.isExact && given.version >= known.version ? given : known);
      return 'unchanged';
    }
    if (factDefinition(this.fact).keying === 'natural') {
      if (countOf(given.row) < countOf(known.row)) return 'unchanged';
    } else if (given.version < known.version || (known.isExact && given.version === known.version)) {
      return 'unchanged';
    } else if (!known.isExact) {
      return 'unclear';
    }
    minute.set(key, given);
    return 'changed';
  }

  /** The rows of one minute. */
  minute(minuteMs: number): FactRow[] {
    return [...(this.#minutes.get(minuteMs)?.values() ?? [])].map(({ row }) => row);
  }

  /** Lets go of what lies before an instant. */
  trim(beforeMs: number): void {
    for (const [minuteMs, rows] of this.#minutes) {
      if (minuteMs + MINUTE_MS > beforeMs) continue;
      this.size -= rows.size;
      this.#minutes.delete(minuteMs);
    }
  }

  #minuteOf(timeMs: number): Map<string, VersionedRow> {
    const minuteMs = floorTo(timeMs, MINUTE_MS);
    const known = this.#minutes.get(minuteMs) ?? new Map<string, VersionedRow>();
    this.#minutes.set(minuteMs, known);
    return known;
  }
}
