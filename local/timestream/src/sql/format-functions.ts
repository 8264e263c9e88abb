import type { Call } from './ast.ts';
import { sqlError } from './position.ts';
import { arg, fn, instant, isInstant, takeArgs, textArg, unexpectedParameters } from './signature.ts';
import type { BuildFunction, FunctionTable } from './signature.ts';
import { coerce, quoteText } from './types.ts';
import type { Typed } from './types.ts';

/** Codes of MySQL, and what DuckDB writes for each. */
const MYSQL_CODES: Record<string, string> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%f',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  r: '%I:%M:%S %p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  v: '%V',
  W: '%A',
  Y: '%Y',
  y: '%y',
  '%': '%%',
};
/** Runs of letters of Java's formats, and what DuckDB writes for each. */
const JAVA_RUNS: Record<string, string> = {
  yyyy: '%Y',
  yy: '%y',
  y: '%Y',
  YYYY: '%Y',
  MMMM: '%B',
  MMM: '%b',
  MM: '%m',
  M: '%-m',
  dd: '%d',
  d: '%-d',
  DDD: '%j',
  D: '%-j',
  EEEE: '%A',
  EEE: '%a',
  E: '%a',
  e: '%u',
  HH: '%H',
  H: '%-H',
  hh: '%I',
  h: '%-I',
  mm: '%M',
  m: '%-M',
  ss: '%S',
  s: '%-S',
  SSS: '%g',
  SSSSSS: '%f',
  a: '%p',
  ww: '%V',
};

type Convert = (text: string) => string | undefined;

/** The format with each code replaced by what `found` has for it; undefined when there is a code that it lacks. */
function convertCodes(
  text: string,
  codes: RegExp,
  found: (whole: string, part: string | undefined) => string | undefined,
): string | undefined {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(codes)) {
    const replacement = found(match[0], match[1]);
    if (replacement === undefined) return undefined;
    parts.push(text.slice(end, match.index), replacement);
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)].join('');
}

const fromMysql: Convert = (text) => convertCodes(text, /%(.)/gs, (_whole, code = '') => known(MYSQL_CODES, code));

const fromJava: Convert = (text) =>
  convertCodes(text, /'((?:[^']|'')*)'|([A-Za-z])\2*|%/g, (whole, quoted) => {
    if (quoted === undefined) return whole === '%' ? '%%' : known(JAVA_RUNS, whole);
    return (quoted === '' ? "'" : quoted.replaceAll("''", "'")).replaceAll('%', '%%');
  });

const known = (table: Record<string, string>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** The format of a call as DuckDB writes it. Only a literal can be converted before the query runs. */
function formatOf(call: Call, convert: Convert): string {
  const node = call.args[1];
  const format = node?.kind === 'string' ? convert(node.value) : undefined;
  if (format === undefined) {
    throw sqlError(node?.at ?? call.at, `The format of ${call.name} must be a literal of supported codes`);
  }
  return quoteText(format);
}

const format =
  (convert: Convert): BuildFunction =>
  (call, args) => ({
    sql: `strftime(${instant(call, takeArgs(call, args, 2), 0)}, ${formatOf(call, convert)})`,
    type: 'varchar',
  });
const parse =
  (convert: Convert): BuildFunction =>
  (call, args) => ({
    sql: `CAST(strptime(${textArg(call, takeArgs(call, args, 2), 0)}, ${formatOf(call, convert)}) AS TIMESTAMP_NS)`,
    type: 'timestamp',
  });

const toIso: BuildFunction = (call, args): Typed => {
  const value = arg(call, takeArgs(call, args, 1), 0, isInstant);
  if (value.type === 'date') return { sql: `CAST(${value.sql} AS VARCHAR)`, type: 'varchar' };
  if (value.type === 'unknown') throw unexpectedParameters(call, args);
  // DuckDB writes nanoseconds right only at the end of a format.
  return { sql: `(strftime(${coerce(value, 'timestamp')}, '%Y-%m-%dT%H:%M:%S.%n') || 'Z')`, type: 'varchar' };
};

/** Functions between times and texts. */
export const FORMAT_FUNCTIONS: FunctionTable = {
  date_format: fn('date_format(timestamp, format)', format(fromMysql)),
  date_parse: fn('date_parse(text, format)', parse(fromMysql)),
  format_datetime: fn('format_datetime(timestamp, format)', format(fromJava)),
  parse_datetime: fn('parse_datetime(text, format)', parse(fromJava)),
  to_iso8601: fn(['to_iso8601(timestamp)', 'to_iso8601(date)'], toIso),
};
