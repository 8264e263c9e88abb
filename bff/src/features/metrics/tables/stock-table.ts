import { factDefinition } from '@lumina/contracts';
import type { StockScan } from '../scans/scan.ts';
import type { ScanSet } from '../scans/scan-set.ts';
import type { RowSelection } from '../scans/sum-merge.ts';
import { DAY_MS, MINUTE_MS, floorTo } from '../time/grid.ts';
import type { Grid } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { PartBuilder } from './part-table.ts';
import type { PartTable } from './part-table.ts';
import { LOOK_BACK_MS, integrateStock } from './stock-integral.ts';
import type { StockMinutes } from './stock-integral.ts';

type StockSource = Pick<StockScan, 'column' | 'inflows' | 'outflows'>;

/**
 * So much is rebuilt at once: every stretch reads its own anchors, and no single read grows with the range. Begins at
 * multiples of it since the epoch, so that overlapping ranges read the same stretches.
 */
const STRETCH_MS = 2 * DAY_MS;

/** Integrals of a stock and the time they cover, per bin; whole UTC minutes, the running one up to the range's end. */
export async function readStockTable(
  scans: ScanSet,
  selection: RowSelection,
  source: StockSource,
  grid: Grid,
): Promise<PartTable> {
  const isGrouped = selection.groupBy.length > 0;
  const builder = new PartBuilder({ overGroups: 'sum', overBins: 'sum', endsInElapsed: true });
  const coveredMs = grid.starts.map(() => 0);
  const drift = new Set<number>();
  await Promise.all(
    stretchesOf(grid).map(async (stretch) => {
      addMinutes(await integrate(scans, selection, source, stretch), stretch, {
        grid,
        isGrouped,
        builder,
        coveredMs,
        drift,
      });
    }),
  );
  const table = builder.build((bin) => ((coveredMs[bin] ?? 0) > 0 ? [0, coveredMs[bin] ?? 0] : null), drift);
  for (const { cells } of table.groups) {
    for (const [bin, vector] of cells) cells.set(bin, [vector?.[0] ?? 0, coveredMs[bin] ?? 0]);
  }
  return table;
}

function stretchesOf({ range }: Grid): TimeRange[] {
  const stretches: TimeRange[] = [];
  for (let fromMs = floorTo(range.fromMs, MINUTE_MS); fromMs < range.toMs;) {
    const toMs = Math.min(range.toMs, floorTo(fromMs, STRETCH_MS) + STRETCH_MS);
    stretches.push({ fromMs, toMs });
    fromMs = toMs;
  }
  return stretches;
}

async function integrate(
  scans: ScanSet,
  selection: RowSelection,
  source: StockSource,
  { fromMs, toMs }: TimeRange,
): Promise<StockMinutes> {
  // One minute more than the look-back, for the beat before the first minute that is rebuilt.
  const read = await scans.stock(selection, source, { fromMs: fromMs - LOOK_BACK_MS - MINUTE_MS, toMs });
  return integrateStock(
    read.flatMap(({ levels }) => levels),
    read.flatMap(({ flows }) => flows),
    new Set(source.outflows.map((fact) => factDefinition(fact).name)),
    { fromMs, untilMs: toMs },
  );
}

/** Where the minutes of all stretches come together. */
interface Gathering {
  readonly grid: Grid;
  readonly isGrouped: boolean;
  readonly builder: PartBuilder;
  readonly coveredMs: number[];
  readonly drift: Set<number>;
}

function addMinutes(
  { integrals, known, drifting }: StockMinutes,
  { fromMs, toMs }: TimeRange,
  { grid, isGrouped, builder, coveredMs, drift }: Gathering,
): void {
  // A total is known only where all of its series are.
  const spoilt = new Set(
    isGrouped ? [] : integrals.filter(({ integralMs }) => integralMs === null).map(({ minuteMs }) => minuteMs),
  );
  const binOf = (minuteMs: number): number | undefined => grid.indexOf(Math.max(minuteMs, grid.startOf(0)));
  for (const { minuteMs, series, integralMs } of integrals) {
    const bin = binOf(minuteMs);
    if (bin !== undefined && integralMs !== null && !spoilt.has(minuteMs))
      builder.add(isGrouped ? [series] : [], bin, [integralMs, 0]);
  }
  for (let minuteMs = fromMs; minuteMs < toMs; minuteMs += MINUTE_MS) {
    const bin = binOf(minuteMs);
    if (bin === undefined || !known.has(minuteMs) || spoilt.has(minuteMs)) continue;
    coveredMs[bin] = (coveredMs[bin] ?? 0) + Math.min(minuteMs + MINUTE_MS, toMs) - minuteMs;
    if (drifting.has(minuteMs)) drift.add(bin);
  }
}
