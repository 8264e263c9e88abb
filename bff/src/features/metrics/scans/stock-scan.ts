import { factDefinition } from '@lumina/contracts';
import { MINUTE_MS, ceilTo, floorTo } from '../time/grid.ts';
import type { Grid } from '../time/grid.ts';
import { PartBuilder } from './parts.ts';
import type { PartTable } from './parts.ts';
import type { Reader } from './reader.ts';
import { LOOK_BACK_MS, integrateStock } from './stock-integral.ts';
import { readMinuteFlows, readMinuteLevels } from './stock-rows.ts';
import type { StockSources } from './stock-rows.ts';

/** Integrals of a stock and the time they cover, per bin; whole UTC minutes, the running one up to the range's end. */
export async function readStock(reader: Reader, sources: StockSources, grid: Grid): Promise<PartTable> {
  const fromMs = floorTo(grid.range.fromMs, MINUTE_MS);
  const untilMs = grid.range.toMs;
  // One minute more than the look-back, for the beat before the first minute that is rebuilt.
  const range = { fromMs: fromMs - LOOK_BACK_MS - MINUTE_MS, toMs: untilMs };
  const [levels, flows] = await Promise.all([
    readMinuteLevels(reader, sources, range),
    readMinuteFlows(reader, sources, range),
  ]);
  const outflows = new Set(sources.outflows.map((fact) => factDefinition(fact).name));
  const minutes = integrateStock(levels, flows, outflows, { fromMs, untilMs });

  const isGrouped = sources.level.groupBy.length > 0;
  const spoilt = new Set(
    minutes.integrals.filter(({ integralMs }) => integralMs === null).map(({ minuteMs }) => minuteMs),
  );
  const coveredMs = coverage(
    grid,
    fromMs,
    (minuteMs) => minutes.known.has(minuteMs) && (isGrouped || !spoilt.has(minuteMs)),
  );
  const builder = new PartBuilder({ overGroups: 'sum', overBins: 'sum', endsInElapsed: true });
  for (const { minuteMs, series, integralMs } of minutes.integrals) {
    const bin = grid.indexOf(Math.max(minuteMs, grid.startOf(0)));
    const isKnown = isGrouped || !spoilt.has(minuteMs);
    if (bin !== undefined && integralMs !== null && isKnown)
      builder.add(isGrouped ? [series] : [], bin, [integralMs, 0]);
  }
  const table = builder.build((bin) => ((coveredMs[bin] ?? 0) > 0 ? [0, coveredMs[bin] ?? 0] : null));
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
