import { arg, doubleArg, fn, isArray, real, takeArgs, textArg, unexpectedParameters, wholeArg } from './signature.ts';
import type { BuildFunction, FunctionTable } from './signature.ts';
import { binary } from './operators.ts';
import { coerce, duckTypeOf, isNumeric, isWhole, itemOf, once, raiseSql } from './types.ts';

const NAN = `CAST('NaN' AS DOUBLE)`;
const INFINITY = `CAST('Infinity' AS DOUBLE)`;

/** A function of one number that keeps its type. */
const keepNumber =
  (duckName: string): BuildFunction =>
  (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0, isNumeric);
    return { sql: `CAST(${duckName}(${value.sql}) AS ${duckTypeOf(value.type)})`, type: value.type };
  };

/** A function of a double; where DuckDB would raise an error the language has another value. */
const guarded =
  (
    duckName: string,
    exceptions: (x: string) => readonly (readonly [condition: string, value: string])[],
  ): BuildFunction =>
  (call, args) => {
    const sql = once([doubleArg(call, takeArgs(call, args, 1), 0)], (x) => {
      const branches = exceptions(x).map(([condition, value]) => `WHEN ${condition} THEN ${value}`);
      return `CASE ${branches.join(' ')} ELSE ${duckName}(${x}) END`;
    });
    return { sql, type: 'double' };
  };
const logarithm = (duckName: string): BuildFunction =>
  guarded(duckName, (x) => [
    [`${x} < 0`, NAN],
    [`${x} = 0`, `-${INFINITY}`],
  ]);
const ofUnit = (duckName: string): BuildFunction => guarded(duckName, (x) => [[`abs(${x}) > 1`, NAN]]);
const ofFinite = (duckName: string): BuildFunction => guarded(duckName, (x) => [[`isinf(${x})`, NAN]]);
const test =
  (duckName: string): BuildFunction =>
  (call, args) => ({ sql: `${duckName}(${doubleArg(call, takeArgs(call, args, 1), 0)})`, type: 'boolean' });
const constant =
  (sql: string): BuildFunction =>
  (call, args) => {
    takeArgs(call, args, 0);
    return { sql, type: 'double' };
  };

const round: BuildFunction = (call, args) => {
  const value = arg(call, takeArgs(call, args, 1, 2), 0, isNumeric);
  const digits = args.length === 1 ? '' : `, ${coerce(arg(call, args, 1, isWhole), 'integer')}`;
  return { sql: `CAST(round(${value.sql}${digits}) AS ${duckTypeOf(value.type)})`, type: value.type };
};

const sign: BuildFunction = (call, args) => {
  const value = arg(call, takeArgs(call, args, 1), 0, isNumeric);
  const duckType = duckTypeOf(value.type);
  if (value.type !== 'double') return { sql: `CAST(sign(${value.sql}) AS ${duckType})`, type: value.type };
  const sql = once([value.sql], (x) => `CASE WHEN isnan(${x}) THEN ${NAN} ELSE CAST(sign(${x}) AS DOUBLE) END`);
  return { sql, type: 'double' };
};

/** `random()`, `random(n)` and `random(m, n)` */
const random: BuildFunction = (call, args) => {
  if (takeArgs(call, args, 0, 2).length === 0) return { sql: 'random()', type: 'double' };
  const type = args.every((value) => value.type === 'integer') ? 'integer' : 'bigint';
  const bounds = args.map((_, index) => wholeArg(call, args, index));
  const [low, high] = bounds.length === 1 ? ['CAST(0 AS BIGINT)', bounds[0] ?? ''] : [bounds[0] ?? '', bounds[1] ?? ''];
  const sql = once([low, high], (from, to) => `${from} + CAST(floor(random() * (${to} - ${from})) AS BIGINT)`);
  return { sql: coerce({ sql: `(${sql})`, type: 'bigint' }, type), type };
};

const toBase: BuildFunction = (call, args) => {
  const operands = [wholeArg(call, takeArgs(call, args, 2), 0), coerce(arg(call, args, 1, isWhole), 'integer')];
  const sql = once(operands, (x, radix) => {
    const digits = (value: string): string => `lower(to_base(${value}, ${radix}))`;
    const range = `WHEN ${radix} NOT BETWEEN 2 AND 36 THEN ${raiseSql('Radix must be between 2 and 36', 'varchar')}`;
    return `CASE ${range} WHEN ${x} < 0 THEN '-' || ${digits(`-${x}`)} ELSE ${digits(x)} END`;
  });
  return { sql, type: 'varchar' };
};

const widthBucket: BuildFunction = (call, args) => {
  if (takeArgs(call, args, 2, 4).length === 3) throw unexpectedParameters(call, args);
  const x = doubleArg(call, args, 0);
  if (args.length === 2) {
    const { sql, type } = arg(call, args, 1, (found) => isArray(found) && isNumeric(itemOf(found) ?? 'varchar'));
    const bins = coerce({ sql, type }, { array: 'double' });
    const counted = once(
      [x, bins],
      (value, list) => `CAST(len(list_filter(${list}, lambda p: p <= ${value})) AS BIGINT)`,
    );
    return { sql: counted, type: 'bigint' };
  }
  const operands = [x, doubleArg(call, args, 1), doubleArg(call, args, 2), wholeArg(call, args, 3)];
  const sql = once(operands, (value, low, high, count) => {
    const share = `(${value} - ${low}) / (${high} - ${low})`;
    return `CASE WHEN ${share} < 0 THEN CAST(0 AS BIGINT) WHEN ${share} >= 1 THEN ${count} + 1 ELSE CAST(floor(${share} * ${count}) AS BIGINT) + 1 END`;
  });
  return { sql, type: 'bigint' };
};

