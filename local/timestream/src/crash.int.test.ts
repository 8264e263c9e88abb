import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killUnderLoad } from './testing/kills.ts';

test('five kills under load lose nothing that was acknowledged and leave no request half done', async () => {
  const report = await killUnderLoad(5);
  assert.ok(report.acknowledged >= 60, `only ${report.acknowledged} requests were acknowledged`);
  assert.ok(report.updates > 0 && report.unanswered > 0, JSON.stringify(report));
});
