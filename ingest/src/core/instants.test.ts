import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { referenceEpochMs } from '../testing/reference-decode.ts';
import { epochMsOf, rfc3339Of } from './instants.ts';

const two = (value: number): string => String(value).padStart(2, '0');

describe('instants', () => {
  test('every day of two centuries, and the days around each month that do not exist', () => {
    for (let year = 1900; year <= 2101; year += 1) {
      for (let month = 0; month <= 13; month += 1) {
        for (let day = 0; day <= 32; day += 1) {
          const text = `${String(year)}-${two(month)}-${two(day)}T12:34:56.789Z`;
          assert.equal(epochMsOf(text), referenceEpochMs(text), text);
        }
      }
    }
  });

  test('any time of day, fraction and offset, in and out of its range', () => {
    const part = fc.integer({ min: 0, max: 99 });
    const zone = fc.oneof(
      fc.constant('Z'),
      fc
        .tuple(fc.constantFrom('+', '-'), part, part)
        .map(([sign, hours, minutes]) => `${sign}${two(hours)}:${two(minutes)}`),
      fc.constantFrom('', 'z', '+0100', '+01', ' Z', 'Z ', 'ZZ'),
    );
    const fraction = fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{0,11}$/));
    fc.assert(
      fc.property(part, part, part, fraction, zone, (hours, minutes, seconds, digits, offset) => {
        const text = `2028-02-29T${two(hours)}:${two(minutes)}:${two(seconds)}${digits}${offset}`;
        assert.equal(epochMsOf(text), referenceEpochMs(text), text);
      }),
      { numRuns: 5000 },
    );
  });

  test('a valid instant with any one character replaced', () => {
    const valid = ['2026-03-03T10:00:00Z', '0000-02-29T23:59:59.999Z', '9999-12-31T00:00:00.123456789+23:59'];
    const character = fc.oneof(
      fc.constantFrom(...Array.from('0129:-+.TZtz /é\u0660')),
      fc.string({ minLength: 0, maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...valid), fc.nat(40), character, (text, at, replaced) => {
        const changed = text.slice(0, at) + replaced + text.slice(at + 1);
        assert.equal(epochMsOf(changed), referenceEpochMs(changed), changed);
      }),
      { numRuns: 5000 },
    );
  });

  test('what does not exist is no instant: 30 February, a leap second, midnight at the end of a day', () => {
    for (const text of ['2026-02-30T00:00:00Z', '2016-12-31T23:59:60Z', '2026-03-03T24:00:00Z', '2026-02-29T00:00:00Z'])
      assert.ok(Number.isNaN(epochMsOf(text)), text);
    assert.equal(epochMsOf('2024-02-29T23:30:00-01:30'), Date.UTC(2024, 2, 1, 1, 0, 0));
  });

  test('instants are told apart whichever were asked for before', () => {
    const texts = ['2026-03-03T10:00:00Z', '2026-03-03T10:00:01Z', '2026-02-30T00:00:00Z', '1969-12-31T23:59:59Z', ''];
    const asked = fc.oneof(fc.constantFrom(...texts), fc.integer({ min: -1, max: 2_000 }));
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 12 }), (questions) => {
        for (const question of questions) {
          const text = typeof question === 'string' ? question : rfc3339Of(question);
          assert.ok(Object.is(epochMsOf(text), referenceEpochMs(text)), text);
        }
      }),
    );
  });

  test('no instant is read of a year that has more than four digits', () => {
    assert.ok(Number.isNaN(epochMsOf(rfc3339Of(253_402_300_800_000))));
  });

  test('instants are written as Date writes them, and read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (epochMs) => {
        const text = rfc3339Of(epochMs);
        assert.equal(text, new Date(epochMs).toISOString());
        assert.equal(epochMsOf(text), epochMs, 'as it was written');
        for (const other of ['2026-03-03T10:00:00Z', '2026-03-03T10:00:01Z', '']) epochMsOf(other);
        assert.equal(epochMsOf(text), epochMs, 'read anew');
      }),
      { numRuns: 3000 },
    );
    assert.throws(() => rfc3339Of(8.64e15 + 1), RangeError);
  });
});