const bitwise =
  (write: (...operands: string[]) => string, count: number): BuildFunction =>
  (call, args) => ({
    sql: write(...takeArgs(call, args, count).map((_, index) => wholeArg(call, args, index))),
    type: 'bigint',
  });

/** Mathematical and bitwise functions. */
export const MATH_FUNCTIONS: FunctionTable = {
  abs: fn('abs(x)', keepNumber('abs')),
  cbrt: fn('cbrt(x)', (call, args) => {
    // The engine's root of a cube is a bit off.
    const sql = once([doubleArg(call, takeArgs(call, args, 1), 0)], (x = '') => {
      const root = `round(cbrt(${x}))`;
      return `CASE WHEN ${root} * ${root} * ${root} = ${x} THEN ${root} ELSE cbrt(${x}) END`;
    });
    return { sql, type: 'double' };
  }),
  ceil: fn('ceil(x)', keepNumber('ceil')),
  ceiling: fn('ceiling(x)', keepNumber('ceil')),
  degrees: fn('degrees(x)', real('degrees')),
  e: fn('e()', constant('exp(CAST(1 AS DOUBLE))')),
  exp: fn('exp(x)', real('exp')),
  floor: fn('floor(x)', keepNumber('floor')),
  from_base: fn('from_base(text, radix)', (call, args) => ({
    sql: `ts_from_base(${textArg(call, takeArgs(call, args, 2), 0)}, ${wholeArg(call, args, 1)})`,
    type: 'bigint',
  })),
  to_base: fn('to_base(x, radix)', toBase),
  ln: fn('ln(x)', logarithm('ln')),
  log2: fn('log2(x)', logarithm('log2')),
  log10: fn('log10(x)', logarithm('log10')),
  mod: fn('mod(n, m)', (call, args) => {
    takeArgs(call, args, 2);
    return binary('%', arg(call, args, 0, isNumeric), arg(call, args, 1, isNumeric), call.at);
  }),
  pi: fn('pi()', constant('pi()')),
  pow: fn('pow(x, p)', real('pow', 2)),
  power: fn('power(x, p)', real('pow', 2)),
  radians: fn('radians(x)', real('radians')),
  rand: fn('rand()', random),
  random: fn(['random()', 'random(n)', 'random(m, n)'], random),
  round: fn(['round(x)', 'round(x, digits)'], round),
  sign: fn('sign(x)', sign),
  sqrt: fn(
    'sqrt(x)',
    guarded('sqrt', (x) => [[`${x} < 0`, NAN]]),
  ),
  truncate: fn('truncate(x)', real('trunc')),
  width_bucket: fn(['width_bucket(x, low, high, n)', 'width_bucket(x, bins)'], widthBucket),
  acos: fn('acos(x)', ofUnit('acos')),
  asin: fn('asin(x)', ofUnit('asin')),
  atan: fn('atan(x)', real('atan')),
  atan2: fn('atan2(y, x)', real('atan2', 2)),
  cos: fn('cos(x)', ofFinite('cos')),
  cosh: fn('cosh(x)', real('cosh')),
  sin: fn('sin(x)', ofFinite('sin')),
  tan: fn('tan(x)', ofFinite('tan')),
  tanh: fn('tanh(x)', real('tanh')),
  infinity: fn('infinity()', constant(INFINITY)),
  nan: fn('nan()', constant(NAN)),
  is_finite: fn('is_finite(x)', test('isfinite')),
  is_infinite: fn('is_infinite(x)', test('isinf')),
  is_nan: fn('is_nan(x)', test('isnan')),
  bit_count: fn('bit_count(x, bits)', (call, args) => {
    const operands = [wholeArg(call, takeArgs(call, args, 2), 0), wholeArg(call, args, 1)];
    const sql = once(operands, (x, bits) => {
      const low = `CASE WHEN ${bits} >= 64 THEN CAST(-1 AS BIGINT) ELSE (CAST(1 AS BIGINT) << ${bits}) - 1 END`;
      return `CAST(bit_count(${x} & ${low}) AS BIGINT)`;
    });
    return { sql, type: 'bigint' };
  }),
  bitwise_and: fn(
    'bitwise_and(x, y)',
    bitwise((x, y) => `(${x} & ${y})`, 2),
  ),
  bitwise_or: fn(
    'bitwise_or(x, y)',
    bitwise((x, y) => `(${x} | ${y})`, 2),
  ),
  bitwise_xor: fn(
    'bitwise_xor(x, y)',
    bitwise((x, y) => `xor(${x}, ${y})`, 2),
  ),
  bitwise_not: fn(
    'bitwise_not(x)',
    bitwise((x) => `(~${x})`, 1),
  ),
};
