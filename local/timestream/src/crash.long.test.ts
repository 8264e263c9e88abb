import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killUnderLoad } from './testing/kills.ts';

test('a hundred kills under load lose nothing that was acknowledged and leave no request half done', async () => {
  const report = await killUnderLoad(100);
  assert.ok(report.acknowledged >= 1200, `only ${report.acknowledged} requests were acknowledged`);
  assert.ok(report.updates > 100 && report.refused > 10 && report.unanswered > 100, JSON.stringify(report));
});
