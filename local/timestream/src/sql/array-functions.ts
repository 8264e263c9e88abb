import { castTo } from './casts.ts';
import { joinTexts } from './join-texts.ts';
import {
  arg,
  arrayArg,
  commonOf,
  elementsArg,
  fn,
  isArray,
  isDuration,
  isInstant,
  instant,
  takeArgs,
  textArg,
  unexpectedParameters,
  wholeArg,
  epochNs,
} from './signature.ts';
import type { BuildFunction, FunctionTable } from './signature.ts';
import { coerce, commonType, itemOf, once, raiseSql, structSql } from './types.ts';
import type { SqlType, Typed } from './types.ts';

/** Arrays as one type. */
function alike(call: Parameters<BuildFunction>[0], args: readonly Typed[]): { lists: string[]; type: SqlType } {
  for (const index of args.keys()) arg(call, args, index, isArray);
  const type = commonOf(call, args);
  return { lists: args.map((value) => coerce(value, type)), type };
}

/** An array and a value of the type of its items. */
function withItem(
  call: Parameters<BuildFunction>[0],
  args: readonly Typed[],
): { list: string; value: string; item: SqlType } {
  takeArgs(call, args, 2);
  const { sql, item } = arrayArg(call, args, 0);
  const value = arg(call, args, 1);
  const common = commonType(item, value.type);
  if (common === undefined) throw unexpectedParameters(call, args);
  return {
    list: coerce({ sql, type: { array: item } }, { array: common }),
    value: coerce(value, common),
    item: common,
  };
}

const sameArray =
  (write: (list: string) => string): BuildFunction =>
  (call, args) => {
    const { sql, item } = arrayArg(call, takeArgs(call, args, 1), 0);
    return { sql: write(sql), type: { array: item } };
  };
/** The array backwards. */
export const reverseArray: BuildFunction = sameArray((list) => `list_reverse(${list})`);
/** The arrays one after another; NULL when one is. */
export const concatArrays = (call: Parameters<BuildFunction>[0], args: readonly Typed[]): Typed => {
  const { lists, type } = alike(call, args);
  return { sql: `(${lists.join(' || ')})`, type };
};

const setOf =
  (write: (a: string, b: string) => string): BuildFunction =>
  (call, args) => {
    const { lists, type } = alike(call, takeArgs(call, args, 2));
    return {
      sql: once(lists, (a = '', b = '') => `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ELSE ${write(a, b)} END`),
      type,
    };
  };
/** The first of each value, in the order of the array. */
const distinct = (list: string): string =>
  `list_transform(list_filter(list_transform(${list}, lambda p, q: ${structSql(['p', `list_position(${list}, p) = q OR (p IS NULL AND len(list_filter(${list}[:q], lambda r: r IS NULL)) = 1)`])}), lambda p: struct_extract(p, 'f1')), lambda p: struct_extract(p, 'f0'))`;
const SMALL = 64;
/** Keeps the order of small arrays, as the service does; for large ones that would take too long. */
const unique = (list: string): string =>
  `CASE WHEN len(${list}) <= ${SMALL} THEN ${distinct(list)} ELSE list_sort(list_distinct(${list})) END`;

const extreme =
  (duckName: string): BuildFunction =>
  (call, args) => {
    const { sql, item } = arrayArg(call, takeArgs(call, args, 1), 0);
    const value = once(
      [sql],
      (list) => `CASE WHEN len(list_filter(${list}, lambda p: p IS NULL)) > 0 THEN NULL ELSE ${duckName}(${list}) END`,
    );
    return { sql: value, type: item };
  };

const join: BuildFunction = (call, args) => {
  takeArgs(call, args, 2, 3);
  const { sql, item } = arrayArg(call, args, 0);
  const text = castTo({ sql: 'p', type: item }, 'varchar', false, call.at).sql;
  const operands = [sql, textArg(call, args, 1), ...(args.length === 3 ? [textArg(call, args, 2)] : [])];
  const joined = once(operands, (list, delimiter = '', missing = '') => {
    const part = args.length === 2 ? text : `coalesce(${text}, ${missing})`;
    return joinTexts(`list_transform(${list}, lambda p: ${part})`, delimiter, call.args[1]);
  });
  return { sql: joined, type: 'varchar' };
};

