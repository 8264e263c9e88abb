// What a query means: rows joined, filtered, grouped, windowed and put in order, over the meaning of expressions.
import { evaluate, isNumeric, must, order, ranged, typeOf, common } from './expression.ts';
import type { Value, TableRow, Scope } from './expression.ts';
import type { Aggregate, Expr, FuzzQuery, FuzzType, Order, Window } from './syntax.ts';

function typeOfAggregate({ name, of, filter }: Aggregate): FuzzType {
  if (filter !== undefined) must(typeOf(filter), typeOf(filter) === 'boolean');
  if (of === undefined || name === 'count') {
    if (of !== undefined) typeOf(of);
    return 'bigint';
  }
  const type = typeOf(of);
  if (name === 'min' || name === 'max') return type;
  must(type, isNumeric(type));
  return name === 'avg' || type === 'double' ? 'double' : 'bigint';
}

const keyOf = (values: readonly Value[]): string =>
  JSON.stringify(
    values.map((value) =>
      value === null ? null : typeof value === 'number' ? value + 0 : `${typeof value} ${String(value)}`,
    ),
  );

function aggregate(spec: Aggregate, rows: readonly Scope[]): Value {
  const kept = rows.filter((row) => spec.filter === undefined || evaluate(spec.filter, row) === true);
  const { of } = spec;
  if (of === undefined) return BigInt(kept.length);
  // What the filter leaves out is computed too, for its failures.
  for (const row of rows) evaluate(of, row);
  const present = kept.map((row) => evaluate(of, row)).filter((value) => value !== null);
  const values = spec.isDistinct ? [...new Map(present.map((value) => [keyOf([value]), value])).values()] : present;
  if (spec.name === 'count') return BigInt(values.length);
  if (values.length === 0) return null;
  const type = typeOfAggregate(spec);
  if (spec.name === 'min') return values.reduce((least, value) => (order(value, least) < 0 ? value : least));
  if (spec.name === 'max') return values.reduce((most, value) => (order(value, most) > 0 ? value : most));
  if (spec.name === 'avg') return values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length;
  if (type === 'double') return values.reduce<number>((sum, value) => sum + Number(value), 0);
  return ranged(
    values.reduce<bigint>((sum, value) => sum + (typeof value === 'bigint' ? value : 0n), 0n),
    'bigint',
  );
}

/** NULLs come last unless said otherwise, in either direction. */
function byOrder(items: readonly Order[]): (left: Scope, right: Scope) => number {
  return (left, right) => {
    for (const { by, isDescending, nulls } of items) {
      const [x, y] = [evaluate(by, left), evaluate(by, right)];
      if (x === null && y === null) continue;
      if (x === null || y === null) return (x === null) === (nulls === 'first') ? -1 : 1;
      const sign = order(x, y);
      if (sign !== 0) return isDescending ? -sign : sign;
    }
    return 0;
  };
}

function typeOfWindow({ name, of }: Window): FuzzType {
  if (of === undefined) return 'bigint';
  const own = name === 'sum' || name === 'count' ? name : 'min';
  return typeOfAggregate({ name: own, of, isDistinct: false, filter: undefined });
}

/** The values of a window function, by row. */
function windowValues(window: Window, rows: readonly Scope[]): Map<Scope, Value> {
  const values = new Map<Scope, Value>();
  const compare = byOrder(window.orderBy);
  const partitions = Map.groupBy(rows, (row) => keyOf(window.partitionBy.map((part) => evaluate(part, row))));
  for (const partition of partitions.values()) {
    const sorted = [...partition].sort(compare);
    for (const [index, row] of sorted.entries()) values.set(row, windowValue(window, sorted, index, compare));
  }
  return values;
}

function windowValue(
  { name, of, offset, precedingRows }: Window,
  sorted: readonly Scope[],
  index: number,
  compare: (left: Scope, right: Scope) => number,
): Value {
  const row = sorted[index];
  if (row === undefined) return null;
  const firstPeer = sorted.findIndex((other) => compare(other, row) === 0);
  if (name === 'row_number') return BigInt(index + 1);
  if (name === 'rank') return BigInt(firstPeer + 1);
  if (name === 'dense_rank') {
    const before = sorted.slice(0, firstPeer);
    return BigInt(before.filter((other, at) => at === 0 || compare(before[at - 1] ?? other, other) !== 0).length + 1);
  }
  if (name === 'lag' || name === 'lead') {
    const other = sorted[name === 'lag' ? index - offset : index + offset];
    return of === undefined || other === undefined ? null : evaluate(of, other);
  }
  const frame =
    precedingRows === undefined
      ? sorted.slice(0, sorted.findLastIndex((other) => compare(other, row) === 0) + 1)
      : sorted.slice(Math.max(0, index - precedingRows), index + 1);
  return aggregate({ name, of, isDistinct: false, filter: undefined }, frame);
}

