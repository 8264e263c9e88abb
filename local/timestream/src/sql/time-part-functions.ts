import { sqlError } from './position.ts';
import { arg, epochNs, fn, isDuration, isInstant, takeArgs } from './signature.ts';
import type { BuildFunction, FunctionTable } from './signature.ts';
import { bigintSql, coerce } from './types.ts';
import type { SqlType, Typed } from './types.ts';

const isYearMonth = (type: SqlType): boolean => type === 'interval_year_to_month';
const isTime = (type: SqlType): boolean => type === 'time';

/** How one part is taken out of each kind of value. */
type Part = { duckName: string; nsPerUnit?: bigint; units?: bigint; monthsPerUnit?: number; unitMonths?: number };

const PARTS: Record<string, Part> = {
  year: { duckName: 'year', monthsPerUnit: 12 },
  quarter: { duckName: 'quarter' },
  month: { duckName: 'month', monthsPerUnit: 1, unitMonths: 12 },
  week: { duckName: 'week' },
  week_of_year: { duckName: 'week' },
  day: { duckName: 'day', nsPerUnit: 86_400_000_000_000n },
  day_of_month: { duckName: 'day' },
  day_of_week: { duckName: 'isodow' },
  dow: { duckName: 'isodow' },
  day_of_year: { duckName: 'dayofyear' },
  doy: { duckName: 'dayofyear' },
  year_of_week: { duckName: 'isoyear' },
  yow: { duckName: 'isoyear' },
  hour: { duckName: 'hour', nsPerUnit: 3_600_000_000_000n, units: 24n },
  minute: { duckName: 'minute', nsPerUnit: 60_000_000_000n, units: 60n },
  second: { duckName: 'second', nsPerUnit: 1_000_000_000n, units: 60n },
  millisecond: { duckName: '', nsPerUnit: 1_000_000n, units: 1000n },
  nanosecond: { duckName: '', nsPerUnit: 1n, units: 1_000_000_000n },
};

/** One part of a timestamp, date, time or interval as a BIGINT. */
const partOf =
  (part: Part): BuildFunction =>
  (call, args) =>
    takePart(
      part,
      arg(call, takeArgs(call, args, 1), 0, (type) => takes(part, type)),
    );

function takes(part: Part, type: SqlType): boolean {
  if (isInstant(type)) return true;
  if (isTime(type)) return part.nsPerUnit !== undefined && part.units !== undefined;
  if (isDuration(type)) return part.nsPerUnit !== undefined;
  return isYearMonth(type) && part.monthsPerUnit !== undefined;
}

function takePart({ duckName, nsPerUnit, units, monthsPerUnit, unitMonths }: Part, value: Typed): Typed {
  if (isYearMonth(value.type)) {
    const whole = `(${value.sql} // ${monthsPerUnit ?? 1})`;
    return { sql: unitMonths === undefined ? whole : `(${whole} % ${unitMonths})`, type: 'bigint' };
  }
  const isSpan = isDuration(value.type) || isTime(value.type);
  if (duckName !== '' && !isSpan)
    return { sql: `CAST(${duckName}(${coerce(value, 'timestamp')}) AS BIGINT)`, type: 'bigint' };
  const ns = isDuration(value.type) ? value.sql : epochNs(isSpan ? value.sql : coerce(value, 'timestamp'));
  const whole = `(${ns} // ${bigintSql(nsPerUnit ?? 1n)})`;
  return { sql: units === undefined ? whole : `(${whole} % ${bigintSql(units)})`, type: 'bigint' };
}

const extract: BuildFunction = (call, args) => {
  const field = call.args[0];
  const name = field?.kind === 'string' ? field.value : '';
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part === undefined) throw sqlError(field?.at ?? call.at, `Invalid EXTRACT field: ${name}`);
  return takePart(
    part,
    arg(call, takeArgs(call, args, 2), 1, (type) => takes(part, type)),
  );
};

/** Functions that take a part out of a time. */
export const TIME_PART_FUNCTIONS: FunctionTable = {
  ...Object.fromEntries(Object.entries(PARTS).map(([name, part]) => [name, fn(`${name}(x)`, partOf(part))])),
  extract: fn('extract(field FROM x)', extract),
};
