import { arg, fn, isArray, isText, takeArgs, textArg, wholeArg } from './signature.ts';
import type { BuildFunction, FunctionTable } from './signature.ts';
import { reverseArray, concatArrays } from './array-functions.ts';
import { joinTexts } from './join-texts.ts';
import { coerce, once, raiseSql } from './types.ts';
import type { SqlType } from './types.ts';

const MAX_ARGS = 127;
const MAX_PADDED = 1_000_000;

const texts =
  (duckName: string, count: number, type: SqlType): BuildFunction =>
  (call, args) => {
    const sql = `${duckName}(${takeArgs(call, args, count)
      .map((_, index) => textArg(call, args, index))
      .join(', ')})`;
    return { sql: type === 'bigint' ? `CAST(${sql} AS BIGINT)` : sql, type };
  };
const textToText = (duckName: string): BuildFunction => texts(duckName, 1, 'varchar');

/** The text from a place on, which counts from 1, or from the end when negative. */
const substr: BuildFunction = (call, args) => {
  takeArgs(call, args, 2, 3);
  const rest = args.slice(1).map((_, index) => wholeArg(call, args, index + 1));
  return { sql: `substr(${[textArg(call, args, 0), ...rest].join(', ')})`, type: 'varchar' };
};

const pad =
  (duckName: string): BuildFunction =>
  (call, args) => {
    takeArgs(call, args, 3);
    const size = coerce(
      arg(call, args, 1, (type) => type === 'integer' || type === 'bigint'),
      'integer',
    );
    const operands = [textArg(call, args, 0), size, textArg(call, args, 2)];
    const sql = once(operands, (text, length, padding) => {
      const range = `WHEN ${length} NOT BETWEEN 0 AND ${MAX_PADDED} THEN ${raiseSql('The target length is out of range', 'varchar')} WHEN ${padding} = '' THEN ${raiseSql('The padding must not be empty', 'varchar')}`;
      return `CASE ${range} ELSE ${duckName}(${text}, ${length}, ${padding}) END`;
    });
    return { sql, type: 'varchar' };
  };

/** Where the n-th occurrence begins, from the start or from the end; 0 when there is none. */
const place =
  (isFromEnd: boolean): BuildFunction =>
  (call, args) => {
    takeArgs(call, args, 2, 3);
    const nth = args.length === 3 ? wholeArg(call, args, 2) : 'CAST(1 AS BIGINT)';
    if (args.length === 2 && !isFromEnd)
      return { sql: `CAST(strpos(${textArg(call, args, 0)}, ${textArg(call, args, 1)}) AS BIGINT)`, type: 'bigint' };
    const sql = once([textArg(call, args, 0), textArg(call, args, 1), nth], (text, part, n) => {
      // Every place is looked at, so that occurrences may overlap, as in the service.
      const starts = `list_filter(range(1, length(${text}) - length(${part}) + 2), lambda p: substr(${text}, p, length(${part})) = ${part})`;
      const range = `WHEN ${n} < 1 THEN ${raiseSql('The instance must be a positive number', 'bigint')}`;
      return `CASE ${range} WHEN ${text} IS NULL OR ${part} IS NULL THEN NULL ELSE coalesce(list_extract(${starts}, ${isFromEnd ? `-${n}` : n}), 0) END`;
    });
    return { sql: `CAST(${sql} AS BIGINT)`, type: 'bigint' };
  };

const split: BuildFunction = (call, args) => {
  takeArgs(call, args, 2, 3);
  const operands = [textArg(call, args, 0), textArg(call, args, 1)];
  if (args.length === 2) return { sql: `string_split(${operands.join(', ')})`, type: { array: 'varchar' } };
  const sql = once([...operands, wholeArg(call, args, 2)], (text, delimiter, limit) => {
    const parts = `string_split(${text}, ${delimiter})`;
    const range = `WHEN ${limit} < 1 THEN ${raiseSql('The limit must be a positive number', { array: 'varchar' })}`;
    // What is left over stays together in the last part.
    return `CASE ${range} WHEN len(${parts}) <= ${limit} THEN ${parts} ELSE list_append(${parts}[:${limit} - 1], ${joinTexts(`${parts}[${limit}:]`, delimiter, call.args[1])}) END`;
  });
  return { sql, type: { array: 'varchar' } };
};

