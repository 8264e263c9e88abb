import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Grid, QUARTER_MS } from '../time/grid.ts';
import { clipSlice } from './state-time.ts';

const slice = fc
  .record({
    quarter: fc.integer({ min: 0, max: 7 }),
    offsetMs: fc.integer({ min: 0, max: QUARTER_MS - 1 }),
    ms: fc.integer({ min: 0, max: QUARTER_MS }),
  })
  .map(({ quarter, offsetMs, ms }) => ({
    startMs: quarter * QUARTER_MS + offsetMs,
    ms: Math.min(ms, QUARTER_MS - offsetMs),
  }));

test('clipped shares are as long as the slice is inside the known time, at any bin', () => {
  fc.assert(
    fc.property(
      slice,
      fc.constantFrom(10_000, 60_000, 420_000, QUARTER_MS, 4 * QUARTER_MS),
      fc.nat(7_200_000),
      fc.nat(7_200_000),
      (piece, binMs, a, b) => {
        const range = { fromMs: Math.min(a, b), toMs: Math.max(a, b) + 1 };
        const grid = Grid.uniform(range, binMs);
        const shares = clipSlice(piece, grid, range);
        const inside = Math.max(
          0,
          Math.min(piece.startMs + piece.ms, range.toMs) - Math.max(piece.startMs, range.fromMs),
        );
        assert.equal(
          shares.reduce((sum, { ms }) => sum + ms, 0),
          inside,
        );
        for (const { bin, ms } of shares) assert.ok(ms > 0 && ms <= grid.clip(bin).toMs - grid.clip(bin).fromMs);
      },
    ),
  );
});

test('a slice over a minute boundary is shared between the minutes', () => {
  const range = { fromMs: 0, toMs: 180_000 };
  const shares = clipSlice({ startMs: 50_000, ms: 80_000 }, Grid.uniform(range, 60_000), range);
  assert.deepEqual(shares, [
    { bin: 0, ms: 10_000 },
    { bin: 1, ms: 60_000 },
    { bin: 2, ms: 10_000 },
  ]);
});
