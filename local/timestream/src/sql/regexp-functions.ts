import { fn, takeArgs, textArg, unexpectedParameters, wholeArg } from './signature.ts';
import type { BuildFunction, FunctionTable } from './signature.ts';
import { once } from './types.ts';
import type { SqlType } from './types.ts';

/** `regexp_extract(text, pattern [, group])`: NULL where nothing matches. */
const extract: BuildFunction = (call, args) => {
  takeArgs(call, args, 2, 3);
  const group = groupOf(args.length === 3 ? wholeArg(call, args, 2) : '0');
  const sql = once([textArg(call, args, 0), textArg(call, args, 1)], (text, pattern) => {
    const found = `regexp_extract_all(${text}, ${pattern}, ${group})`;
    return `CASE WHEN len(${found}) = 0 THEN NULL ELSE ${found}[1] END`;
  });
  return { sql, type: 'varchar' };
};

const groupOf = (sql: string): string => `CAST(${sql} AS INTEGER)`;

const TEXTS: SqlType = { array: 'varchar' };

/** Groups are written `$1`, or `${name}`, in the language, and `\1` in DuckDB. */
const replacementOf = (sql: string): string =>
  `regexp_replace(replace(${sql}, '\\', '\\\\'), '\\$(\\d)', '\\\\\\1', 'g')`;

const replace: BuildFunction = (call, args, context) => {
  takeArgs(call, args, 2, 3);
  const [text, pattern] = [textArg(call, args, 0), textArg(call, args, 1)];
  const third = call.args[2];
  if (third?.kind !== 'lambda') {
    const replacement = args.length === 3 ? replacementOf(textArg(call, args, 2)) : "''";
    return { sql: `regexp_replace(${text}, ${pattern}, ${replacement}, 'g')`, type: 'varchar' };
  }
  const { sql: lambda, type } = context.lambda(2, [TEXTS]);
  const literal = call.args[1];
  if ((type !== 'varchar' && type !== 'unknown') || literal?.kind !== 'string') throw unexpectedParameters(call, args);
  return { sql: replaceEach(text, pattern, groupCount(literal.value), lambda), type: 'varchar' };
};

/** How many groups of a pattern capture. */
const groupCount = (pattern: string): number =>
  pattern
    .replace(/\\./gs, '')
    .replace(/\[[^\]]*\]/g, '')
    .match(/\((?!\?)|\(\?P?</g)?.length ?? 0;

/** Each match is replaced by what the lambda makes of its groups; the parts between matches stay. */
function replaceEach(text: string, pattern: string, count: number, lambda: string): string {
  const group = (_: unknown, index: number): string => `regexp_extract(p, ${pattern}, ${index + 1})`;
  const groups = `list_transform(regexp_extract_all(${text}, ${pattern}), lambda p: CAST([${Array.from({ length: count }, group).join(', ')}] AS VARCHAR[]))`;
  const operands = [`string_split_regex(${text}, ${pattern})`, `list_transform(${groups}, ${lambda})`];
  return once(operands, (parts, made) => {
    const pieces = `lambda p: list_extract(${parts}, p) || coalesce(list_extract(${made}, p), '')`;
    return `array_to_string(list_transform(range(1, len(${parts}) + 1), ${pieces}), '')`;
  });
}

/** Functions of regular expressions; these are RE2's, which can do all that Java's can but look around and back. */
export const REGEXP_FUNCTIONS: FunctionTable = {
  regexp_extract_all: fn(
    ['regexp_extract_all(text, pattern)', 'regexp_extract_all(text, pattern, group)'],
    (call, args) => {
      takeArgs(call, args, 2, 3);
      const group = groupOf(args.length === 3 ? wholeArg(call, args, 2) : '0');
      return {
        sql: `regexp_extract_all(${textArg(call, args, 0)}, ${textArg(call, args, 1)}, ${group})`,
        type: TEXTS,
      };
    },
  ),
  regexp_extract: fn(['regexp_extract(text, pattern)', 'regexp_extract(text, pattern, group)'], extract),
  regexp_like: fn('regexp_like(text, pattern)', (call, args) => ({
    sql: `regexp_matches(${textArg(call, takeArgs(call, args, 2), 0)}, ${textArg(call, args, 1)})`,
    type: 'boolean',
  })),
  regexp_replace: fn(
    [
      'regexp_replace(text, pattern)',
      'regexp_replace(text, pattern, replacement)',
      'regexp_replace(text, pattern, function)',
    ],
    replace,
    [2],
    true,
  ),
  regexp_split: fn('regexp_split(text, pattern)', (call, args) => ({
    sql: `string_split_regex(${textArg(call, takeArgs(call, args, 2), 0)}, ${textArg(call, args, 1)})`,
    type: TEXTS,
  })),
};
