import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJson, stringifyJson } from './json.ts';

test('integers beyond 2^53 survive both ways', () => {
  const text = '{"Version":1772625600123456789,"small":5,"half":0.5,"text":"12345678901234567890"}';
  assert.deepEqual(parseJson(text), {
    Version: 1_772_625_600_123_456_789n,
    small: 5,
    half: 0.5,
    text: '12345678901234567890',
  });
  assert.equal(stringifyJson(parseJson(text)), text);
});

test('whatever JSON can say is read the same by the fast and the exact parser', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const long = `{"long":1234567890123456789,"value":${text}}`;
      const exact = parseJson(long) as { value: unknown };
      assert.deepEqual(toNumbers(exact.value), JSON.parse(text));
    }),
  );
});

function toNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toNumbers(item)]));
}
