import { factDefinition } from '@lumina/contracts';
import type { FactDefinition } from '@lumina/contracts';
import { all, bin, binary, call, column, integer, text, when } from '../../../timestream/sql/ast.ts';
import type { Expr, Operator } from '../../../timestream/sql/ast.ts';
import type { Row } from '../../../timestream/port.ts';
import type { Grid } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { textColumn } from '../plan/predicates.ts';
import { numberOf, optionalNumber, textOf } from './cells.ts';
import type { Reader } from './reader.ts';
import { rowsOf } from './scan.ts';
import type { RowSelection } from './scan.ts';

export interface Condition {
  readonly column: string;
  readonly op: Operator;
  readonly value: number | string;
}

/** One additive part: a column, possibly times another, over the rows that meet some conditions. */
export interface Term {
  readonly aggregate: 'sum' | 'max';
  readonly column: string;
  readonly times?: string | undefined;
  readonly where: readonly Condition[];
}

/** One cell of a scan's result: the terms' values in one step of time and one group. */
export interface SumCell {
  readonly stepMs: number;
  readonly group: readonly string[];
  readonly values: readonly number[];
}

/** Reads the terms of one selection at the grid's step: one query, however many widgets want it. */
export async function readSums(
  reader: Reader,
  selection: RowSelection,
  terms: readonly Term[],
  grid: Pick<Grid, 'stepMs'>,
  range: TimeRange,
): Promise<SumCell[]> {
  const definition = factDefinition(selection.fact);
  const groups = selection.groupBy.map((name) => textColumn(definition, name));
  const step = bin(column('time'), grid.stepMs);
  const rows = await reader.read({
    columns: [
      { expr: step, as: 'bin' },
      ...groups.map((expr, index) => ({ expr, as: `g${index}` })),
      ...terms.map((term, index) => ({ expr: aggregate(term), as: `p${index}` })),
    ],
    from: { kind: 'table', table: definition.table },
    where: rowsOf(selection, range),
    groupBy: [step, ...groups],
  });
  return rows.flatMap((row) => cellOf(row, definition, selection, terms));
}

function cellOf(row: Row, definition: FactDefinition, { groupBy }: RowSelection, terms: readonly Term[]): SumCell[] {
  const stepMs = optionalNumber(row, 'bin');
  if (stepMs === undefined) return [];
  const values = terms.map((_, index) => numberOf(row, `p${index}`));
  // A claim of a record's key holds nothing yet, not even its textual measures: it must not found a group.
  const isBare = groupBy.some((name) => !definition.dimensions.includes(name)) && values.every((value) => value === 0);
  return isBare ? [] : [{ stepMs, group: groupBy.map((_, index) => textOf(row, `g${index}`)), values }];
}

function aggregate(term: Term): Expr {
  const value = term.times === undefined ? column(term.column) : binary('*', column(term.column), column(term.times));
  if (term.where.length === 0) return call(term.aggregate, value);
  return call(term.aggregate, when(all(...term.where.map(condition)), value, integer(0)));
}

function condition({ column: name, op, value }: Condition): Expr {
  return binary(op, column(name), typeof value === 'number' ? integer(value) : text(value));
}
