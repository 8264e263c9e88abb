import type { BinaryOperator } from './ast.ts';
import { addMonths } from './time-functions.ts';
import { sqlError } from './position.ts';
import type { Position } from './position.ts';
import { coerce, commonType, isNumeric, isWhole, itemOf, once, raiseSql, typeText } from './types.ts';
import type { SqlType, Typed } from './types.ts';

const NS_PER_DAY = 'CAST(86400000000000 AS BIGINT)';
const DAY_SECOND = 'interval_day_to_second';
const YEAR_MONTH = 'interval_year_to_month';
const NON_ZERO = /^(?:CAST\()+0*[1-9]\d*(?: AS (?:INTEGER|BIGINT)\))+$/;
const isInstant = (type: SqlType): boolean => type === 'timestamp' || type === 'date';

/** Translates an operator of two values. */
export function binary(operator: BinaryOperator, left: Typed, right: Typed, at: Position): Typed {
  switch (operator) {
    case '||':
      return concatenate(left, right, at);
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const type = comparableType(operator, left, right, at);
      if (operator !== '=' && operator !== '<>' && isUnordered(type)) return refuse(operator, left, right, at);
      return { sql: `(${coerce(left, type)} ${operator} ${coerce(right, type)})`, type: 'boolean' };
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(operator, left, right) ?? refuse(operator, left, right, at);
  }
}

const isUnordered = (type: SqlType): boolean => typeof type === 'object' && 'timeseries' in type;

/** The type in which two values are compared. */
export function comparableType(operator: string, left: Typed, right: Typed, at: Position): SqlType {
  return commonType(left.type, right.type) ?? refuse(operator, left, right, at);
}

function concatenate(left: Typed, right: Typed, at: Position): Typed {
  const type = commonType(left.type, right.type);
  if (type === 'varchar' || type === 'unknown' || (type !== undefined && itemOf(type) !== undefined))
    return { sql: `(${coerce(left, type)} || ${coerce(right, type)})`, type: type === 'unknown' ? 'varchar' : type };
  // An array can be extended by an item at either end.
  for (const [array, item, isFirst] of [
    [left, right, true],
    [right, left, false],
  ] as const) {
    const own = itemOf(array.type);
    const common = own === undefined ? undefined : commonType(own, item.type);
    if (common === undefined) continue;
    const parts = [coerce(array, { array: common }), `[${coerce(item, common)}]`];
    return { sql: `(${(isFirst ? parts : parts.reverse()).join(' || ')})`, type: { array: common } };
  }
  return refuse('||', left, right, at);
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '%', left: Typed, right: Typed): Typed | undefined {
  const common = commonType(left.type, right.type);
  if (common === 'unknown') return { sql: `CAST(NULL AS INTEGER)`, type: 'integer' };
  if (common !== undefined && isNumeric(common))
    return numbers(operator, coerce(left, common), coerce(right, common), common);
  if (isInstant(left.type)) return instants(operator, left, right);
  if (operator === '+' && isInstant(right.type)) return instants(operator, right, left);
  if (left.type === 'time' && right.type === DAY_SECOND && (operator === '+' || operator === '-'))
    return shiftedTime(operator, left.sql, right.sql);
  if (right.type === 'time' && left.type === DAY_SECOND && operator === '+')
    return shiftedTime('+', right.sql, left.sql);
  if (left.type === DAY_SECOND || left.type === YEAR_MONTH) {
    if (right.type === left.type && (operator === '+' || operator === '-'))
      return { sql: `(${left.sql} ${operator} ${right.sql})`, type: left.type };
    if (isNumeric(right.type) && (operator === '*' || operator === '/')) return scaled(operator, left, right);
  }
  if (operator === '*' && isNumeric(left.type) && (right.type === DAY_SECOND || right.type === YEAR_MONTH))
    return scaled('*', right, left);
  return undefined;
}

/** A time of day goes round at midnight. */
function shiftedTime(operator: '+' | '-', time: string, interval: string): Typed {
  const ns = `((epoch_ns(${time}) ${operator} ${interval}) % ${NS_PER_DAY} + ${NS_PER_DAY}) % ${NS_PER_DAY}`;
  return { sql: `CAST(make_timestamp_ns(${ns}) AS TIME_NS)`, type: 'time' };
}

function scaled(operator: '*' | '/', interval: Typed, factor: Typed): Typed {
  if (!isWhole(factor.type))
    return { sql: `CAST(${interval.sql} ${operator} ${factor.sql} AS BIGINT)`, type: interval.type };
  return { sql: numbers(operator, interval.sql, coerce(factor, 'bigint'), 'bigint').sql, type: interval.type };
}

function numbers(operator: '+' | '-' | '*' | '/' | '%', left: string, right: string, type: SqlType): Typed {
  if (type === 'double' || (operator !== '/' && operator !== '%'))
    return { sql: `(${left} ${operator} ${right})`, type };
  const symbol = operator === '/' ? '//' : '%';
  if (NON_ZERO.test(right)) return { sql: `(${left} ${symbol} ${right})`, type };
  // DuckDB answers NULL here; the language wants an error.
  const sql = once(
    [left, right],
    (dividend, divisor) =>
      `CASE WHEN ${divisor} = 0 AND ${dividend} IS NOT NULL THEN ${raiseSql('Division by zero', type)} ELSE ${dividend} ${symbol} ${divisor} END`,
  );
  return { sql, type };
}

function instants(operator: string, instant: Typed, other: Typed): Typed | undefined {
  if (operator !== '+' && operator !== '-') return undefined;
  const time = coerce(instant, 'timestamp');
  // A date stays one.
  const moved = (sql: string): Typed =>
    instant.type === 'date' ? { sql: `CAST(${sql} AS DATE)`, type: 'date' } : { sql, type: 'timestamp' };
  if (other.type === DAY_SECOND) return moved(`make_timestamp_ns(epoch_ns(${time}) ${operator} ${other.sql})`);
  if (other.type === YEAR_MONTH) return moved(addMonths(time, operator === '-' ? `(-${other.sql})` : other.sql));
  if (other.type === 'unknown') return { sql: 'CAST(NULL AS TIMESTAMP_NS)', type: 'timestamp' };
  if (operator === '-' && isInstant(other.type)) {
    return { sql: `(epoch_ns(${time}) - epoch_ns(${coerce(other, 'timestamp')}))`, type: DAY_SECOND };
  }
  return undefined;
}

function refuse(operator: string, left: Typed, right: Typed, at: Position): never {
  throw sqlError(at, `'${operator}' cannot be applied to ${typeText(left.type)}, ${typeText(right.type)}`);
}

/** A translated condition as a BOOLEAN; `clause` names it in the message when it is none. */
export function conditionSql(condition: Typed, at: Position, clause: string): string {
  if (condition.type !== 'boolean' && condition.type !== 'unknown') {
    throw sqlError(at, `${clause} must evaluate to a boolean: actual type ${typeText(condition.type)}`);
  }
  return coerce(condition, 'boolean');
}
