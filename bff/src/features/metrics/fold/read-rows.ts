import { factDefinition } from '@lumina/contracts';
import type { FactId } from '@lumina/contracts';
import { all, column, equal, text } from '../../../timestream/sql/ast.ts';
import type { Row, TimeSeriesStore } from '../../../timestream/port.ts';
import { optionalNumber } from '../scans/cells.ts';
import { during } from '../scans/row-predicates.ts';
import type { ScanSubject } from '../scans/scan.ts';
import { TenantReader } from '../scans/tenant-reader.ts';
import type { TimeRange } from '../time/range.ts';
import { rowOfStore } from './fact-key.ts';
import type { VersionedRow } from './fact-key.ts';

/** Reads the rows of a fact as they stand, of one territory and no scope. */
export async function readRows(
  store: TimeSeriesStore,
  { territoryId, regionId }: Pick<ScanSubject, 'territoryId' | 'regionId'>,
  fact: FactId,
  range: TimeRange,
  signal?: AbortSignal,
): Promise<VersionedRow[]> {
  const definition = factDefinition(fact);
  const measures = Object.keys(definition.measures);
  const rows = await new TenantReader(store, { territoryId, regionId }, signal).read({
    columns: [
      { expr: column('time'), as: 'slot' },
      ...definition.dimensions.map((name, index) => ({ expr: column(name), as: `g${String(index)}` })),
      ...measures.map((name, index) => ({ expr: column(name), as: `p${String(index)}` })),
    ],
    from: { kind: 'table', table: definition.table },
    where: all(equal(column('measure_name'), text(definition.name)), during(range)),
  });
  return rows.flatMap((row) => rowOf(row, fact, measures) ?? []);
}

function rowOf(row: Row, fact: FactId, names: readonly string[]): VersionedRow | undefined {
  const timeMs = optionalNumber(row, 'slot');
  if (timeMs === undefined) return undefined;
  const dimensions: Record<string, string> = {};
  for (const [index, name] of factDefinition(fact).dimensions.entries()) {
    const value = row[`g${String(index)}`];
    if (typeof value === 'string') dimensions[name] = value;
  }
  const measures: Record<string, number | string> = {};
  for (const [index, name] of names.entries()) {
    const value = row[`p${String(index)}`];
    if (typeof value === 'number' || typeof value === 'string') measures[name] = value;
  }
  // A claim holds a place for a row that is about to come; it counts nothing.
  return measures['claim'] === 1 ? undefined : rowOfStore({ fact, timeMs, dimensions, measures });
}
