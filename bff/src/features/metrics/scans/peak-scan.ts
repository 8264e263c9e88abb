import { BEAT_SERIES, factDefinition } from '@lumina/contracts';
import { bin, binary, call, column, derived, equal, integer, text, when } from '../../../timestream/sql/ast.ts';
import type { Expr } from '../../../timestream/sql/ast.ts';
import type { TimeRange } from '../time/range.ts';
import { numberOf, optionalNumber, textOf } from './cells.ts';
import { rowsAndBeatsOf, seriesOf } from './row-predicates.ts';
import type { GroupCell, PeakScan } from './scan.ts';
import type { TenantReader } from './tenant-reader.ts';

/**
 * Reads the largest per-slot sums of each bucket: 0 where only beats were seen, no bucket where not even those. Under a
 * grouping by series the beats' own series is a group too, and proves the sample.
 */
export async function readPeaks(
  reader: TenantReader,
  scan: PeakScan,
  range: TimeRange,
): Promise<Map<number, GroupCell[]>> {
  const definition = factDefinition(scan.fact);
  const series = column(seriesOf(definition));
  const groups = scan.groupBy.map((name) => column(name));
  const isBeat = equal(series, text(BEAT_SERIES));
  const level = (columns: readonly string[]): Expr =>
    columns.map((name): Expr => column(name)).reduce((left, right) => binary('+', left, right));
  const step = bin(derived('slot', 's'), scan.binMs);
  const outerGroups = groups.map((_, index) => derived(`g${index}`, 's'));
  const rows = await reader.read({
    with: [
      {
        name: 'slots',
        select: {
          columns: [
            { expr: column('time'), as: 'slot' },
            ...groups.map((expr, index) => ({ expr, as: `g${index}` })),
            ...scan.levels.map((columns, index) => ({
              expr: call('sum', when(isBeat, integer(0), level(columns))),
              as: `p${index}`,
            })),
          ],
          from: { kind: 'table', table: definition.table },
          where: rowsAndBeatsOf(scan, range),
          groupBy: [column('time'), ...groups],
        },
      },
    ],
    columns: [
      { expr: step, as: 'bin' },
      ...outerGroups.map((expr, index) => ({ expr, as: `g${index}` })),
      ...scan.levels.map((_, index) => ({ expr: call('max', derived(`p${index}`, 's')), as: `p${index}` })),
    ],
    from: { kind: 'common', name: 'slots', as: 's' },
    groupBy: [step, ...outerGroups],
  });
  const buckets = new Map<number, GroupCell[]>();
  for (const row of rows) {
    const startMs = optionalNumber(row, 'bin') ?? 0;
    const cells = buckets.get(startMs) ?? [];
    cells.push({
      group: groups.map((_, index) => textOf(row, `g${index}`)),
      values: scan.levels.map((_, index) => numberOf(row, `p${index}`)),
    });
    buckets.set(startMs, cells);
  }
  return buckets;
}
