import { validationError } from '../errors.ts';
import { asArray, asObject, failConstraint, oneOf, optionalString } from '../protocol/shape.ts';
import type { JsonObject } from '../protocol/shape.ts';
import {
  DIMENSION_TYPES,
  MAX_DIMENSIONS,
  MAX_DIMENSION_NAME_BYTES,
  MAX_MEASURES,
  MAX_NAME_BYTES,
  MAX_RECORDS,
  MAX_VALUE_BYTES,
  MEASURE_TYPES,
  MULTI_TYPES,
  TIME_UNITS,
} from '../protocol/shapes.ts';
import type { JsonValue } from '../protocol/json.ts';
import { parseMeasureValue } from './measure-value.ts';
import type { MeasureValue, WriteRecord } from './record.ts';

const NS_PER_UNIT = {
  MILLISECONDS: 1_000_000n,
  SECONDS: 1_000_000_000n,
  MICROSECONDS: 1_000n,
  NANOSECONDS: 1n,
} as const;
// At most three bytes each in UTF-8: the smallest of the limits.
const SHORT_CHARACTERS = MAX_DIMENSION_NAME_BYTES / 3;
const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Merges the common attributes under each record and checks everything that does not depend on stored data. */
export function parseRecords(request: JsonObject): WriteRecord[] {
  const records = asArray(request['Records'], 'records');
  if (records.length < 1)
    failConstraint(request['Records'], 'records', 'Member must have length greater than or equal to 1');
  if (records.length > MAX_RECORDS)
    failConstraint(null, 'records', `Member must have length less than or equal to ${MAX_RECORDS}`);
  const commonValue = request['CommonAttributes'];
  const common = commonValue === undefined || commonValue === null ? {} : asObject(commonValue, 'commonAttributes');
  return records.map((value, index) => parseRecord(asObject(value, `records.${index + 1}.member`), common, index));
}

function parseRecord(own: JsonObject, common: JsonObject, index: number): WriteRecord {
  const path = `records.${index + 1}.member`;
  const pick = (member: string): JsonValue | undefined => own[member] ?? common[member];
  const measureName = requiredText(pick('MeasureName'), `${path}.measureName`, MAX_NAME_BYTES);
  const unit = oneOf(pick('TimeUnit'), TIME_UNITS, `${path}.timeUnit`, 'MILLISECONDS');
  return {
    index,
    dimensions: parseDimensions(own, common, path),
    measureName,
    timeNs: parseTime(pick('Time'), unit, `${path}.time`),
    version: parseVersion(pick('Version'), `${path}.version`),
    measures: parseMeasures(pick, path, NS_PER_UNIT[unit]),
  };
}

