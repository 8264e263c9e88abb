import { BEAT_SERIES, factDefinition } from '@lumina/contracts';
import { all, bin, call, column, derived, equal } from '../../../timestream/sql/ast.ts';
import type { Row } from '../../../timestream/port.ts';
import type { Grid } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { RETIRED_AFTER_MS } from './as-of.ts';
import { optionalNumber, textOf } from './cells.ts';
import type { Reader } from './reader.ts';
import { beatsOf, rowsAndBeatsOf, seriesOf } from './scan.ts';
import type { RowSelection } from './scan.ts';

/** One series at a beat. A measure that the row lacks is undefined. */
export interface LevelRow {
  readonly slotMs: number;
  readonly part: string;
  readonly series: string;
  readonly values: readonly (number | undefined)[];
}

/** One part's complete sample: every series that is not in `rows` is 0. */
export interface Sample {
  readonly slotMs: number;
  readonly part: string;
  readonly atMs: number;
  readonly intervalMs: number;
  readonly rows: readonly LevelRow[];
}

/** What is known at one instant. */
export interface Reading {
  /** Newest row of each series, from parts that are not silent. */
  readonly rows: readonly (LevelRow & { readonly atMs: number })[];
  /** Some part is silent: series without a row cannot be told from series that are 0. */
  readonly isPartial: boolean;
}

const SILENT_AFTER_INTERVALS = 3;

/** Reads the samples at the last beat of each step and part, and of the ten minutes before the range. */
export async function readSamples(
  reader: Reader,
  selection: RowSelection,
  columns: readonly string[],
  grid: Grid,
): Promise<Sample[]> {
  const definition = factDefinition(selection.fact);
  const series = seriesOf(definition);
  const range: TimeRange = {
    fromMs: Math.min(grid.startOf(0), grid.range.fromMs) - RETIRED_AFTER_MS,
    toMs: grid.range.toMs,
  };
  const step = bin(column('time'), grid.stepMs);
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
          where: beatsOf(selection.fact, range),
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
    where: rowsAndBeatsOf(selection, range, 'l'),
  });
  return samplesOf(rows, columns.length);
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

/** What the samples say at the end of each bin (or of the range); undefined where they say nothing. */
export function readingsAtBinEnds(samples: readonly Sample[], grid: Grid): (Reading | undefined)[] {
  const newest = new Map<string, Sample>();
  let next = 0;
  return grid.starts.map((_, bin) => {
    const { toMs } = grid.clip(bin);
    for (let sample = samples[next]; sample !== undefined && sample.slotMs < toMs; sample = samples[next]) {
      newest.set(sample.part, sample);
      next += 1;
    }
    return readingAt([...newest.values()], toMs);
  });
}

function readingAt(newest: readonly Sample[], instantMs: number): Reading | undefined {
  const seen = newest.filter(({ slotMs }) => slotMs >= instantMs - RETIRED_AFTER_MS);
  const speaking = seen.filter(({ atMs, intervalMs }) => instantMs - atMs <= SILENT_AFTER_INTERVALS * intervalMs);
  if (speaking.length === 0) return undefined;
  // A series belongs to the part of its newest row: when it has moved, the older row is history.
  const rows = new Map<string, LevelRow & { atMs: number }>();
  for (const sample of [...speaking].sort((a, b) => a.slotMs - b.slotMs)) {
    for (const row of sample.rows) rows.set(row.series, { ...row, atMs: sample.atMs });
  }
  return { rows: [...rows.values()], isPartial: speaking.length < seen.length };
}
