import { readParts } from '@lumina/bff/metrics';
import type { TimeSeriesStore } from '@lumina/bff/timestream';
import type { TruthLine } from '@lumina/simulator';

import {
  binTruth,
  cellKey,
  cellSets,
  COMPARED_BINS_MINUTES,
  formulaOf,
  MINUTE_MS,
  type Cell,
  type CellSet,
} from './cells.ts';

/** One cell that is not what it should be. */
export interface UnequalCell {
  readonly metric: string;
  readonly binMinutes: number;
  readonly cell: string;
  readonly stored: Cell | undefined;
  readonly truth: Cell | undefined;
}

/** What a comparison found, per metric and statistic. */
export interface Comparison {
  readonly equal: number;
  readonly unequal: readonly UnequalCell[];
  readonly perMetric: ReadonlyMap<string, { equal: number; unequal: number }>;
}

/** What is compared: a territory's stored parts and the truth, over whole bins within [fromMs, toMs). */
export interface ComparisonSpan {
  readonly territoryId: number;
  readonly fromMs: number;
  readonly toMs: number;
}

const NOTHING: Cell = { num: 0, den: 0 };

/**
 * Whether two cells say the same. A missing cell is an empty sum. Groups that spent no time in a state have no slices
 * at all, so their elapsed time is compared only where either side counted any.
 */
function isEqual(set: CellSet, stored: Cell | undefined, truth: Cell | undefined): boolean {
  const kind = formulaOf(set).kind;
  if (kind === 'last' && (stored === undefined) !== (truth === undefined)) return false;
  const a = stored ?? NOTHING;
  const b = truth ?? NOTHING;
  if (kind === 'perTime' && set.dimensions.length > 0) return a.num === b.num;
  if (kind === 'last' || kind === 'sum') return a.num === b.num;
  return a.num === b.num && a.den === b.den;
}

function alignedSpan(span: ComparisonSpan, binMs: number): { fromMs: number; toMs: number } {
  return { fromMs: Math.ceil(span.fromMs / binMs) * binMs, toMs: Math.floor(span.toMs / binMs) * binMs };
}

async function storedCells(
  store: TimeSeriesStore,
  set: CellSet,
  span: ComparisonSpan & { readonly binMs: number },
): Promise<Map<string, Cell>> {
  const rows = await readParts(store, {
    territoryId: span.territoryId,
    metric: set.metric,
    ...(set.stat === undefined ? {} : { stat: set.stat }),
    groupBy: [...set.dimensions],
    fromMs: span.fromMs,
    toMs: span.toMs,
    binMs: span.binMs,
    timeZone: 'UTC',
  });
  const cells = new Map<string, Cell>();
  for (const { group, startMs, num, den } of rows) {
    if (num !== null && den !== null) cells.set(cellKey(startMs, group), { num, den });
  }
  return cells;
}

/** Compares every cell of the truth with what the store holds, at every bin, and every stored cell with the truth. */
export async function compareWithTruth(
  store: TimeSeriesStore,
  truth: readonly TruthLine[],
  span: ComparisonSpan,
): Promise<Comparison> {
  let equal = 0;
  const unequal: UnequalCell[] = [];
  const perMetric = new Map<string, { equal: number; unequal: number }>();
  for (const { set, lines } of cellSets(truth)) {
    const name = set.stat === undefined ? set.metric : `${set.metric} (${set.stat})`;
    const tally = perMetric.get(name) ?? { equal: 0, unequal: 0 };
    perMetric.set(name, tally);
    for (const binMinutes of COMPARED_BINS_MINUTES) {
      const binMs = binMinutes * MINUTE_MS;
      const aligned = alignedSpan(span, binMs);
      if (aligned.fromMs >= aligned.toMs) continue;
      const expected = binTruth(set, lines, { ...aligned, binMs });
      const stored = await storedCells(store, set, { ...span, ...aligned, binMs });
      for (const cell of new Set([...expected.keys(), ...stored.keys()])) {
        if (isEqual(set, stored.get(cell), expected.get(cell))) {
          equal += 1;
          tally.equal += 1;
          continue;
        }
        tally.unequal += 1;
        unequal.push({ metric: name, binMinutes, cell, stored: stored.get(cell), truth: expected.get(cell) });
      }
    }
  }
  return { equal, unequal, perMetric };
}

function show(cell: Cell | undefined): string {
  return cell === undefined ? 'nothing' : `${String(cell.num)}/${String(cell.den)}`;
}

/** A table for people: each metric, its cells, and the first that differ. */
export function comparisonReport(comparison: Comparison, shownCells = 20): string {
  const lines = [...comparison.perMetric].map(
    ([metric, { equal, unequal }]) =>
      `  ${metric.padEnd(34)} ${String(equal).padStart(7)} equal ${String(unequal).padStart(6)} unequal`,
  );
  for (const { metric, binMinutes, cell, stored, truth } of comparison.unequal.slice(0, shownCells)) {
    lines.push(
      `  unequal: ${metric} at ${String(binMinutes)} min, ${cell}: stored ${show(stored)}, truth ${show(truth)}`,
    );
  }
  return lines.join('\n');
}
