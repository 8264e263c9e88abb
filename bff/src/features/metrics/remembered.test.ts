import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remembered } from './remembered.ts';

test('the same is asked once within the time, by whoever asks, and each territory apart', async () => {
  let nowMs = 0;
  let asked = 0;
  const find = remembered(
    ({ territoryId }: { territoryId: number }, id: string) => {
      asked += 1;
      return Promise.resolve(`${String(territoryId)} ${id} ${String(asked)}`);
    },
    { ttlMs: 5_000, clock: () => nowMs },
  );
  const both = await Promise.all([find({ territoryId: 1 }, 'a'), find({ territoryId: 1 }, 'a')]);
  assert.deepEqual(both, ['1 a 1', '1 a 1']);
  assert.equal(await find({ territoryId: 2 }, 'a'), '2 a 2');
  nowMs = 4_999;
  assert.equal(await find({ territoryId: 1 }, 'a'), '1 a 1');
  nowMs = 5_000;
  assert.equal(await find({ territoryId: 1 }, 'a'), '1 a 3');
});

test('a failure is told and forgotten', async () => {
  let fails = true;
  const find = remembered(() => (fails ? Promise.reject(new Error('down')) : Promise.resolve('up')), { ttlMs: 5_000 });
  await assert.rejects(find(), /down/u);
  fails = false;
  assert.equal(await find(), 'up');
});

test('memory is bounded: what was asked first is forgotten first', async () => {
  let asked = 0;
  const find = remembered(
    (_id: number) => {
      asked += 1;
      return Promise.resolve(asked);
    },
    { ttlMs: 5_000, clock: () => 0 },
  );
  for (let id = 0; id <= 2_000; id += 1) await find(id);
  await find(2_000);
  assert.equal(asked, 2_001);
  await find(0);
  assert.equal(asked, 2_002);
});
