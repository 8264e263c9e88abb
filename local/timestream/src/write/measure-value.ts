import { validationError } from '../errors.ts';
import type { StoredType } from '../store/catalog.ts';

const MIN_BIGINT = -9_223_372_036_854_775_808n;
const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Turns the text of a measure value into the value that is stored; a TIMESTAMP is in the time unit of its record. */
export function parseMeasureValue(
  text: string,
  type: StoredType,
  nsPerUnit: bigint,
): string | bigint | number | boolean {
  switch (type) {
    case 'VARCHAR':
      return text;
    case 'BIGINT':
      return parseBigint(text, type, 1n);
    case 'TIMESTAMP':
      return parseBigint(text, type, nsPerUnit);
    case 'DOUBLE':
      return parseDouble(text);
    case 'BOOLEAN':
      return parseBoolean(text);
  }
}

function parseBigint(text: string, type: StoredType, factor: bigint): bigint {
  if (!/^[+-]?\d{1,25}$/.test(text)) return refuse(text, type);
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text) * factor;
  return value < MIN_BIGINT || value > MAX_BIGINT ? refuse(text, type) : value;
}

function parseDouble(text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (/^NaN$/i.test(text)) return Number.NaN;
  const infinity = /^([+-]?)(Infinity|inf)$/i.exec(text);
  if (infinity === null) return refuse(text, 'DOUBLE');
  return infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function parseBoolean(text: string): boolean {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  return refuse(text, 'BOOLEAN');
}

function refuse(text: string, type: StoredType): never {
  throw validationError(`The measure value '${text}' is not a valid ${type} value.`);
}
