import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBListValue,
  DuckDBScalarFunction,
  INTEGER,
  LIST,
  VARCHAR,
  listValue,
} from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { humanSeconds } from '../sql/duration.ts';
import { INTERPOLATIONS } from '../sql/timeseries-functions.ts';
import { daySecondText, doubleText, yearMonthText } from './datum.ts';

/** Functions that translated queries call and DuckDB lacks. Any argument that is NULL, but for the last, makes NULL. */
const FUNCTIONS: readonly {
  name: string;
  parameterTypes: readonly DuckDBType[];
  returnType: DuckDBType;
  answer: (args: readonly DuckDBValue[]) => DuckDBValue;
}[] = [
  {
    name: 'ts_interpolate',
    parameterTypes: [INTEGER, LIST(BIGINT), LIST(DOUBLE), LIST(BIGINT), DOUBLE],
    returnType: LIST(DOUBLE),
    answer: ([method, times, values, wanted, constant]) => {
      if (wanted === null) return null;
      return listValue(
        interpolate(Number(method), numbers(times), numbers(values), numbers(wanted), constant as number | null),
      );
    },
  },
  {
    name: 'ts_weighted_quantiles',
    parameterTypes: [LIST(DOUBLE), LIST(DOUBLE), LIST(DOUBLE)],
    returnType: LIST(DOUBLE),
    answer: ([values, weights, shares]) =>
      listValue(weightedQuantiles(numbers(values), numbers(weights), numbers(shares))),
  },
  {
    name: 'ts_double_text',
    parameterTypes: [DOUBLE],
    returnType: VARCHAR,
    answer: ([value]) => doubleText(Number(value)),
  },
  {
    name: 'ts_interval_text',
    parameterTypes: [BIGINT, BOOLEAN],
    returnType: VARCHAR,
    answer: ([value, isDaySecond]) => (isDaySecond === true ? daySecondText : yearMonthText)(value as bigint),
  },
  {
    name: 'ts_human_seconds',
    parameterTypes: [DOUBLE],
    returnType: VARCHAR,
    answer: ([value]) => humanSeconds(Number(value)),
  },
  {
    name: 'ts_from_base',
    parameterTypes: [VARCHAR, BIGINT],
    returnType: BIGINT,
    answer: ([text, radix]) => fromBase(String(text), Number(radix)),
  },
];

/** Makes the functions known to every connection of an instance. */
export function registerEngineFunctions(connection: DuckDBConnection): void {
  for (const { name, parameterTypes, returnType, answer } of FUNCTIONS) {
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes,
        returnType,
        specialHandling: true,
        mainFunction: (_info, input, output) => {
          for (let row = 0; row < input.rowCount; row += 1) {
            const args = parameterTypes.map((_, index) => input.getColumnVector(index).getItem(row));
            const isUnknown = args.slice(0, Math.max(args.length - 1, 1)).includes(null);
            output.setItem(row, isUnknown ? null : answer(args));
          }
          output.flush();
        },
      }),
    );
  }
}

type Numbers = readonly (number | bigint | null)[];

const numbers = (list: DuckDBValue | undefined): Numbers =>
  list instanceof DuckDBListValue ? list.items.map((item) => item as number | bigint | null) : [];

/** One walk over the points, which are in the order of time, and the wanted times in theirs. */
function interpolate(
  method: number,
  times: Numbers,
  values: Numbers,
  wanted: Numbers,
  constant: number | null,
): (number | null)[] {
  const answers = new Array<number | null>(wanted.length).fill(null);
  let next = 0;
  for (const [place, time] of inOrder(wanted)) {
    while (next < times.length && BigInt(times[next] ?? 0) <= time) next += 1;
    const value = next === 0 ? undefined : Number(values[next - 1]);
    const before = BigInt(times[next - 1] ?? 0);
    if (value !== undefined && before === time) answers[place] = value;
    else if (method === INTERPOLATIONS.fill) answers[place] = constant;
    else if (method === INTERPOLATIONS.locf) answers[place] = value ?? null;
    else if (value !== undefined && next < times.length) {
      const share = Number(time - before) / Number(BigInt(times[next] ?? 0) - before);
      answers[place] = value + (Number(values[next]) - value) * share;
    }
  }
  return answers;
}

/** The wanted times with their places, the earliest first. */
function inOrder(wanted: Numbers): [place: number, time: bigint][] {
  const known = wanted.flatMap((time, place): [number, bigint][] => (time === null ? [] : [[place, BigInt(time)]]));
  return known.sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The smallest value at which so large a share of all weight is reached. */
function weightedQuantiles(values: Numbers, weights: Numbers, shares: Numbers): (number | null)[] {
  const points = values.map((value, index) => ({ value: Number(value), weight: Number(weights[index]) }));
  points.sort((a, b) => a.value - b.value);
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  return shares.map((share) => {
    let reached = 0;
    for (const { value, weight } of points) {
      reached += weight;
      if (reached >= Number(share) * total) return value;
    }
    return points.at(-1)?.value ?? null;
  });
}

/** NULL instead of an error: an exception here would end the process. */
function fromBase(text: string, radix: number): bigint | null {
  if (!Number.isInteger(radix) || radix < 2 || radix > 36) return null;
  const digits = text.startsWith('-') ? text.slice(1) : text;
  let value = 0n;
  for (const character of digits) {
    const digit = Number.parseInt(character, radix);
    if (Number.isNaN(digit) || value > MAX_BIGINT) return null;
    value = value * BigInt(radix) + BigInt(digit);
  }
  if (digits === '' || value > MAX_BIGINT) return null;
  return text.startsWith('-') ? -value : value;
}

const MAX_BIGINT = 9_223_372_036_854_775_807n;
