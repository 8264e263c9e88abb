import { arg, isText, takeArgs } from './signature.ts';
import type { BuildFunction } from './signature.ts';
import { coerce, isWhole } from './types.ts';
import type { SqlType } from './types.ts';

const textToText =
  (duckName: string): BuildFunction =>
  (call, args) => ({
    sql: `${duckName}(${arg(call, takeArgs(call, args, 1), 0, isText).sql})`,
    type: 'varchar',
  });

const texts =
  (duckName: string, count: number, type: SqlType): BuildFunction =>
  (call, args) => {
    takeArgs(call, args, count);
    const sql = `${duckName}(${args.map((_, index) => arg(call, args, index, isText).sql).join(', ')})`;
    return { sql: type === 'bigint' ? `CAST(${sql} AS BIGINT)` : sql, type };
  };

const substr: BuildFunction = (call, args) => {
  takeArgs(call, args, 2, 3);
  const rest = args.slice(1).map((_, index) => coerce(arg(call, args, index + 1, isWhole), 'bigint'));
  return { sql: `substr(${[arg(call, args, 0, isText).sql, ...rest].join(', ')})`, type: 'varchar' };
};

/** Functions of text. */
export const TEXT_FUNCTIONS: Record<string, BuildFunction> = {
  lower: textToText('lower'),
  upper: textToText('upper'),
  trim: textToText('trim'),
  ltrim: textToText('ltrim'),
  rtrim: textToText('rtrim'),
  reverse: textToText('reverse'),
  length: texts('length', 1, 'bigint'),
  strpos: texts('strpos', 2, 'bigint'),
  starts_with: texts('starts_with', 2, 'boolean'),
  replace: texts('replace', 3, 'varchar'),
  regexp_like: texts('regexp_matches', 2, 'boolean'),
  substr,
  substring: substr,
  concat: (call, args) => {
    takeArgs(call, args, 2, 127);
    return { sql: `(${args.map((_, index) => arg(call, args, index, isText).sql).join(' || ')})`, type: 'varchar' };
  },
};
