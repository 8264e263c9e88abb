/** A value axis with few round grid lines. */
export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** What an axis has to hold, and how. */
export interface AxisNeed {
  readonly lowest: number;
  readonly highest: number;
  readonly unit: string;
  /** Ends fixed by the one who made the tile; a value beyond them still moves the axis, so that none is hidden. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** How many steps the axis has at most. */
  readonly intervals?: number;
  /** Lets the axis begin near the lowest value: for bare lines that show a course, never where sizes are compared. */
  readonly isTight?: boolean;
}

const ROUND_STEPS = [1, 2, 2.5, 5, 10];
/** Steps of durations, so that grid lines stand at whole minutes and hours. */
const SECOND_STEPS = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
const INTERVALS = 4;
/** What an axis spans when all values are 0. */
const QUIET_SPANS: Readonly<Record<string, number>> = { s: 60, ms: 100, '%': 100 };
/** A share of a percentage axis from which on the axis shows the whole. */
const WHOLE_FROM_PERCENT = 40;

/** An axis from 0, or below, that holds all values in few round steps; counts never get fractional steps. */
export function valueAxis(need: AxisNeed): ValueAxis {
  const intervals = need.intervals ?? INTERVALS;
  const isTight = need.isTight === true && need.highest > need.lowest;
  const low = isTight ? need.lowest : Math.min(need.min ?? 0, need.lowest);
  const high = Math.max(need.max ?? -Infinity, need.highest);
  if (need.unit === '%' && !isTight && low >= 0 && high <= 100 && high >= WHOLE_FROM_PERCENT) {
    return { min: low, max: 100, step: intervals < INTERVALS ? 50 : 25 };
  }
  const span = high > low ? high - low : (QUIET_SPANS[need.unit] ?? intervals);
  const step = roundStep(span / intervals, need.unit);
  const min = need.min !== undefined && need.min <= need.lowest ? need.min : Math.floor(low / step) * step;
  const max = need.max !== undefined && need.max >= need.highest ? need.max : Math.ceil(high / step) * step;
  return { min, max: Math.max(max, min + step), step };
}

function roundStep(target: number, unit: string): number {
  if (unit === 's' && target > 10) {
    const whole = SECOND_STEPS.find((step) => step >= target);
    if (whole !== undefined) return whole;
  }
  const magnitude = 10 ** Math.floor(Math.log10(target));
  // A count has whole steps; only what counts fractions of one, such as a mean, is too small for them.
  const isAllowed = (step: number): boolean => unit !== 'count' || target < 0.25 || Number.isInteger(step);
  const round = ROUND_STEPS.map((factor) => factor * magnitude).find((step) => step >= target && isAllowed(step));
  if (round === undefined && unit === 'count' && target <= 1) return 1;
  return round ?? 10 * magnitude;
}

/** How long an axis must have been too large before it shrinks. */
export const CALM_MS = 60_000;
const MUCH_TOO_LARGE = 2;

/**
 * Keeps an axis still between updates: it grows at once, and shrinks only after the values have used less than half of
 * it for a calm while. A new key, such as another metric or unit, starts anew.
 */
export class SteadyAxis {
  #key = '';
  #axis: ValueAxis | undefined;
  #calmSinceMs: number | undefined;

  /** The axis to draw now. `nowMs` is any clock that only goes forward. */
  next(need: AxisNeed, key: string, nowMs: number): ValueAxis {
    const wanted = valueAxis(need);
    const current = this.#axis;
    if (current === undefined || key !== this.#key) return this.#take(wanted, key);
    if (wanted.max > current.max || wanted.min < current.min) {
      const grown = { lowest: Math.min(need.lowest, current.min), highest: Math.max(need.highest, current.max) };
      return this.#take(wanted.min < current.min ? valueAxis({ ...need, ...grown }) : wanted, key);
    }
    if ((wanted.max - wanted.min) * MUCH_TOO_LARGE > current.max - current.min) {
      this.#calmSinceMs = undefined;
      return current;
    }
    this.#calmSinceMs ??= nowMs;
    return nowMs - this.#calmSinceMs >= CALM_MS ? this.#take(wanted, key) : current;
  }

  #take(axis: ValueAxis, key: string): ValueAxis {
    this.#axis = axis;
    this.#key = key;
    this.#calmSinceMs = undefined;
    return axis;
  }
}

/** The values at which grid lines stand. */
export function axisTicks({ min, max, step }: ValueAxis): readonly number[] {
  const ticks: number[] = [];
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  for (let at = first; at <= last; at += 1) ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}
