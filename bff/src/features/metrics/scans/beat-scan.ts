import { factDefinition } from '@lumina/contracts';
import { all, bin, call, column, equal } from '../../../timestream/sql/ast.ts';
import { MINUTE_MS } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { optionalNumber, textOf } from './cells.ts';
import { beatsOf } from './row-predicates.ts';
import type { Beat, BeatScan } from './scan.ts';
import type { TenantReader } from './tenant-reader.ts';

/** Reads when each part last beat in the first slot of a minute. */
export async function readBeats(reader: TenantReader, scan: BeatScan, range: TimeRange): Promise<Map<number, Beat[]>> {
  const step = bin(column('time'), scan.binMs);
  const rows = await reader.read({
    columns: [
      { expr: step, as: 'bin' },
      { expr: column('part'), as: 'part' },
      { expr: call('max', column('at_ms')), as: 'at_ms' },
    ],
    from: { kind: 'table', table: factDefinition(scan.fact).table },
    where: all(beatsOf(scan.fact, range), equal(column('time'), bin(column('time'), MINUTE_MS))),
    groupBy: [step, column('part')],
  });
  const buckets = new Map<number, Beat[]>();
  for (const row of rows) {
    const startMs = optionalNumber(row, 'bin');
    const atMs = optionalNumber(row, 'at_ms');
    if (startMs === undefined || atMs === undefined) continue;
    buckets.set(startMs, [...(buckets.get(startMs) ?? []), { part: textOf(row, 'part'), atMs }]);
  }
  return buckets;
}
