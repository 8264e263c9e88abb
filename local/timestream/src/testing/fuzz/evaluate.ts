// What a query means, written anew in plain TypeScript from the documentation of the language; it shares nothing with
// the server's translation, so that both would have to be wrong in the same way.
import type { Aggregate, Arithmetic, Comparison, Expr, FuzzQuery, FuzzType, Order, Window } from './syntax.ts';

export type Value = bigint | number | string | boolean | null;
export type TableRow = Readonly<Record<string, Value>>;
/** A row of the FROM clause, by alias. */
export type Scope = { l: TableRow | undefined; r: TableRow | undefined };
/** Columns of every table. */
export const COLUMNS: Readonly<Record<string, FuzzType>> = {
  id: 'varchar',
  k: 'varchar',
  a: 'bigint',
  b: 'bigint',
  x: 'double',
  s: 'varchar',
  f: 'boolean',
};

/** The query has no meaning: its types do not fit. */
export class Refused extends Error {}
/** A value of some row cannot be computed, or languages differ on it; whether anyone notices is up to the plan. */
export class Unspecified extends Error {}

const NUMERIC: readonly FuzzType[] = ['integer', 'bigint', 'double'];
const isNumeric = (type: FuzzType): boolean => NUMERIC.includes(type);

function common(left: FuzzType, right: FuzzType): FuzzType {
  if (left === right) return left;
  if (!isNumeric(left) || !isNumeric(right)) throw new Refused(`${left} and ${right}`);
  return NUMERIC[Math.max(NUMERIC.indexOf(left), NUMERIC.indexOf(right))] ?? 'double';
}

function must(type: FuzzType, isAllowed: boolean): void {
  if (!isAllowed) throw new Refused(type);
}

/** The type of an expression; refuses one that has none. */
export function typeOf(expr: Expr): FuzzType {
  switch (expr.kind) {
    case 'column':
      return COLUMNS[expr.name] ?? 'varchar';
    case 'integer':
      return expr.value > 2_147_483_647n ? 'bigint' : 'integer';
    case 'double':
      return 'double';
    case 'text':
      return 'varchar';
    case 'boolean':
      return 'boolean';
    case 'null':
      return expr.type;
    case 'negate': {
      const type = typeOf(expr.of);
      must(type, isNumeric(type));
      return type;
    }
    case 'arithmetic': {
      const type = common(typeOf(expr.left), typeOf(expr.right));
      must(type, isNumeric(type));
      return type;
    }
    case 'compare':
    case 'distinct':
      common(typeOf(expr.left), typeOf(expr.right));
      return 'boolean';
    case 'and':
    case 'or':
      for (const side of [typeOf(expr.left), typeOf(expr.right)]) must(side, side === 'boolean');
      return 'boolean';
    case 'not': {
      const type = typeOf(expr.of);
      must(type, type === 'boolean');
      return 'boolean';
    }
    case 'isNull':
      typeOf(expr.of);
      return 'boolean';
    case 'in':
      [expr.of, ...expr.list].map(typeOf).reduce(common);
      return 'boolean';
    case 'between':
      [expr.of, expr.low, expr.high].map(typeOf).reduce(common);
      return 'boolean';
    case 'case': {
      for (const { when } of expr.branches) must(typeOf(when), typeOf(when) === 'boolean');
      const results = expr.branches.map(({ then }) => typeOf(then));
      return [...results, ...(expr.otherwise === undefined ? [] : [typeOf(expr.otherwise)])].reduce(common);
    }
    case 'call':
      return typeOfCall(expr);
  }
}

function typeOfCall({ name, args }: Extract<Expr, { kind: 'call' }>): FuzzType {
  const types = args.map(typeOf);
  const [first = 'varchar'] = types;
  switch (name) {
    case 'coalesce':
      return types.reduce(common);
    case 'nullif':
      types.reduce(common);
      return first;
    case 'concat':
      for (const type of types) must(type, type === 'varchar');
      return 'varchar';
    case 'abs':
      must(first, isNumeric(first));
      return first;
    case 'length':
      must(first, first === 'varchar');
      return 'bigint';
  }
}

/** A number in the range of its type. */
function ranged(value: bigint | number, type: FuzzType): bigint | number {
  if (type === 'double') {
    // Languages differ on how NaN compares.
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new Unspecified('not finite');
    return value;
  }
  const bits = type === 'integer' ? 32 : 64;
  if (typeof value !== 'bigint' || BigInt.asIntN(bits, value) !== value) throw new Unspecified('out of range');
  return value;
}

const converted = (value: Value, type: FuzzType): Value =>
  type === 'double' && typeof value === 'bigint' ? Number(value) : value;

