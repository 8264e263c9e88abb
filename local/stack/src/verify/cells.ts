import { metricDefinition, type MetricFormula, type MetricId, type MetricStat } from '@lumina/contracts';
import type { TruthLine } from '@lumina/simulator';

/** Bins that are compared, in minutes. */
export const COMPARED_BINS_MINUTES = [1, 7, 15, 60] as const;
export const MINUTE_MS = 60_000;

/** Numerator and denominator of a metric in one bin and group, as integers of stored parts. */
export interface Cell {
  readonly num: number;
  readonly den: number;
}

/** Which cells belong together: one metric and statistic, told apart by some dimensions. */
export interface CellSet {
  readonly metric: MetricId;
  readonly stat: MetricStat | undefined;
  readonly dimensions: readonly string[];
}

/** Name of one cell: the start of its bin and its group. */
export function cellKey(binMs: number, group: Readonly<Record<string, string>>): string {
  const values = Object.keys(group)
    .sort()
    .map((dimension) => `${dimension}=${group[dimension] ?? ''}`);
  return `${new Date(binMs).toISOString()} ${values.join(',') || 'total'}`;
}

/** Splits the truth into sets that one query each can answer. */
export function cellSets(truth: readonly TruthLine[]): { set: CellSet; lines: TruthLine[] }[] {
  const sets = new Map<string, { set: CellSet; lines: TruthLine[] }>();
  for (const line of truth) {
    const dimensions = Object.keys(line.group).sort();
    const key = [line.metric, line.stat ?? '', ...dimensions].join('|');
    let entry = sets.get(key);
    if (entry === undefined) {
      entry = {
        set: { metric: line.metric as MetricId, stat: line.stat as MetricStat | undefined, dimensions },
        lines: [],
      };
      sets.set(key, entry);
    }
    entry.lines.push(line);
  }
  return [...sets.values()];
}

/** The formula a set is computed by. */
export function formulaOf(set: CellSet): MetricFormula {
  const definition = metricDefinition(set.metric);
  const stat = set.stat ?? definition.defaultStat;
  const formula = definition.stats[stat];
  if (formula === undefined) throw new Error(`verify_unknown_stat: ${set.metric} has no statistic ${stat}`);
  return formula;
}

/**
 * The truth of a set in bins of some minutes over [fromMs, toMs). Flows and integrals add up over the minutes of a
 * bin; a sampled value is that of the bin's last minute, and unknown when that minute had no sample.
 */
export function binTruth(
  set: CellSet,
  lines: readonly TruthLine[],
  span: { readonly fromMs: number; readonly toMs: number; readonly binMs: number },
): Map<string, Cell> {
  const { fromMs, toMs, binMs } = span;
  const isSampled = formulaOf(set).kind === 'last';
  const cells = new Map<string, Cell>();
  for (const { minute, group, num, den } of lines) {
    const bin = Math.floor(minute / binMs) * binMs;
    if (bin < fromMs || bin + binMs > toMs) continue;
    const key = cellKey(bin, group);
    if (isSampled) {
      if (minute === bin + binMs - MINUTE_MS) cells.set(key, { num, den });
      continue;
    }
    const cell = cells.get(key);
    cells.set(key, { num: (cell?.num ?? 0) + num, den: (cell?.den ?? 0) + den });
  }
  return cells;
}
