import { factDefinition } from '@lumina/contracts';
import type { StockScan } from '../scans/scan.ts';
import type { ScanSet } from '../scans/scan-set.ts';
import type { RowSelection } from '../scans/sum-merge.ts';
import { MINUTE_MS, ceilTo, floorTo } from '../time/grid.ts';
import type { Grid } from '../time/grid.ts';
import { PartBuilder } from './part-table.ts';
import type { PartTable } from './part-table.ts';
import { LOOK_BACK_MS, integrateStock } from './stock-integral.ts';

type StockSource = Pick<StockScan, 'column' | 'inflows' | 'outflows'>;

/** Integrals of a stock and the time they cover, per bin; whole UTC minutes, the running one up to the range's end. */
export async function readStockTable(
  scans: ScanSet,
  selection: RowSelection,
  source: StockSource,
  grid: Grid,
): Promise<PartTable> {
  const fromMs = floorTo(grid.range.fromMs, MINUTE_MS);
  const untilMs = grid.range.toMs;
  // One minute more than the look-back, for the beat before the first minute that is rebuilt.
  const range = { fromMs: fromMs - LOOK_BACK_MS - MINUTE_MS, toMs: untilMs };
  const read = await scans.stock(selection, source, range);
  const outflows = new Set(source.outflows.map((fact) => factDefinition(fact).name));
  const minutes = integrateStock(
    read.flatMap(({ levels }) => levels),
    read.flatMap(({ flows }) => flows),
    outflows,
    { fromMs, untilMs },
  );

  const isGrouped = selection.groupBy.length > 0;
  const spoilt = new Set(
    minutes.integrals.filter(({ integralMs }) => integralMs === null).map(({ minuteMs }) => minuteMs),
  );
  const binOf = (minuteMs: number): number | undefined => grid.indexOf(Math.max(minuteMs, grid.startOf(0)));
  const isKnown = (minuteMs: number): boolean => minutes.known.has(minuteMs) && (isGrouped || !spoilt.has(minuteMs));
  const coveredMs = coverage(grid, fromMs, isKnown);
  const builder = new PartBuilder({ overGroups: 'sum', overBins: 'sum', endsInElapsed: true });
  for (const { minuteMs, series, integralMs } of minutes.integrals) {
    const bin = binOf(minuteMs);
    if (bin !== undefined && integralMs !== null && (isGrouped || !spoilt.has(minuteMs)))
      builder.add(isGrouped ? [series] : [], bin, [integralMs, 0]);
  }
  const drift = new Set<number>();
  for (const minuteMs of minutes.drifting) {
    const bin = binOf(minuteMs);
    if (bin !== undefined && isKnown(minuteMs)) drift.add(bin);
  }
  const table = builder.build((bin) => ((coveredMs[bin] ?? 0) > 0 ? [0, coveredMs[bin] ?? 0] : null), drift);
  for (const { cells } of table.groups) {
    for (const [bin, vector] of cells) cells.set(bin, [vector?.[0] ?? 0, coveredMs[bin] ?? 0]);
  }
  return table;
}

function coverage(grid: Grid, fromMs: number, isKnown: (minuteMs: number) => boolean): number[] {
  const covered = grid.starts.map(() => 0);
  for (let minuteMs = fromMs; minuteMs < ceilTo(grid.range.toMs, MINUTE_MS); minuteMs += MINUTE_MS) {
    const bin = grid.indexOf(Math.max(minuteMs, grid.startOf(0)));
    if (bin === undefined || !isKnown(minuteMs)) continue;
    covered[bin] = (covered[bin] ?? 0) + Math.min(minuteMs + MINUTE_MS, grid.range.toMs) - minuteMs;
  }
  return covered;
}
