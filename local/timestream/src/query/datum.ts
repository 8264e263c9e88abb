import {
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimeNSValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { OutputColumn } from '../sql/scope.ts';
import type { ScalarType, SqlType } from '../sql/types.ts';

/** One value of a result, in the form of the API. */
export type Datum =
  | { ScalarValue: string }
  | { NullValue: true }
  | { ArrayValue: Datum[] }
  | { RowValue: { Data: Datum[] } }
  | { TimeSeriesValue: { Time: string; Value: Datum }[] };
/** A column of a result, in the form of the API. */
export type ColumnInfo = {
  Name?: string;
  Type:
    | { ScalarType: string }
    | { ArrayColumnInfo: ColumnInfo }
    | { RowColumnInfo: ColumnInfo[] }
    | { TimeSeriesMeasureValueColumnInfo: ColumnInfo };
};

const NS_PER_SECOND = 1_000_000_000n;
const SECONDS_PER_DAY = 86_400n;
const MS_PER_DAY = 86_400_000;

/** The description of a result column. */
export const columnInfoOf = (column: OutputColumn): ColumnInfo => ({ Name: column.name, Type: typeInfo(column.type) });

/** The description of a type. */
export function typeInfo(type: SqlType): ColumnInfo['Type'] {
  if (typeof type === 'string') return { ScalarType: type.toUpperCase() };
  if ('array' in type) return { ArrayColumnInfo: { Type: typeInfo(type.array) } };
  if ('timeseries' in type) return { TimeSeriesMeasureValueColumnInfo: { Type: typeInfo(type.timeseries) } };
  return {
    RowColumnInfo: type.row.map((field) => ({
      ...(field.name === undefined ? {} : { Name: field.name }),
      Type: typeInfo(field.type),
    })),
  };
}

/** A value of DuckDB as a Datum; the type decides, since several types share a form in DuckDB. */
export function datumOf(value: DuckDBValue, type: SqlType): Datum {
  if (value === null) return { NullValue: true };
  if (typeof type === 'string') return { ScalarValue: scalarText(value, type) };
  if ('row' in type) {
    const fields = entriesOf(value);
    return { RowValue: { Data: type.row.map((field, index) => datumOf(fields[`f${index}`] ?? null, field.type)) } };
  }
  if (!(value instanceof DuckDBListValue)) throw new Error('An array value has no list.');
  if ('array' in type) return { ArrayValue: value.items.map((item) => datumOf(item, type.array)) };
  return {
    TimeSeriesValue: value.items.map((item) => {
      const { f0 = null, f1 = null } = entriesOf(item);
      return { Time: timestampText(timestampNs(f0)), Value: datumOf(f1, type.timeseries) };
    }),
  };
}

function entriesOf(value: DuckDBValue): Readonly<Record<string, DuckDBValue>> {
  if (!(value instanceof DuckDBStructValue)) throw new Error('A row value has no fields.');
  return value.entries;
}

function scalarText(value: DuckDBValue, type: ScalarType): string {
  switch (type) {
    case 'double':
      return doubleText(Number(value));
    case 'timestamp':
      return timestampText(timestampNs(value));
    case 'date':
      if (!(value instanceof DuckDBDateValue)) throw new Error('A date value has no days.');
      return new Date(value.days * MS_PER_DAY).toISOString().slice(0, 10);
    case 'time':
      if (!(value instanceof DuckDBTimeNSValue)) throw new Error('A time value has no nanoseconds.');
      return clockText(value.nanos);
    case 'interval_day_to_second':
      return daySecondText(value as bigint);
    case 'interval_year_to_month':
      return yearMonthText(value as bigint);
    case 'varchar':
    case 'boolean':
    case 'bigint':
    case 'integer':
    case 'unknown':
      return String(value);
  }
}

function timestampNs(value: DuckDBValue): bigint {
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos;
  if (value instanceof DuckDBTimestampValue) return value.micros * 1000n;
  throw new Error('A timestamp value has no instant.');
}

/** `2020-08-08 01:00:00.000000000` */
export function timestampText(ns: bigint): string {
  const fraction = ((ns % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  const seconds = (ns - fraction) / NS_PER_SECOND;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${text}.${fraction.toString().padStart(9, '0')}`;
}

function clockText(ns: bigint): string {
  const seconds = ns / NS_PER_SECOND;
  const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => part.toString().padStart(2, '0'));
  return `${parts.join(':')}.${(ns % NS_PER_SECOND).toString().padStart(9, '0')}`;
}

/** `1 21:00:00.000000000` */
export function daySecondText(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  const day = SECONDS_PER_DAY * NS_PER_SECOND;
  return `${ns < 0n ? '-' : ''}${size / day} ${clockText(size % day)}`;
}

/** `2-7` */
export function yearMonthText(months: bigint): string {
  const size = months < 0n ? -months : months;
  return `${months < 0n ? '-' : ''}${size / 12n}-${size % 12n}`;
}

/** The shortest text that reads back as the same double, in the notation of the service (`1.0`, `1.0E7`). */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}