function parseDimensions(own: JsonObject, common: JsonObject, path: string): [string, string][] {
  const found = new Map<string, string>();
  for (const [source, prefix] of [
    [common, 'commonAttributes'],
    [own, path],
  ] as const) {
    for (const [position, value] of asArray(source['Dimensions'], `${prefix}.dimensions`).entries()) {
      const at = `${prefix}.dimensions.${position + 1}.member`;
      const dimension = asObject(value, at);
      const name =
        shortText(dimension['Name']) ?? requiredText(dimension['Name'], `${at}.name`, MAX_DIMENSION_NAME_BYTES);
      if (dimension['DimensionValueType'] !== undefined)
        oneOf(dimension['DimensionValueType'], DIMENSION_TYPES, `${at}.dimensionValueType`, 'VARCHAR');
      if (isReserved(name)) throw validationError(`The dimension name ${name} is reserved.`);
      if (found.has(name)) {
        throw validationError(`Duplicate dimensions are not allowed: the dimension ${name} is given more than once.`);
      }
      found.set(
        name,
        shortText(dimension['Value']) ?? requiredText(dimension['Value'], `${at}.value`, MAX_VALUE_BYTES),
      );
    }
  }
  if (found.size === 0) throw validationError('At least one dimension is required for a record.');
  if (found.size > MAX_DIMENSIONS) throw validationError(`A record can have at most ${MAX_DIMENSIONS} dimensions.`);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function parseMeasures(
  pick: (member: string) => JsonValue | undefined,
  path: string,
  nsPerUnit: bigint,
): MeasureValue[] {
  const type = oneOf(pick('MeasureValueType'), MEASURE_TYPES, `${path}.measureValueType`, 'DOUBLE');
  const values = asArray(pick('MeasureValues'), `${path}.measureValues`);
  if (type !== 'MULTI') {
    if (values.length > 0) throw validationError('MeasureValues are only allowed when MeasureValueType is MULTI.');
    const text = requiredText(pick('MeasureValue'), `${path}.measureValue`, MAX_VALUE_BYTES);
    return [
      {
        column: `measure_value::${type.toLowerCase()}`,
        kind: 'measure_value',
        type,
        value: parseMeasureValue(text, type, nsPerUnit),
      },
    ];
  }
  if (pick('MeasureValue') !== undefined && pick('MeasureValue') !== null) {
    throw validationError('MeasureValue is not allowed when MeasureValueType is MULTI.');
  }
  if (values.length === 0) throw validationError('MeasureValues are required when MeasureValueType is MULTI.');
  if (values.length > MAX_MEASURES) throw validationError(`A record can have at most ${MAX_MEASURES} measures.`);
  const names = new Set<string>();
  return values.map((value, position) => {
    const at = `${path}.measureValues.${position + 1}.member`;
    const measure = asObject(value, at);
    const column = shortText(measure['Name']) ?? requiredText(measure['Name'], `${at}.name`, MAX_NAME_BYTES);
    if (isReserved(column)) throw validationError(`The measure name ${column} is reserved.`);
    if (names.has(column))
      throw validationError(`Duplicate measure names are not allowed: ${column} is given more than once.`);
    names.add(column);
    if (measure['Type'] === undefined || measure['Type'] === null)
      failConstraint(null, `${at}.type`, 'Member must not be null');
    const measureType = oneOf(measure['Type'], MULTI_TYPES, `${at}.type`, 'DOUBLE');
    const text = shortText(measure['Value']) ?? requiredText(measure['Value'], `${at}.value`, MAX_VALUE_BYTES);
    return { column, kind: 'multi', type: measureType, value: parseMeasureValue(text, measureType, nsPerUnit) };
  });
}

function parseTime(value: JsonValue | undefined, unit: keyof typeof NS_PER_UNIT, path: string): bigint {
  if (value === undefined || value === null) throw validationError('A time is required for a record.');
  if (typeof value !== 'string' || !/^-?\d{1,30}$/.test(value))
    throw validationError(`The record time is not a valid number at '${path}'.`);
  const timeNs = BigInt(value) * NS_PER_UNIT[unit];
  if (timeNs < 0n) throw validationError(`The record time must not be negative at '${path}'.`);
  return timeNs;
}

function parseVersion(value: JsonValue | undefined, path: string): bigint {
  if (value === undefined || value === null) return 1n;
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isInteger(value))) {
    failConstraint(value, path, 'Member must be a long');
  }
  const version = BigInt(value);
  if (version < 1n) throw validationError(`The record version must be greater than or equal to 1 at '${path}'.`);
  if (version > MAX_BIGINT) failConstraint(value, path, 'Member must be a long');
  return version;
}

/** A text that every limit allows, which most are; the others are looked at closely, with a path for the message. */
const shortText = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value.length > 0 && value.length <= SHORT_CHARACTERS ? value : undefined;

function requiredText(value: JsonValue | undefined, path: string, maxBytes: number): string {
  if (value === undefined || value === null) failConstraint(null, path, 'Member must not be null');
  const text = optionalString({ value }, 'value', path) ?? '';
  if (text.length === 0) failConstraint(text, path, 'Member must have length greater than or equal to 1');
  if (Buffer.byteLength(text) > maxBytes)
    failConstraint(text, path, `Member must have length less than or equal to ${maxBytes}`);
  return text;
}

const isReserved = (name: string): boolean =>
  name === 'time' ||
  name === 'measure_name' ||
  name.startsWith('measure_value') ||
  name.startsWith('ts_non_existent_col');