const elementAt: BuildFunction = (call, args) => {
  const { sql, item } = elementsArg(call, takeArgs(call, args, 2), 0);
  const value = once(
    [sql, wholeArg(call, args, 1)],
    (list, index) =>
      `CASE WHEN ${index} = 0 THEN ${raiseSql('SQL array indices start at 1', item)} ELSE list_extract(${list}, ${index}) END`,
  );
  return { sql: value, type: item };
};

const slice: BuildFunction = (call, args) => {
  const { sql, item } = arrayArg(call, takeArgs(call, args, 3), 0);
  const type: SqlType = { array: item };
  const value = once([sql, wholeArg(call, args, 1), wholeArg(call, args, 2)], (list, start, length) => {
    const from = `CASE WHEN ${start} < 0 THEN len(${list}) + ${start} + 1 ELSE ${start} END`;
    const checks = `WHEN ${start} = 0 THEN ${raiseSql('SQL array indices start at 1', type)} WHEN ${length} < 0 THEN ${raiseSql('The length must not be negative', type)} WHEN ${from} < 1 OR ${length} = 0 THEN ${list}[:0]`;
    return `CASE ${checks} ELSE ${list}[(${from}):(${from}) + ${length} - 1] END`;
  });
  return { sql: value, type };
};

// A list is made at once in memory.
const MAX_ENTRIES = 10_000_000;
const MAX_REPEATED = 10_000;

const sequence: BuildFunction = (call, args) => {
  takeArgs(call, args, 2, 3);
  if (isInstant(arg(call, args, 0).type)) return timeSequence(call, args);
  const [from, to] = [wholeArg(call, args, 0), wholeArg(call, args, 1)];
  const down = `CASE WHEN ${from} <= ${to} THEN CAST(1 AS BIGINT) ELSE CAST(-1 AS BIGINT) END`;
  const step = args.length === 3 ? wholeArg(call, args, 2) : down;
  return { sql: series(from, to, step), type: { array: 'bigint' } };
};

const series = (from: string, to: string, step: string): string =>
  once([from, to, step], (first, last, size) => {
    const type: SqlType = { array: 'bigint' };
    const isLong = `abs(CAST(${last} AS DOUBLE) - ${first}) / abs(${size}) > ${MAX_ENTRIES}`;
    const checks = `WHEN ${size} = 0 THEN ${raiseSql('The step must not be zero', type)} WHEN ${isLong} THEN ${raiseSql('The sequence has too many entries', type)}`;
    return `CASE ${checks} ELSE generate_series(${first}, ${last}, ${size}) END`;
  });

function timeSequence(call: Parameters<BuildFunction>[0], args: readonly Typed[]): Typed {
  const [from, to] = [instant(call, args, 0), instant(call, args, 1)];
  const step = arg(call, takeArgs(call, args, 3), 2, (type) => isDuration(type) || type === 'interval_year_to_month');
  const type: SqlType = { array: 'timestamp' };
  if (isDuration(step.type)) {
    const ns = series(epochNs(from), epochNs(to), step.sql);
    return { sql: `list_transform(${ns}, lambda p: make_timestamp_ns(p))`, type };
  }
  const months = `to_months(CAST(${step.sql} AS INTEGER))`;
  return {
    sql: `CAST(generate_series(CAST(${from} AS TIMESTAMP), CAST(${to} AS TIMESTAMP), ${months}) AS TIMESTAMP_NS[])`,
    type,
  };
}

const zip: BuildFunction = (call, args) => {
  takeArgs(call, args, 2, 5);
  const arrays = args.map((_, index) => arrayArg(call, args, index));
  const sql = once(
    arrays.map((array) => array.sql),
    (...lists) => {
      const fields = lists.map((list) => `list_extract(${list}, p)`);
      const size = `greatest(${lists.map((list) => `len(${list})`).join(', ')})`;
      return `list_transform(range(1, ${size} + 1), lambda p: ${structSql(fields)})`;
    },
  );
  return { sql, type: { array: { row: arrays.map(({ item }) => ({ name: undefined, type: item })) } } };
};

