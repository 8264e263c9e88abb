import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { doubleText, timestampText } from './datum.ts';

test('doubles are written as the service writes them', () => {
  const expected: [number, string][] = [
    [1, '1.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [1e7, '1.0E7'],
    [123456.75, '123456.75'],
    [0.0001, '1.0E-4'],
    [1.5e300, '1.5E300'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ];
  for (const [value, text] of expected) assert.equal(doubleText(value), text);
});

test('every double reads back as itself', () => {
  fc.assert(fc.property(fc.double(), (value) => Object.is(Number(doubleText(value)), value)));
});

test('timestamps always have nine digits, also before 1970', () => {
  assert.equal(timestampText(1n), '1970-01-01 00:00:00.000000001');
  assert.equal(timestampText(-1n), '1969-12-31 23:59:59.999999999');
});
