import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, questionHash } from './cursor.ts';

const question = questionHash(['calls']);
const range = fc
  .tuple(fc.nat(), fc.integer({ min: 1, max: 1_000_000 }))
  .map(([fromMs, ms]) => ({ fromMs, toMs: fromMs + ms }));

test('a cursor leads on from where it was made, for its own question only', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.string()), fc.string(), range, (value, key, span) => {
      const cursor = { after: { value, key }, range: span };
      const text = encodeCursor(cursor, question);
      assert.match(text, /^[\w-]+$/u);
      assert.deepEqual(decodeCursor(text, question), cursor);
      assert.equal(decodeCursor(text, questionHash(['visits'])), undefined);
    }),
  );
});

test('whatever else is sent as a cursor is none, and no accident', () => {
  const broken = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    fc
      .array(fc.jsonValue(), { minLength: 6, maxLength: 6 })
      .map((fields) => Buffer.from(JSON.stringify([1, question, ...fields.slice(2)])).toString('base64url')),
  );
  fc.assert(
    fc.property(broken, (text) => {
      const cursor = decodeCursor(text, question);
      if (cursor === undefined) return;
      assert.ok(Number.isSafeInteger(cursor.range.fromMs) && cursor.range.fromMs < cursor.range.toMs);
      assert.equal(typeof cursor.after.key, 'string');
    }),
    { numRuns: 1_000 },
  );
});
