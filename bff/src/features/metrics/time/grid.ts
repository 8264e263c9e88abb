import { BIN_MS } from '@lumina/contracts';
import { offsetSpans, shiftDays, startOfDay } from './zone.ts';
import type { TimeRange } from './range.ts';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const QUARTER_MS = 900_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export type BinName = keyof typeof BIN_MS | '1d';

export const floorTo = (ms: number, stepMs: number): number => Math.floor(ms / stepMs) * stepMs;
export const ceilTo = (ms: number, stepMs: number): number => Math.ceil(ms / stepMs) * stepMs;

/** The bins of a range: contiguous, whole, the first and last possibly only partly inside the range. */
export class Grid {
  readonly range: TimeRange;
  /** Start of each bin. */
  readonly starts: readonly number[];
  /** End of the last bin. */
  readonly endMs: number;
  /** The step at which the store is read; every bin is a whole number of these. */
  readonly stepMs: number;
  /** Set where all bins have one length and begin at multiples of it. */
  readonly uniformMs: number | undefined;

  private constructor(range: TimeRange, edges: readonly number[], stepMs: number, uniformMs: number | undefined) {
    this.range = range;
    this.starts = edges.slice(0, -1);
    this.endMs = edges.at(-1) ?? range.toMs;
    this.stepMs = stepMs;
    this.uniformMs = uniformMs;
  }

  /** Bins of one length, at multiples of it since the epoch. */
  static uniform(range: TimeRange, binMs: number): Grid {
    const edges: number[] = [];
    for (let edge = floorTo(range.fromMs, binMs); edge < range.toMs; edge += binMs) edges.push(edge);
    edges.push((edges.at(-1) ?? range.fromMs) + binMs);
    return new Grid(range, edges, binMs, binMs);
  }

  /** Calendar days of the zone, 23 to 25 hours long; read in quarters of an hour, since zones shift by no less. */
  static days(range: TimeRange, zone: string): Grid {
    const edges: number[] = [startOfDay(range.fromMs, zone)];
    for (let edge = shiftDays(range.fromMs, 1, zone); edge < range.toMs; edge = shiftDays(edge, 1, zone))
      edges.push(edge);
    edges.push(shiftDays(edges.at(-1) ?? range.fromMs, 1, zone));
    return new Grid(range, edges, QUARTER_MS, undefined);
  }

  /** Hours as clocks in the zone show them; where clocks change inside an hour, each piece of it is a bin. */
  static hours(range: TimeRange, zone: string): Grid {
    const spans = offsetSpans(range.fromMs - DAY_MS, range.toMs + DAY_MS, zone);
    if (spans.every((span) => span.offsetMs % HOUR_MS === 0)) return Grid.uniform(range, HOUR_MS);
    const edges: number[] = [];
    for (const { fromMs, toMs, offsetMs } of spans) {
      if (toMs <= range.fromMs) continue;
      let edge = floorTo(Math.max(range.fromMs, fromMs) + offsetMs, HOUR_MS) - offsetMs;
      for (; edge < Math.min(toMs, range.toMs); edge += HOUR_MS) edges.push(Math.max(edge, fromMs));
      if (toMs >= range.toMs) {
        edges.push(Math.min(edge, toMs));
        break;
      }
    }
    return new Grid(range, edges, QUARTER_MS, undefined);
  }

  get size(): number {
    return this.starts.length;
  }

  startOf(index: number): number {
    return this.starts[index] ?? this.endMs;
  }

  endOf(index: number): number {
    return this.starts[index + 1] ?? this.endMs;
  }

  /** The part of a bin that lies in the range. */
  clip(index: number): TimeRange {
    return {
      fromMs: Math.max(this.startOf(index), this.range.fromMs),
      toMs: Math.min(this.endOf(index), this.range.toMs),
    };
  }

  /** The bin that contains an instant, or undefined outside the bins. */
  indexOf(ms: number): number | undefined {
    const first = this.starts[0];
    if (first === undefined || ms < first || ms >= this.endMs) return undefined;
    if (this.uniformMs !== undefined) return Math.floor((ms - first) / this.uniformMs);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.startOf(middle) <= ms) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The bin for a range when the request leaves the choice: some hundred points, never finer than every metric allows. */
export function autoBin({ fromMs, toMs }: TimeRange): BinName {
  const spanMs = toMs - fromMs;
  if (spanMs <= 2 * HOUR_MS) return '1m';
  if (spanMs <= 6 * HOUR_MS) return '5m';
  if (spanMs <= 36 * HOUR_MS) return '15m';
  if (spanMs <= 8 * DAY_MS) return '1h';
  return '1d';
}

/** The grid of a range at a named bin. */
export function gridOf(range: TimeRange, bin: BinName, zone: string): Grid {
  if (bin === '1d') return Grid.days(range, zone);
  return bin === '1h' ? Grid.hours(range, zone) : Grid.uniform(range, BIN_MS[bin]);
}
