import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { storeScanReaders } from '../scans/store-scan-reader.ts';
import { comparable, drawScan, spanned } from '../testing/drawn-scans.ts';
import { drawRows } from '../testing/drawn-rows.ts';
import { LocalStore } from '../testing/local-store.ts';
import { seeded } from '../testing/world.ts';
import { HOUR_MS, MINUTE_MS, floorTo } from '../time/grid.ts';
import { evaluateScan } from './evaluate-scan.ts';
import type { FactRow } from './fact-row.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const SPAN = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS };
const ROWS = 6_000;
const SCANS = 250;

describe('a scan among rows in memory', () => {
  const chance = seeded(20_261_120);
  let local: LocalStore;
  let rows: FactRow[];

  before(async () => {
    local = await LocalStore.start(NOW_MS);
    rows = drawRows(chance, ROWS, SPAN);
    await local.write(
      rows.map(({ fact, timeMs, dimensions, measures }) => ({ fact, timeMs, values: { ...dimensions, ...measures } })),
    );
  });
  after(() => local.close());

  it('finds what the store finds, whatever the scan and the range', async () => {
    const reader = storeScanReaders(local.store)({ territoryId: 101, regionId: 1, scopeKey: '' }, undefined);
    let found = 0;
    for (let index = 0; index < SCANS; index += 1) {
      const scan = spanned(drawScan(chance), chance, SPAN);
      // Ranges that are cut anywhere, but where a scan is asked for whole buckets only.
      const step = scan.kind === 'stock' ? MINUTE_MS : scan.kind === 'slice' ? scan.binMs : 1;
      const fromMs = floorTo(SPAN.fromMs + chance(HOUR_MS), step);
      const range = { fromMs, toMs: fromMs + chance(HOUR_MS) };
      const expected = await reader.read(scan, range);
      found += expected.size;
      assert.deepEqual(
        comparable(evaluateScan(scan, rows, range)),
        comparable(expected),
        JSON.stringify({ scan, range }),
      );
    }
    assert.ok(found > SCANS, `only ${String(found)} buckets held anything`);
  });
});
