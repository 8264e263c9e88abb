import { encodeDuration, encodeInteger, encodeText, encodeTime } from './literal.ts';
import type { Expr, Join, Select, Source } from './ast.ts';
import type { Scoped } from './tenant.ts';

/** Which identifiers a query may contain. */
export interface Identifiers {
  readonly database: string;
  readonly tables: ReadonlySet<string>;
  readonly columns: ReadonlySet<string>;
}

// Names that the planner invents: output columns, common tables and their aliases.
const ALIAS = /^(?:[a-z]|bin|beats|slots|[gp][0-9]{1,3}|at_ms|slot|series|part|interval_ms)$/u;

/** An identifier that is neither in the catalogue nor one of the planner's own aliases. */
export class IdentifierError extends Error {
  readonly code = 'identifier_refused';

  constructor(name: string) {
    super(`Not a name of the metric catalogue: ${JSON.stringify(name)}`);
    this.name = 'IdentifierError';
  }
}

/**
 * Renders a query whose tenant predicate is already in place (hence `Scoped`).
 * `absent` are columns that no row has yet; Timestream rejects them, so they are read as null.
 */
export function render(
  query: Scoped,
  identifiers: Identifiers,
  absent: ReadonlyMap<string, string> = new Map(),
): string {
  return new Renderer(identifiers, absent).select(query.select);
}

class Renderer {
  readonly #identifiers: Identifiers;
  readonly #absent: ReadonlyMap<string, string>;

  constructor(identifiers: Identifiers, absent: ReadonlyMap<string, string>) {
    this.#identifiers = identifiers;
    this.#absent = absent;
  }

  select(query: Select): string {
    const common = (query.with ?? []).map(({ name, select }) => `${alias(name)} AS (${this.select(select)})`);
    const columns = query.columns.map(({ expr, as }) => `${this.expr(expr)} AS ${alias(as)}`);
    return [
      common.length === 0 ? '' : `WITH ${common.join(', ')} `,
      `SELECT ${columns.join(', ')} FROM ${this.source(query.from)}`,
      ...(query.joins ?? []).map((join) => this.join(join)),
      query.where === undefined ? '' : ` WHERE ${this.expr(query.where)}`,
      query.groupBy === undefined || query.groupBy.length === 0
        ? ''
        : ` GROUP BY ${query.groupBy.map((expr) => this.expr(expr)).join(', ')}`,
      query.orderBy === undefined ? '' : ` ORDER BY ${query.orderBy.map(order).join(', ')}`,
      query.limit === undefined ? '' : ` LIMIT ${encodeInteger(query.limit)}`,
    ].join('');
  }

  join({ source, on, type }: Join): string {
    return ` ${type === 'left' ? 'LEFT' : 'INNER'} JOIN ${this.source(source)} ON ${this.expr(on)}`;
  }

  source(source: Source): string {
    const as = source.as === undefined ? '' : ` AS ${alias(source.as)}`;
    if (source.kind === 'common') return `${alias(source.name)}${as}`;
    if (!this.#identifiers.tables.has(source.table)) throw new IdentifierError(source.table);
    return `"${this.#identifiers.database}"."${source.table}"${as}`;
  }

  expr(expr: Expr): string {
    switch (expr.kind) {
      case 'column':
        return this.column(expr.name, expr.of);
      case 'derived':
        return `${alias(expr.of)}.${alias(expr.name)}`;
      case 'text':
        return encodeText(expr.value);
      case 'integer':
        return encodeInteger(expr.value);
      case 'time':
        return encodeTime(expr.epochMs);
      case 'duration':
        return encodeDuration(expr.ms);
      case 'call':
        return `${expr.name}(${expr.args.map((arg) => this.expr(arg)).join(', ')})`;
      case 'binary':
        return `(${this.expr(expr.left)} ${expr.op} ${this.expr(expr.right)})`;
      case 'all':
        return this.combine(expr.items, ' AND ', '(1 = 1)');
      case 'any':
        return this.combine(expr.items, ' OR ', '(1 = 0)');
      case 'in':
        return this.membership(expr.item, expr.values, expr.negated);
      case 'case':
        return `(CASE WHEN ${this.expr(expr.when)} THEN ${this.expr(expr.then)} ELSE ${this.expr(expr.otherwise)} END)`;
    }
  }

  column(name: string, of: string | undefined): string {
    if (!this.#identifiers.columns.has(name)) throw new IdentifierError(name);
    const type = this.#absent.get(name);
    if (type !== undefined) return `CAST(NULL AS ${type})`;
    return of === undefined ? name : `${alias(of)}.${name}`;
  }

  combine(items: readonly Expr[], separator: string, empty: string): string {
    return items.length === 0 ? empty : `(${items.map((item) => this.expr(item)).join(separator)})`;
  }

  membership(item: Expr, values: readonly Expr[], negated: boolean): string {
    if (values.length === 0) return negated ? '(1 = 1)' : '(1 = 0)';
    const list = values.map((value) => this.expr(value)).join(', ');
    return `(${this.expr(item)} ${negated ? 'NOT IN' : 'IN'} (${list}))`;
  }
}

function order({ as, descending }: { readonly as: string; readonly descending: boolean }): string {
  return `${alias(as)} ${descending ? 'DESC' : 'ASC'}`;
}

function alias(name: string): string {
  if (!ALIAS.test(name)) throw new IdentifierError(name);
  return name;
}
