import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LiveTailRecord } from '@lumina/contracts';
import { LiveTail } from './live-tail.ts';
import type { TailBatch } from './live-tail.ts';
import type { TailPage, TailStream } from './tail-stream.ts';

const NOTHING: TailPage = { records: [], last: undefined, isEnd: false };

function bytesOf(seq: number): Uint8Array {
  const record: LiveTailRecord = { v: 1, source: 's/0', seq, watermark: seq, facts: [] };
  return Buffer.from(JSON.stringify(record));
}

interface Shard {
  readonly pages: (TailPage | Error)[];
  readonly openedAfter: (string | undefined)[];
}

/** A stream whose shards give the pages they are told, then nothing. */
function streamOf(
  shards: Readonly<Record<string, (TailPage | Error)[]>>,
): TailStream & Record<'shards', Map<string, Shard>> {
  const all = new Map(Object.entries(shards).map(([id, pages]): [string, Shard] => [id, { pages, openedAfter: [] }]));
  return {
    shards: all,
    listShards: () => Promise.resolve([...all.keys()]),
    read: (shardId, after) => {
      all.get(shardId)?.openedAfter.push(after);
      return {
        next: () => {
          const page = all.get(shardId)?.pages.shift() ?? NOTHING;
          return page instanceof Error ? Promise.reject(page) : Promise.resolve(page);
        },
      };
    },
    close: () => undefined,
  };
}

/** Follows until so many batches have come; answers them. */
async function follow(
  stream: TailStream,
  count: number,
  options: { positions?: ReadonlyMap<string, string>; take?: (batch: TailBatch) => Promise<void> } = {},
): Promise<{ batches: TailBatch[]; failures: unknown[] }> {
  const batches: TailBatch[] = [];
  const failures: unknown[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<undefined>();
  const tail = new LiveTail({
    stream,
    positions: () => Promise.resolve(options.positions ?? new Map()),
    followers: [
      {
        take: async (batch) => {
          await options.take?.(batch);
          batches.push(batch);
          if (batches.length === count) resolve(undefined);
        },
      },
    ],
    onFailure: (error) => failures.push(error),
  });
  tail.start();
  await enough;
  await tail.close();
  return { batches, failures };
}

describe('the live tail', () => {
  it('is read from every shard, in the order of each, from the place that was saved', async () => {
    const stream = streamOf({
      a: [
        { records: [bytesOf(1)], last: '10', isEnd: false },
        { records: [bytesOf(2)], last: '11', isEnd: false },
      ],
      b: [{ records: [bytesOf(7)], last: '20', isEnd: true }],
    });
    const { batches, failures } = await follow(stream, 3, { positions: new Map([['a', '9']]) });
    const ofA = batches.filter(({ shardId }) => shardId === 'a');
    assert.deepEqual(
      ofA.map(({ sequence, records }) => [sequence, records[0]?.seq]),
      [
        ['10', 1],
        ['11', 2],
      ],
    );
    assert.deepEqual(stream.shards.get('a')?.openedAfter, ['9']);
    assert.deepEqual(stream.shards.get('b')?.openedAfter, [undefined]);
    assert.deepEqual(failures, []);
  });

  it('goes on after a stream that fails, and tells of it once', async () => {
    const broken = new Error('no route');
    const stream = streamOf({ a: [broken, { records: [bytesOf(1)], last: '1', isEnd: false }] });
    const { batches, failures } = await follow(stream, 1);
    assert.equal(batches[0]?.records[0]?.seq, 1);
    assert.deepEqual(failures, [broken]);
  });

  it('tells a follower that failed the same batch again before any later one', async () => {
    const stream = streamOf({
      a: [
        { records: [bytesOf(1)], last: '1', isEnd: false },
        { records: [bytesOf(2)], last: '2', isEnd: false },
      ],
    });
    let attempts = 0;
    const { batches } = await follow(stream, 2, {
      take: () => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new Error('the database restarts')) : Promise.resolve();
      },
    });
    assert.equal(attempts, 3);
    assert.deepEqual(
      batches.map(({ sequence }) => sequence),
      ['1', '2'],
    );
  });

  it('passes over a record that is none, and tells of it', async () => {
    const rubbish = [Buffer.from('{"v":2}'), Buffer.from([0xff]), Buffer.from('[]')];
    const stream = streamOf({ a: [{ records: [...rubbish, bytesOf(4)], last: '1', isEnd: false }] });
    const { batches, failures } = await follow(stream, 1);
    assert.deepEqual(
      batches[0]?.records.map(({ seq }) => seq),
      [4],
    );
    assert.equal(failures.length, rubbish.length);
  });
});
