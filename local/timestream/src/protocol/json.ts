import { parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';

/** A JSON value in which integers beyond 2^53 are bigints. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | { [key: string]: JsonValue };

// A number this long may exceed 2^53. The test may also hit text inside a string: that only costs the slower parser.
const LONG_NUMBER = /[:,[]\s*-?\d{16}/;

/** Parses JSON without loss: integers that a double cannot hold become bigints. */
export function parseJson(text: string): JsonValue {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text) as JsonValue;
  return parseLossless(text, undefined, (digits) => {
    const value = Number(digits);
    return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(digits) ? BigInt(digits) : value;
  }) as JsonValue;
}

/** Writes JSON; bigints are written as exact numbers. */
export function stringifyJson(value: unknown): string {
  return stringifyLossless(value) ?? 'null';
}
