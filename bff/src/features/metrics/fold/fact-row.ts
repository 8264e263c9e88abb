import { BEAT_SERIES, MISSING, factDefinition } from '@lumina/contracts';
import type { FactId } from '@lumina/contracts';
import { accepts } from '../scans/membership.ts';
import type { Membership } from '../scans/membership.ts';
import { seriesOf } from '../scans/row-predicates.ts';
import { floorTo } from '../time/grid.ts';

/** A stored record as it stands: the newest version of its key. */
export interface FactRow {
  readonly fact: FactId;
  /** The record's time in whole ms. That of a hashed record may lie anywhere in its second, so nothing finer is asked. */
  readonly timeMs: number;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly measures: Readonly<Record<string, number | string>>;
}

/** The rows of a sampled fact that meet all conditions, and its beats, which pass every condition. */
export function rowsAndBeats(
  scan: { readonly fact: FactId; readonly where: readonly Membership[] },
  rows: readonly FactRow[],
): FactRow[] {
  const series = seriesOf(factDefinition(scan.fact));
  return rows.filter((row) => row.fact === scan.fact && (isBeatOf(row, series) || meets(row, scan.where)));
}

/** Whether a row is the proof of a sample. */
export function isBeatOf(row: FactRow, series: string): boolean {
  return row.dimensions[series] === BEAT_SERIES;
}

/** Whether a row meets all conditions. */
export function meets(row: FactRow, where: readonly Membership[]): boolean {
  return where.every((item) => accepts(item, textOf(row, item.column), row.timeMs));
}

/** The snapshot part of a sampled row. */
export function partOf(row: FactRow): string {
  return textOf(row, 'part');
}

/** A text of a row; a missing one is the fact model's `-`. */
export function textOf(row: FactRow, name: string): string {
  const value = row.dimensions[name] ?? row.measures[name];
  return typeof value === 'string' && value !== '' ? value : MISSING;
}

/** A number of a row; undefined where it has none. */
export function numberOf(row: FactRow, name: string): number | undefined {
  const value = row.measures[name];
  return typeof value === 'number' ? value : undefined;
}

/** Rows by the start of their bucket. */
export function byBucket(rows: readonly FactRow[], binMs: number): Map<number, FactRow[]> {
  return Map.groupBy(rows, ({ timeMs }) => floorTo(timeMs, binMs));
}

/** Rows by the values of some columns. */
export function byGroup(rows: readonly FactRow[], names: readonly string[]): Map<readonly string[], FactRow[]> {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(names.map((name) => textOf(row, name))));
  return new Map([...groups].map(([key, members]) => [JSON.parse(key) as string[], members]));
}