function calculate(operator: Arithmetic, left: Value, right: Value, type: FuzzType): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    if ((operator === '/' || operator === '%') && right === 0n) throw new Unspecified('division by zero');
    const results: Record<Arithmetic, () => bigint> = {
      '+': () => left + right,
      '-': () => left - right,
      '*': () => left * right,
      '/': () => left / right,
      '%': () => left % right,
    };
    return ranged(results[operator](), type);
  }
  const [x, y] = [Number(left), Number(right)];
  return ranged({ '+': x + y, '-': x - y, '*': x * y, '/': x / y, '%': x % y }[operator], type);
}

/** Negative, zero or positive; texts by code points. */
export function order(left: Value, right: Value): number {
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return (left ?? 0) < (right ?? 0) ? -1 : (left ?? 0) > (right ?? 0) ? 1 : 0;
}

const holds = (operator: Comparison, sign: number): boolean =>
  ({ '=': sign === 0, '<>': sign !== 0, '<': sign < 0, '<=': sign <= 0, '>': sign > 0, '>=': sign >= 0 })[operator];

const compared = (operator: Comparison, left: Value, right: Value): boolean | null =>
  left === null || right === null ? null : holds(operator, order(left, right));
const negated = (value: Value): boolean | null => (value === null ? null : value !== true);
const both = (left: Value, right: Value): boolean | null =>
  left === false || right === false ? false : left === null || right === null ? null : true;
const either = (left: Value, right: Value): boolean | null =>
  left === true || right === true ? true : left === null || right === null ? null : false;

/** The value of an expression in a row. Every part is computed, so that whatever could fail is noticed. */
export function evaluate(expr: Expr, scope: Scope): Value {
  const sides = (left: Expr, right: Expr): [Value, Value] => {
    const type = common(typeOf(left), typeOf(right));
    return [converted(evaluate(left, scope), type), converted(evaluate(right, scope), type)];
  };
  switch (expr.kind) {
    case 'column':
      return scope[expr.table === 'l' ? 'l' : 'r']?.[expr.name] ?? null;
    case 'integer':
    case 'double':
    case 'text':
    case 'boolean':
      return expr.value;
    case 'null':
      return null;
    case 'negate': {
      const value = evaluate(expr.of, scope);
      return typeof value === 'bigint' || typeof value === 'number' ? ranged(-value, typeOf(expr)) : null;
    }
    case 'arithmetic': {
      const [left, right] = sides(expr.left, expr.right);
      return left === null || right === null ? null : calculate(expr.operator, left, right, typeOf(expr));
    }
    case 'compare':
      return compared(expr.operator, ...sides(expr.left, expr.right));
    case 'distinct': {
      const [left, right] = sides(expr.left, expr.right);
      const isDistinct = left === null || right === null ? left !== right : order(left, right) !== 0;
      return isDistinct !== expr.negated;
    }
    case 'and':
      return both(evaluate(expr.left, scope), evaluate(expr.right, scope));
    case 'or':
      return either(evaluate(expr.left, scope), evaluate(expr.right, scope));
    case 'not':
      return negated(evaluate(expr.of, scope));
    case 'isNull':
      return (evaluate(expr.of, scope) === null) !== expr.negated;
    case 'in': {
      const type = [expr.of, ...expr.list].map(typeOf).reduce(common);
      const value = converted(evaluate(expr.of, scope), type);
      const found = expr.list
        .map((item) => compared('=', value, converted(evaluate(item, scope), type)))
        .reduce<boolean | null>(either, false);
      return expr.negated ? negated(found) : found;
    }
    case 'between': {
      const type = [expr.of, expr.low, expr.high].map(typeOf).reduce(common);
      const [value, low, high] = [expr.of, expr.low, expr.high].map((part) => converted(evaluate(part, scope), type));
      const isInside = both(compared('>=', value ?? null, low ?? null), compared('<=', value ?? null, high ?? null));
      return expr.negated ? negated(isInside) : isInside;
    }
    case 'case': {
      const type = typeOf(expr);
      const results = expr.branches.map(({ when, then }) => [evaluate(when, scope), evaluate(then, scope)] as const);
      const otherwise = expr.otherwise === undefined ? null : evaluate(expr.otherwise, scope);
      const met = results.find(([when]) => when === true);
      return converted(met === undefined ? otherwise : met[1], type);
    }
    case 'call':
      return call(expr, scope);
  }
}

function call(expr: Extract<Expr, { kind: 'call' }>, scope: Scope): Value {
  const values = expr.args.map((part) => evaluate(part, scope));
  const [first = null, second = null] = values;
  switch (expr.name) {
    case 'coalesce':
      return converted(values.find((value) => value !== null) ?? null, typeOf(expr));
    case 'nullif': {
      const type = expr.args.map(typeOf).reduce(common);
      return compared('=', converted(first, type), converted(second, type)) === true ? null : first;
    }
    case 'concat':
      return values.includes(null) ? null : values.join('');
    case 'abs':
      return typeof first === 'bigint' || typeof first === 'number'
        ? ranged(first < 0 ? -first : first, typeOf(expr))
        : null;
    case 'length':
      return typeof first === 'string' ? BigInt(Array.from(first).length) : null;
  }
}

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
