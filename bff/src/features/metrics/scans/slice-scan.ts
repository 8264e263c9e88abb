import { factDefinition } from '@lumina/contracts';
import { column } from '../../../timestream/sql/ast.ts';
import { floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { numberOf, optionalNumber, textOf } from './cells.ts';
import { textColumn } from './membership.ts';
import { rowsOf } from './row-predicates.ts';
import type { Slice, SliceScan } from './scan.ts';
import type { TenantReader } from './tenant-reader.ts';

/** Reads slices as they are, not clipped. */
export async function readSlices(
  reader: TenantReader,
  scan: SliceScan,
  range: TimeRange,
): Promise<Map<number, Slice[]>> {
  const definition = factDefinition(scan.fact);
  const rows = await reader.read({
    columns: [
      { expr: column('time'), as: 'slot' },
      { expr: column('state'), as: 's' },
      { expr: column('ms'), as: 'p0' },
      ...scan.groupBy.map((name, index) => ({ expr: textColumn(definition, name), as: `g${index}` })),
    ],
    from: { kind: 'table', table: definition.table },
    where: rowsOf(scan, range),
  });
  const buckets = new Map<number, Slice[]>();
  for (const row of rows) {
    const startMs = optionalNumber(row, 'slot');
    if (startMs === undefined) continue;
    const bucketMs = floorTo(startMs, scan.binMs);
    const slices = buckets.get(bucketMs) ?? [];
    slices.push({
      startMs,
      ms: numberOf(row, 'p0'),
      state: textOf(row, 's'),
      group: scan.groupBy.map((_, index) => textOf(row, `g${index}`)),
    });
    buckets.set(bucketMs, slices);
  }
  return buckets;
}
