import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../scans/scan.ts';
import { Grid, MINUTE_MS } from '../time/grid.ts';
import { readingsAtBinEnds } from './level-readings.ts';

test('a series of which two parts tell at one instant counts once, in whatever order its rows were read', () => {
  const slotMs = 50_000;
  const sample = (part: string, depth: number): Sample => ({
    slotMs,
    part,
    atMs: slotMs,
    intervalMs: 10_000,
    rows: [{ slotMs, part, series: 'a', values: [depth] }],
  });
  const grid = Grid.uniform({ fromMs: 0, toMs: MINUTE_MS }, MINUTE_MS);
  const depthOf = (samples: readonly Sample[]): unknown =>
    readingsAtBinEnds(samples, grid).map((reading) => reading?.rows.map(({ values }) => values));
  assert.deepEqual(depthOf([sample('0', 4), sample('1', 3)]), [[[3]]]);
  assert.deepEqual(depthOf([sample('1', 3), sample('0', 4)]), [[[3]]]);
});
