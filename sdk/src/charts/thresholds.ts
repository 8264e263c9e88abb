import type { Threshold, Tone } from '@lumina/contracts';

/** The tone of the last threshold that a value reaches; undefined below all of them and for no value. */
export function toneOf(
  value: number | null | undefined,
  thresholds: readonly Threshold[] | undefined,
): Tone | undefined {
  if (value === null || value === undefined || thresholds === undefined) return undefined;
  let tone: Tone | undefined;
  for (const threshold of thresholds) if (value >= threshold.from) tone = threshold.tone;
  return tone;
}

/** A stretch of values with one tone; undefined below the first threshold. */
export interface ToneBand {
  readonly from: number;
  readonly to: number;
  readonly tone: Tone | undefined;
}

/** Cuts the values between two ends into stretches of one tone, lowest first. */
export function toneBands(thresholds: readonly Threshold[] | undefined, min: number, max: number): readonly ToneBand[] {
  const bands: ToneBand[] = [];
  let from = min;
  let tone = toneOf(min, thresholds);
  for (const threshold of thresholds ?? []) {
    if (threshold.from <= min || threshold.from >= max) continue;
    bands.push({ from, to: threshold.from, tone });
    ({ from, tone } = threshold);
  }
  bands.push({ from, to: max, tone });
  return bands;
}
