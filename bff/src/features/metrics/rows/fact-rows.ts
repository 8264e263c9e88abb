import { factDefinition } from '@lumina/contracts';
import type { DataRow, FactId, MetricFilter } from '@lumina/contracts';
import { all, any, binary, call, column, equal, integer, text } from '../../../timestream/sql/ast.ts';
import type { Expr } from '../../../timestream/sql/ast.ts';
import type { Cell, Row } from '../../../timestream/port.ts';
import { scopeOf } from '../plan/scope.ts';
import { textOf } from '../scans/cells.ts';
import { membershipOf, textColumn } from '../scans/membership.ts';
import { rowsOf } from '../scans/row-predicates.ts';
import { toPage } from './row-page.ts';
import type { RowPage, RowQuery, RowReader, RowSources } from './row-query.ts';

/** How rows of a fact are named and computed. */
interface FactRows {
  readonly fact: FactId;
  /** Textual columns by their names in rows and filters. */
  readonly texts: Readonly<Record<string, string>>;
  /** Whole numbers, which are also what rows can be ordered by. */
  readonly numbers: Readonly<Record<string, Expr>>;
}

const plus = (left: string, right: string): Expr => binary('+', column(left), column(right));
const plain = (...names: readonly string[]): Record<string, Expr> =>
  Object.fromEntries(names.map((name) => [name, column(name)]));

const CALLS: FactRows = {
  fact: 'call_metrics.call',
  texts: { call_id: 'eid', direction: 'direction', queue_id: 'queue_id', agent_id: 'agent_id', outcome: 'outcome' },
  numbers: {
    end_ms: plus('start_ms', 'dur_ms'),
    ...plain('start_ms', 'dur_ms', 'talk_ms', 'hold_ms', 'wait_ms', 'transfers'),
  },
};
const VISITS: FactRows = {
  fact: 'queue_metrics.visit',
  texts: {
    stay_id: 'eid',
    visit_id: 'visit_id',
    call_id: 'call_id',
    queue_id: 'queue_id',
    agent_id: 'agent_id',
    outcome: 'outcome',
  },
  numbers: { leave_ms: plus('join_ms', 'wait_ms'), ...plain('join_ms', 'wait_ms', 'resumed') },
};

/** Calls and visits: the facts behind a number, the very rows that it counts. */
export const CALL_ROWS = readerOf(CALLS, 'end_ms');
/** Visits to queues that have ended. */
export const VISIT_ROWS = readerOf(VISITS, 'leave_ms');

function readerOf(kind: FactRows, newest: string): RowReader {
  return {
    defaultOrder: { column: newest, isDescending: true },
    orders: Object.keys(kind.numbers),
    filters: Object.keys(kind.texts),
    permissions: ['facts:read'],
    read: (query, sources) => readFacts(kind, query, sources),
  };
}

async function readFacts(kind: FactRows, query: RowQuery, { statements, directory }: RowSources): Promise<RowPage> {
  const { identity, order, after, limit, range } = query;
  const limits = await scopeOf(kind.fact, identity.scope, identity.territoryId, directory);
  const filters = query.filters.map((filter) => membershipOf(named(kind, filter)));
  const value = call('coalesce', kind.numbers[order.column] ?? integer(0), integer(0));
  const rows = await statements.read({
    columns: [
      { expr: column('eid'), as: 'series' },
      { expr: value, as: 'slot' },
      ...Object.values(kind.texts).map((name, index) => ({ expr: textOfFact(kind.fact, name), as: `g${index}` })),
      ...Object.values(kind.numbers).map((expr, index) => ({ expr, as: `p${index}` })),
    ],
    from: { kind: 'table', table: factDefinition(kind.fact).table },
    where: all(
      rowsOf({ fact: kind.fact, where: [...limits, ...filters] }, range),
      // Claims, undone answers and voided records count nothing, so they are no rows behind a number.
      binary('<>', column('n'), integer(0)),
      ...(after === undefined ? [] : [beyond(value, after, order.isDescending)]),
    ),
    orderBy: [
      { as: 'slot', descending: order.isDescending },
      { as: 'series', descending: false },
    ],
    limit: limit + 1,
  });
  return toPage(
    rows.map((row) => toRow(kind, row)),
    order,
    limit,
  );
}

const textOfFact = (fact: FactId, name: string): Expr => textColumn(factDefinition(fact), name);

function named({ texts }: FactRows, filter: MetricFilter): MetricFilter {
  return { ...filter, dim: texts[filter.dim] ?? filter.dim };
}

function beyond(value: Expr, after: NonNullable<RowQuery['after']>, isDescending: boolean): Expr {
  const at = integer(typeof after.value === 'number' ? after.value : 0);
  return any(
    binary(isDescending ? '<' : '>', value, at),
    all(equal(value, at), binary('>', column('eid'), text(after.key))),
  );
}

function toRow({ texts, numbers }: FactRows, row: Row): DataRow {
  const integerOf = (cell: Cell | undefined): number => (typeof cell === 'number' ? cell : 0);
  return {
    key: textOf(row, 'series'),
    ...Object.fromEntries(Object.keys(texts).map((name, index) => [name, textOf(row, `g${index}`)])),
    ...Object.fromEntries(Object.keys(numbers).map((name, index) => [name, integerOf(row[`p${index}`])])),
  };
}
