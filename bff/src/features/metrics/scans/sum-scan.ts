import { factDefinition } from '@lumina/contracts';
import { all, bin, binary, call, column, integer, text, when } from '../../../timestream/sql/ast.ts';
import type { Expr } from '../../../timestream/sql/ast.ts';
import type { TimeRange } from '../time/range.ts';
import { numberOf, optionalNumber, textOf } from './cells.ts';
import { textColumn } from './membership.ts';
import { rowsOf } from './row-predicates.ts';
import type { Condition, GroupCell, SumScan, Term } from './scan.ts';
import type { TenantReader } from './tenant-reader.ts';

/** Reads a sum scan: one query, however many widgets want it. */
export async function readSums(
  reader: TenantReader,
  scan: SumScan,
  range: TimeRange,
): Promise<Map<number, GroupCell[]>> {
  const definition = factDefinition(scan.fact);
  const groups = scan.groupBy.map((name) => textColumn(definition, name));
  const step = bin(column('time'), scan.binMs);
  const rows = await reader.read({
    columns: [
      { expr: step, as: 'bin' },
      ...groups.map((expr, index) => ({ expr, as: `g${index}` })),
      ...scan.terms.map((term, index) => ({ expr: aggregate(term), as: `p${index}` })),
    ],
    from: { kind: 'table', table: definition.table },
    where: rowsOf(scan, range),
    groupBy: [step, ...groups],
  });
  const buckets = new Map<number, GroupCell[]>();
  for (const row of rows) {
    const startMs = optionalNumber(row, 'bin');
    const values = scan.terms.map((_, index) => numberOf(row, `p${index}`));
    if (startMs === undefined || isBare(scan, values)) continue;
    const cells = buckets.get(startMs) ?? [];
    cells.push({ group: scan.groupBy.map((_, index) => textOf(row, `g${index}`)), values });
    buckets.set(startMs, cells);
  }
  return buckets;
}

/**
 * Claims of a key, undone answers and voided records count nothing, and a claim lacks even its textual measures: they found
 * no group. Scans read all parts of their fact, so this does not depend on what was asked.
 */
function isBare({ terms }: SumScan, values: readonly number[]): boolean {
  return values.every((value, index) => value === 0 && terms[index]?.aggregate === 'sum');
}

function aggregate(term: Term): Expr {
  const value = term.times === undefined ? column(term.column) : binary('*', column(term.column), column(term.times));
  if (term.where.length === 0) return call(term.aggregate, value);
  return call(term.aggregate, when(all(...term.where.map(condition)), value, integer(0)));
}

function condition({ column: name, op, value }: Condition): Expr {
  return binary(op, column(name), typeof value === 'number' ? integer(value) : text(value));
}
