// What an expression means, written anew in plain TypeScript from the documentation of the language; it shares nothing with
// the server's translation, so that both would have to be wrong in the same way.
import type { Arithmetic, Comparison, Expr, FuzzType } from './syntax.ts';

export type Value = bigint | number | string | boolean | null;
export type TableRow = Readonly<Record<string, Value>>;
/** A row of the FROM clause, by alias. */
export type Scope = { l: TableRow | undefined; r: TableRow | undefined };
/** Columns of every table. */
const COLUMNS: Readonly<Record<string, FuzzType>> = {
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
export const isNumeric = (type: FuzzType): boolean => NUMERIC.includes(type);

export function common(left: FuzzType, right: FuzzType): FuzzType {
  if (left === right) return left;
  if (!isNumeric(left) || !isNumeric(right)) throw new Refused(`${left} and ${right}`);
  return NUMERIC[Math.max(NUMERIC.indexOf(left), NUMERIC.indexOf(right))] ?? 'double';
}

export function must(type: FuzzType, isAllowed: boolean): void {
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
export function ranged(value: bigint | number, type: FuzzType): bigint | number {
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
