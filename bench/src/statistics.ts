/** The value below which a share of the sample lies, by nearest rank. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** The middle of a sample. */
export const medianOf = (values: readonly number[]): number => quantileOf(values, 0.5);
