import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { writeTruth } from './truth-file.ts';
import type { TruthLine } from './truth-line.ts';

it('writes one JSON line per cell', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'truth-'));
  const truth: TruthLine[] = [
    { metric: 'call_count', territoryId: 101, group: {}, minute: 60_000, num: 3, den: 1 },
    { metric: 'queue_depth', stat: 'now', territoryId: 101, group: { queue_id: 'q_sales' }, minute: 0, num: 0, den: 1 },
  ];
  await writeTruth(join(folder, 'truth.ndjson'), truth);
  const text = await readFile(join(folder, 'truth.ndjson'), 'utf8');
  assert.deepEqual(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    truth,
  );
  await rm(folder, { recursive: true });
});
