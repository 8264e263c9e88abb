import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DirectoryNames } from './directory.ts';
import { NameResolver } from './name-resolver.ts';

describe('names of ids', () => {
  it('are asked for again after a while, kept while they cannot be had, and told when they changed', async () => {
    let nowMs = 0;
    let asked = 0;
    let told = 0;
    let answer: () => Promise<DirectoryNames> = () => Promise.resolve(new Map([['q_1', 'Sales']]));
    const resolver = new NameResolver(
      () => {
        asked += 1;
        return answer();
      },
      () => nowMs,
    );
    resolver.subscribe(() => {
      told += 1;
    });
    const lookUp = async (): Promise<string | undefined> => {
      resolver.nameOf('queue_id', 'q_1');
      await new Promise((resolve) => setImmediate(resolve));
      return resolver.nameOf('queue_id', 'q_1');
    };
    assert.equal(await lookUp(), 'Sales');
    nowMs = 59_000;
    assert.equal(await lookUp(), 'Sales');
    assert.deepEqual([asked, told], [1, 1]);
    nowMs = 60_000;
    assert.equal(await lookUp(), 'Sales');
    assert.deepEqual([asked, told], [2, 1], 'what has not changed is not told');
    answer = () => Promise.reject(new Error('not now'));
    nowMs = 120_000;
    assert.equal(await lookUp(), 'Sales');
    answer = () => Promise.resolve(new Map([['q_1', 'Sales desk']]));
    nowMs = 180_000;
    assert.equal(await lookUp(), 'Sales desk');
    assert.deepEqual([asked, told], [4, 2]);
    assert.equal(resolver.nameOf('direction', 'inbound'), undefined);
  });
});