/** Functions of arrays that take no lambda. */
export const ARRAY_FUNCTIONS: FunctionTable = {
  array_distinct: fn(
    'array_distinct(x)',
    sameArray((sql) => once([sql], (list = '') => unique(list))),
  ),
  array_intersect: fn(
    'array_intersect(x, y)',
    setOf((a, b) => unique(`list_filter(${a}, lambda p: list_contains(${b}, p))`)),
  ),
  array_union: fn(
    'array_union(x, y)',
    setOf((a, b) => unique(`(${a} || ${b})`)),
  ),
  array_except: fn(
    'array_except(x, y)',
    setOf((a, b) => unique(`list_filter(${a}, lambda p: NOT list_contains(${b}, p))`)),
  ),
  array_join: fn(['array_join(x, delimiter)', 'array_join(x, delimiter, null_replacement)'], join),
  array_max: fn('array_max(x)', extreme('list_max')),
  array_min: fn('array_min(x)', extreme('list_min')),
  array_position: fn('array_position(x, element)', (call, args) => {
    const { list, value } = withItem(call, args);
    const sql = once(
      [list, value],
      (array, item) =>
        `CASE WHEN ${array} IS NULL OR ${item} IS NULL THEN NULL ELSE CAST(coalesce(list_position(${array}, ${item}), 0) AS BIGINT) END`,
    );
    return { sql, type: 'bigint' };
  }),
  array_remove: fn('array_remove(x, element)', (call, args) => {
    const { list, value, item } = withItem(call, args);
    const sql = once(
      [list, value],
      (array, removed) => `list_filter(${array}, lambda p: p IS NULL OR p <> ${removed})`,
    );
    return { sql, type: { array: item } };
  }),
  array_sort: fn(
    'array_sort(x)',
    sameArray((list) => `list_sort(${list}, 'ASC', 'NULLS LAST')`),
  ),
  arrays_overlap: fn('arrays_overlap(x, y)', (call, args) => {
    const { lists } = alike(call, takeArgs(call, args, 2));
    return { sql: `list_has_any(${lists.join(', ')})`, type: 'boolean' };
  }),
  cardinality: fn('cardinality(x)', (call, args) => ({
    sql: `CAST(len(${elementsArg(call, takeArgs(call, args, 1), 0).sql}) AS BIGINT)`,
    type: 'bigint',
  })),
  contains: fn('contains(x, element)', (call, args) => {
    const { list, value } = withItem(call, args);
    return { sql: `list_contains(${list}, ${value})`, type: 'boolean' };
  }),
  element_at: fn('element_at(x, index)', elementAt),
  flatten: fn('flatten(x)', (call, args) => {
    const { sql, item } = arrayArg(call, takeArgs(call, args, 1), 0);
    if (item !== 'unknown' && itemOf(item) === undefined) throw unexpectedParameters(call, args);
    return { sql: `flatten(${sql})`, type: item };
  }),
  repeat: fn('repeat(element, count)', (call, args) => {
    const value = arg(call, takeArgs(call, args, 2), 0);
    const type: SqlType = { array: value.type };
    const sql = once([value.sql, wholeArg(call, args, 1)], (item, count) => {
      const check = `WHEN ${count} > ${MAX_REPEATED} THEN ${raiseSql('The count of repeat is too large', type)}`;
      return `CASE ${check} ELSE list_transform(range(${count}), lambda p: ${item}) END`;
    });
    return { sql, type };
  }),
  sequence: fn(['sequence(start, stop)', 'sequence(start, stop, step)'], sequence),
  shuffle: fn(
    'shuffle(x)',
    sameArray(
      (sql) =>
        `list_transform(list_sort(list_transform(${sql}, lambda p: ${structSql(['random()', 'p'])})), lambda p: struct_extract(p, 'f1'))`,
    ),
  ),
  slice: fn('slice(x, start, length)', slice),
  zip: fn('zip(x, y, …)', zip),
};
