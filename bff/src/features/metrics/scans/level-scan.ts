import { BEAT_SERIES, factDefinition } from '@lumina/contracts';
import { all, bin, call, column, derived, equal } from '../../../timestream/sql/ast.ts';
import type { Row } from '../../../timestream/port.ts';
import { floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { optionalNumber, textOf } from './cells.ts';
import { beatsOf, rowsAndBeatsOf, seriesOf } from './row-predicates.ts';
import type { LevelRow, LevelScan, Sample } from './scan.ts';
import type { TenantReader } from './tenant-reader.ts';

/** Reads, per bucket and snapshot part, the sample at the last beat. */
export async function readSamples(
  reader: TenantReader,
  scan: LevelScan,
  range: TimeRange,
): Promise<Map<number, Sample[]>> {
  const definition = factDefinition(scan.fact);
  const series = seriesOf(definition);
  const { columns, binMs } = scan;
  const step = bin(column('time'), binMs);
  const rows = await reader.read({
    with: [
      {
        name: 'beats',
        select: {
          columns: [
            { expr: step, as: 'bin' },
            { expr: column('part'), as: 'part' },
            { expr: call('max', column('time')), as: 'slot' },
          ],
          from: { kind: 'table', table: definition.table },
          where: beatsOf(scan.fact, range),
          groupBy: [step, column('part')],
        },
      },
    ],
    columns: [
      { expr: column('time', 'l'), as: 'slot' },
      { expr: column('part', 'l'), as: 'part' },
      { expr: column(series, 'l'), as: 'series' },
      { expr: column('at_ms', 'l'), as: 'at_ms' },
      { expr: column('interval_ms', 'l'), as: 'interval_ms' },
      ...columns.map((name, index) => ({ expr: column(name, 'l'), as: `p${index}` })),
    ],
    from: { kind: 'table', table: definition.table, as: 'l' },
    joins: [
      {
        type: 'inner',
        source: { kind: 'common', name: 'beats', as: 'b' },
        on: all(equal(column('time', 'l'), derived('slot', 'b')), equal(column('part', 'l'), derived('part', 'b'))),
      },
    ],
    where: rowsAndBeatsOf(scan, range, 'l'),
  });
  const buckets = new Map<number, Sample[]>();
  for (const sample of samplesOf(rows, columns.length)) {
    const startMs = floorTo(sample.slotMs, binMs);
    buckets.set(startMs, [...(buckets.get(startMs) ?? []), sample]);
  }
  return buckets;
}

function samplesOf(rows: readonly Row[], columnCount: number): Sample[] {
  const samples = new Map<string, Sample & { rows: LevelRow[] }>();
  const found = rows.map((row) => ({
    slotMs: optionalNumber(row, 'slot') ?? 0,
    part: textOf(row, 'part'),
    series: textOf(row, 'series'),
    atMs: optionalNumber(row, 'at_ms'),
    intervalMs: optionalNumber(row, 'interval_ms'),
    values: Array.from({ length: columnCount }, (_, index) => optionalNumber(row, `p${index}`)),
  }));
  for (const { slotMs, part, series: name, atMs = slotMs, intervalMs = 0 } of found) {
    if (name === BEAT_SERIES) samples.set(`${slotMs} ${part}`, { slotMs, part, atMs, intervalMs, rows: [] });
  }
  for (const { slotMs, part, series: name, values } of found) {
    if (name !== BEAT_SERIES) samples.get(`${slotMs} ${part}`)?.rows.push({ slotMs, part, series: name, values });
  }
  return [...samples.values()].sort((a, b) => a.slotMs - b.slotMs);
}