function joined(query: FuzzQuery, tables: readonly (readonly TableRow[])[]): Scope[] {
  const left = (tables[query.left] ?? []).map((row): Scope => ({ l: row, r: undefined }));
  if (query.right === undefined) return left;
  const { kind, on } = query.right.join;
  const right = tables[query.right.table] ?? [];
  const matched = left.flatMap(({ l }) =>
    right.map((r): Scope => ({ l, r })).filter((row) => evaluate(on, row) === true),
  );
  const lonelyLeft = left.filter(({ l }) => !matched.some((row) => row.l === l));
  const lonelyRight = right.filter((r) => !matched.some((row) => row.r === r)).map((r): Scope => ({ l: undefined, r }));
  return [
    ...matched,
    ...(kind === 'left' || kind === 'full' ? lonelyLeft : []),
    ...(kind === 'right' || kind === 'full' ? lonelyRight : []),
  ];
}

/** A result; `isOrdered` when its order is part of it. */
export type Result = { types: FuzzType[]; rows: Value[][]; isOrdered: boolean };

/** Refuses a query whose types do not fit; else the types of its columns. */
export function typesOf({ right, where, body }: FuzzQuery): FuzzType[] {
  for (const condition of [right?.join.on, where]) {
    if (condition !== undefined) must(typeOf(condition), typeOf(condition) === 'boolean');
  }
  switch (body.kind) {
    case 'plain':
      for (const { by } of body.order?.items ?? []) typeOf(by);
      return body.items.map(typeOf);
    case 'grouped':
      if (body.having !== undefined) common(typeOfAggregate(body.having.of), 'integer');
      return [...body.keys.map(typeOf), ...body.aggregates.map(typeOfAggregate)];
    case 'windowed':
      for (const { partitionBy, orderBy } of body.windows) [...partitionBy, ...orderBy.map(({ by }) => by)].map(typeOf);
      return [...body.items.map(typeOf), ...body.windows.map(typeOfWindow)];
  }
}

/** What a query answers. */
export function answer(query: FuzzQuery, tables: readonly (readonly TableRow[])[]): Result {
  const types = typesOf(query);
  const { where, body } = query;
  const all = joined(query, tables);
  // What no row of the result needs is computed too, for its failures: conditions may be met before the join.
  const left = [undefined, ...(tables[query.left] ?? [])];
  const right = [undefined, ...(query.right === undefined ? [] : (tables[query.right.table] ?? []))];
  for (const l of left) for (const r of right) for (const expr of exprsOf(query)) evaluate(expr, { l, r });
  const rows = all.filter((row) => where === undefined || evaluate(where, row) === true);
  switch (body.kind) {
    case 'plain': {
      const sorted = body.order === undefined ? rows : [...rows].sort(byOrder(body.order.items));
      const results = sorted.map((row) => body.items.map((item) => evaluate(item, row)));
      const distinct = body.isDistinct ? [...new Map(results.map((row) => [keyOf(row), row])).values()] : results;
      return { types, rows: distinct.slice(0, body.order?.limit), isOrdered: body.order !== undefined };
    }
    case 'grouped': {
      const groups = Map.groupBy(rows, (row) => keyOf(body.keys.map((key) => evaluate(key, row))));
      if (body.keys.length === 0 && rows.length === 0) groups.set('', []);
      const kept = [...groups.values()].filter((group) => {
        const value = body.having === undefined ? 0 : aggregate(body.having.of, group);
        return body.having === undefined || (value !== null && Number(value) >= body.having.atLeast);
      });
      const results = kept.map((group) => [
        ...body.keys.map((key) => evaluate(key, group[0] ?? { l: undefined, r: undefined })),
        ...body.aggregates.map((spec) => aggregate(spec, group)),
      ]);
      return { types, rows: results, isOrdered: false };
    }
    case 'windowed': {
      const columns = body.windows.map((window) => windowValues(window, rows));
      const results = rows.map((row) => [
        ...body.items.map((item) => evaluate(item, row)),
        ...columns.map((values) => values.get(row) ?? null),
      ]);
      return { types, rows: results, isOrdered: false };
    }
  }
}

/** Every whole expression of a query. */
function exprsOf({ right, where, body }: FuzzQuery): Expr[] {
  const own =
    body.kind === 'plain'
      ? [...body.items, ...(body.order?.items ?? []).map(({ by }) => by)]
      : body.kind === 'grouped'
        ? [...body.keys, ...body.aggregates.flatMap(({ of, filter }) => [of, filter])]
        : [
            ...body.items,
            ...body.windows.flatMap(({ of, partitionBy, orderBy }) => [
              of,
              ...partitionBy,
              ...orderBy.map(({ by }) => by),
            ]),
          ];
  return [right?.join.on, where, ...own].filter((expr) => expr !== undefined);
}