const splitPart: BuildFunction = (call, args) => {
  takeArgs(call, args, 3);
  const sql = once(
    [textArg(call, args, 0), textArg(call, args, 1), wholeArg(call, args, 2)],
    (text, delimiter, index) =>
      `CASE WHEN ${index} < 1 THEN ${raiseSql('Index must be greater than zero', 'varchar')} ELSE list_extract(string_split(${text}, ${delimiter}), ${index}) END`,
  );
  return { sql, type: 'varchar' };
};

const concat: BuildFunction = (call, args) => {
  takeArgs(call, args, 2, MAX_ARGS);
  if (args.some((value) => isArray(value.type))) return concatArrays(call, args);
  return { sql: `(${args.map((_, index) => textArg(call, args, index)).join(' || ')})`, type: 'varchar' };
};

/** Functions of text. */
export const TEXT_FUNCTIONS: FunctionTable = {
  chr: fn('chr(n)', (call, args) => ({
    sql: `chr(CAST(${wholeArg(call, takeArgs(call, args, 1), 0)} AS INTEGER))`,
    type: 'varchar',
  })),
  codepoint: fn('codepoint(character)', (call, args) => ({
    sql: `CAST(unicode(${textArg(call, takeArgs(call, args, 1), 0)}) AS INTEGER)`,
    type: 'integer',
  })),
  concat: fn('concat(x, y, …)', concat),
  hamming_distance: fn('hamming_distance(x, y)', texts('hamming', 2, 'bigint')),
  length: fn('length(text)', texts('length', 1, 'bigint')),
  levenshtein_distance: fn('levenshtein_distance(x, y)', texts('levenshtein', 2, 'bigint')),
  lower: fn('lower(text)', textToText('lower')),
  lpad: fn('lpad(text, size, padding)', pad('lpad')),
  ltrim: fn('ltrim(text)', textToText('ltrim')),
  position: fn('position(part IN text)', (call, args) => ({
    sql: `CAST(strpos(${textArg(call, takeArgs(call, args, 2), 1)}, ${textArg(call, args, 0)}) AS BIGINT)`,
    type: 'bigint',
  })),
  replace: fn(['replace(text, part)', 'replace(text, part, replacement)'], (call, args) => {
    const replacement = takeArgs(call, args, 2, 3).length === 3 ? textArg(call, args, 2) : "''";
    return { sql: `replace(${textArg(call, args, 0)}, ${textArg(call, args, 1)}, ${replacement})`, type: 'varchar' };
  }),
  reverse: fn(['reverse(text)', 'reverse(array)'], (call, args, context) => {
    const { type } = arg(call, takeArgs(call, args, 1), 0, (found) => isText(found) || isArray(found));
    return isArray(type)
      ? reverseArray(call, args, context)
      : { sql: `reverse(${textArg(call, args, 0)})`, type: 'varchar' };
  }),
  rpad: fn('rpad(text, size, padding)', pad('rpad')),
  rtrim: fn('rtrim(text)', textToText('rtrim')),
  split: fn(['split(text, delimiter)', 'split(text, delimiter, limit)'], split),
  split_part: fn('split_part(text, delimiter, index)', splitPart),
  starts_with: fn('starts_with(text, part)', texts('starts_with', 2, 'boolean')),
  strpos: fn(['strpos(text, part)', 'strpos(text, part, instance)'], place(false)),
  strrpos: fn(['strrpos(text, part)', 'strrpos(text, part, instance)'], place(true)),
  substr: fn(['substr(text, start)', 'substr(text, start, length)'], substr),
  substring: fn(['substring(text, start)', 'substring(text, start, length)'], substr),
  trim: fn('trim(text)', textToText('trim')),
  upper: fn('upper(text)', textToText('upper')),
};
