/**
 * The truth about one metric in one minute: integers that add up over minutes, the metric is their ratio
 * (see the catalogue's formula). Lines whose numerator and denominator are both 0 are left out.
 */
export interface TruthLine {
  readonly metric: string;
  /** `now` for the value at the last delivered snapshot of the minute; absent is the metric's default. */
  readonly stat?: string;
  readonly territoryId: number;
  readonly group: Readonly<Record<string, string>>;
  /** Start of the minute, epoch ms. */
  readonly minute: number;
  readonly num: number;
  readonly den: number;
}

/** Whole minutes, the end excluded. */
export interface TruthRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export const MINUTE_MS = 60_000;

/** Start of the minute of an instant. */
export const minuteOf = (atMs: number): number => Math.floor(atMs / MINUTE_MS) * MINUTE_MS;

interface Cell {
  readonly group: Readonly<Record<string, string>>;
  readonly minute: number;
  num: number;
  den: number;
}

/** Adds up one metric cell by cell. */
export class Tally {
  readonly #cells = new Map<string, Cell>();
  readonly #range: TruthRange;
  readonly #metric: string;
  readonly #territoryId: number;
  readonly #stat: string | undefined;

  constructor(range: TruthRange, territoryId: number, metric: string, stat?: string) {
    this.#range = range;
    this.#territoryId = territoryId;
    this.#metric = metric;
    this.#stat = stat;
  }

  /** Adds to the minute of an instant, once in each of the groups. */
  add(atMs: number, groups: readonly Readonly<Record<string, string>>[], num: number, den: number): void {
    if (atMs < this.#range.fromMs || atMs >= this.#range.toMs) return;
    const minute = minuteOf(atMs);
    for (const group of groups) {
      const key = `${String(minute)}|${JSON.stringify(group)}`;
      const cell = this.#cells.get(key);
      if (cell === undefined) {
        this.#cells.set(key, { group, minute, num, den });
        continue;
      }
      cell.num += num;
      cell.den += den;
    }
  }

  lines(): TruthLine[] {
    const lines: TruthLine[] = [];
    for (const { group, minute, num, den } of this.#cells.values()) {
      if (!Number.isInteger(num) || !Number.isInteger(den)) {
        throw new Error(`truth_fraction: ${this.#metric} counted ${String(num)}/${String(den)}, expected integers`);
      }
      if (num === 0 && den === 0) continue;
      lines.push({
        metric: this.#metric,
        ...(this.#stat === undefined ? {} : { stat: this.#stat }),
        territoryId: this.#territoryId,
        group,
        minute,
        num,
        den,
      });
    }
    return lines;
  }
}

/** The minutes that a span touches within a range, each with the milliseconds spent in it. */
export function* clippedMinutes(
  range: TruthRange,
  fromMs: number,
  toMs: number,
): Generator<{ readonly minute: number; readonly ms: number }> {
  const firstMs = Math.max(fromMs, range.fromMs);
  const lastMs = Math.min(toMs, range.toMs);
  for (let minute = minuteOf(firstMs); minute < lastMs; minute += MINUTE_MS) {
    const ms = Math.min(lastMs, minute + MINUTE_MS) - Math.max(firstMs, minute);
    if (ms > 0) yield { minute, ms };
  }
}

/** Every minute of a range. */
export const minutesOf = (range: TruthRange): number[] => {
  const minutes: number[] = [];
  for (let minute = range.fromMs; minute < range.toMs; minute += MINUTE_MS) minutes.push(minute);
  return minutes;
};
