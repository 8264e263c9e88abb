import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { compareDeadLetters } from './dead-letters.ts';
import { markOf, PoisonMaker } from './poison.ts';
import { spanOverMidnight } from './run.ts';

const NOW_MS = Date.parse('2026-11-25T17:30:00Z');

describe('poison', () => {
  const maker = new PoisonMaker({ territoryId: 101, regionId: 1 });
  const pieces = Array.from({ length: 14 }, () => maker.next(NOW_MS));

  it('comes in seven kinds, each piece with a mark of its own in every record', () => {
    assert.equal(new Set(pieces.map(({ kind }) => kind)).size, 7);
    assert.equal(maker.marks.size, 14);
    for (const { mark, records } of pieces) for (const record of records) assert.equal(markOf(record), mark);
  });

  it('holds bytes that are no UTF-8, and text that is no JSON', () => {
    const recordOf = (wanted: string): Buffer =>
      pieces.find(({ kind }) => kind === wanted)?.records[0] ?? Buffer.alloc(0);
    assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(recordOf('bad UTF-8')));
    assert.throws(() => JSON.parse(recordOf('cut JSON').toString()) as unknown);
  });
});

describe('dead letters compared with poison', () => {
  let folder = '';
  const letter = async (name: string, text: string): Promise<void> => {
    const bytes = Buffer.from(text).toString('base64');
    await writeFile(
      join(folder, 'stream', 'shard', `${name}.json`),
      JSON.stringify({ code: 'malformed', message: 'm', bytes }),
    );
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dead-letters-'));
    await mkdir(join(folder, 'stream', 'shard'), { recursive: true });
    await letter('1', '{"id":"poison-000001"');
    await letter('2', '{"id":"poison-000001"');
    await letter('3', '{"id":"e-77"}');
  });
  after(() => rm(folder, { recursive: true }));

  it('tell what is missing, what died twice and what should not have died', async () => {
    const report = await compareDeadLetters(folder, new Set(['poison-000001', 'poison-000002']));
    assert.deepEqual(report.missing, ['poison-000002']);
    assert.equal(report.unexpected.length, 2);
  });

  it('are none where nothing died', async () => {
    assert.deepEqual(await compareDeadLetters(join(folder, 'none'), new Set()), {
      poison: 0,
      missing: [],
      unexpected: [],
    });
  });
});

describe('the span over midnight', () => {
  it('lies in the past, half on either side', () => {
    const hourMs = 3_600_000;
    const span = (now: string): string[] => {
      const { startMs, endMs } = spanOverMidnight(Date.parse(now), hourMs);
      return [startMs, endMs].map((ms) => new Date(ms).toISOString());
    };
    assert.deepEqual(span('2026-11-25T17:30:00Z'), ['2026-11-24T23:30:00.000Z', '2026-11-25T00:30:00.000Z']);
    assert.deepEqual(span('2026-11-25T00:10:00Z'), ['2026-11-23T23:30:00.000Z', '2026-11-24T00:30:00.000Z']);
  });
});
