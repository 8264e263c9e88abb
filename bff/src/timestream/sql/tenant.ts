import { all, column, equal, text } from './ast.ts';
import type { Expr, Select, Source } from './ast.ts';

/** Whose rows a query may read, from the verified identity and from nowhere else. */
export interface Tenant {
  readonly territoryId: number;
  readonly regionId?: number | undefined;
}

const scoped: unique symbol = Symbol('scoped');

/** A query that carries the tenant predicate; only `confine` makes one. */
export interface Scoped {
  readonly [scoped]: true;
  readonly select: Select;
}

/** Puts the tenant predicate on every table that the query reads, however deep. The last step before rendering. */
export function confine(select: Select, tenant: Tenant): Scoped {
  if (!Number.isSafeInteger(tenant.territoryId) || tenant.territoryId < 0) {
    throw new RangeError('A query needs the verified territory of its caller.');
  }
  return { [scoped]: true, select: confineSelect(select, tenant) };
}

function confineSelect(select: Select, tenant: Tenant): Select {
  const own: Expr[] = predicates(select.from, tenant);
  const joins = (select.joins ?? []).map((join) => ({
    ...join,
    on: conjunction(join.on, predicates(join.source, tenant)),
  }));
  return {
    ...select,
    with: (select.with ?? []).map(({ name, select: inner }) => ({ name, select: confineSelect(inner, tenant) })),
    joins,
    ...(own.length === 0 ? {} : { where: conjunction(select.where, own) }),
  };
}

function conjunction(condition: Expr | undefined, further: readonly Expr[]): Expr {
  return all(...(condition === undefined ? [] : [condition]), ...further);
}

function predicates(source: Source, tenant: Tenant): Expr[] {
  if (source.kind === 'common') return [];
  const territory = equal(column('territory_id', source.as), text(String(tenant.territoryId)));
  if (tenant.regionId === undefined) return [territory];
  return [territory, equal(column('region_id', source.as), text(String(tenant.regionId)))];
}
