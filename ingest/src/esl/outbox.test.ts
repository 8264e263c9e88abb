import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';

import { EVENT_CLASSES, type EventClass } from './event-class.ts';
import { Outbox, type OutboxLimits } from './outbox.ts';
import { SpillLog } from './spill-log.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lumina-outbox-'));
after(() => {
  rmSync(root, { recursive: true, force: true });
});

const throwIt = (error: unknown): void => {
  throw error;
};

let folders = 0;
const newFolder = (): string => path.join(root, String((folders += 1)));

const open = (folder: string, limits: OutboxLimits) => {
  const shed: EventClass[] = [];
  const lost: number[] = [];
  const log = new SpillLog(folder, throwIt);
  const outbox = new Outbox(log, limits, { onShed: (kind) => shed.push(kind), onLost: (bytes) => lost.push(bytes) });
  return { outbox, log, shed, lost };
};

const entry = (index: number, bytes = 100) => ({
  partitionKey: String(index),
  data: Buffer.alloc(bytes, String(index % 10)),
});

async function drain(outbox: Outbox): Promise<number[]> {
  const taken: number[] = [];
  for (let batch = await outbox.peek(); batch.length > 0; batch = await outbox.peek()) {
    taken.push(...batch.map(({ partitionKey }) => Number(partitionKey)));
    outbox.acknowledge(batch.length);
  }
  return taken;
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

describe('Outbox', () => {
  it('keeps order and loses nothing, whatever part of it is in memory, on disk, sent or restarted', async () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('offer' as const), count: fc.integer({ min: 1, max: 40 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 60 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), count: fc.constant(0) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const folder = newFolder();
        const limits = { memoryBytes: 3000, spillBytes: 100_000_000 };
        let one = open(folder, limits);
        let offered = 0;
        let sent = 0;
        for (const { kind, count } of steps) {
          if (kind === 'offer') {
            for (let index = 0; index < count; index += 1) assert.ok(one.outbox.offer('vital', entry(offered++)));
          } else if (kind === 'send') {
            const batch = (await one.outbox.peek()).slice(0, count);
            assert.deepEqual(
              batch.map(({ partitionKey }) => Number(partitionKey)),
              numbers(sent, sent + batch.length),
            );
            one.outbox.acknowledge(batch.length);
            sent += batch.length;
          } else {
            one.log.close();
            one = open(folder, limits);
          }
        }
        assert.deepEqual(await drain(one.outbox), numbers(sent, offered));
        assert.equal(one.outbox.bytes, 0);
        assert.ok(one.outbox.isEmpty);
        assert.deepEqual(one.lost, []);
        one.log.close();
      }),
      { numRuns: 60 },
    );
  });

  it('sheds the least important classes first, and the ends of calls last of all', () => {
    const { outbox, shed, log } = open(newFolder(), { memoryBytes: 10_000, spillBytes: 200_000 });
    const lastTaken = new Map<EventClass, number>();
    for (let index = 0; index < 3000; index += 1) {
      for (const kind of EVENT_CLASSES) if (outbox.offer(kind, entry(index))) lastTaken.set(kind, outbox.bytes);
    }
    const order = [...lastTaken].sort((a, b) => a[1] - b[1]).map(([kind]) => kind);
    assert.deepEqual(order, [...EVENT_CLASSES]);
    assert.ok((lastTaken.get('detail') ?? 0) < 110_000);
    assert.ok(outbox.bytes <= 201_000);
    const firstShed = EVENT_CLASSES.map((kind) => shed.indexOf(kind));
    assert.deepEqual(
      firstShed,
      [...firstShed].sort((a, b) => a - b),
    );
    log.close();
  });

  it('keeps no more in memory than it may', () => {
    const { outbox, log } = open(newFolder(), { memoryBytes: 10_000, spillBytes: 10_000_000 });
    for (let index = 0; index < 1000; index += 1) outbox.offer('vital', entry(index));
    outbox.flush();
    assert.ok(outbox.memoryBytes <= 10_000);
    assert.ok(outbox.spilledBytes >= outbox.bytes - 10_000);
    log.close();
  });

  it('has room again when the stream has taken what was there', async () => {
    const { outbox, log } = open(newFolder(), { memoryBytes: 10_000, spillBytes: 100_000 });
    let taken = 0;
    while (outbox.offer('detail', entry(taken))) taken += 1;
    assert.ok(outbox.offer('vital', entry(taken)));
    assert.deepEqual(await drain(outbox), numbers(0, taken + 1));
    assert.ok(outbox.offer('detail', entry(0)));
    log.close();
  });

  it('wakes who waits when something comes', async () => {
    const { outbox, log } = open(newFolder(), { memoryBytes: 10_000, spillBytes: 100_000 });
    const waiting = outbox.wait(60_000, new AbortController().signal);
    outbox.offer('vital', entry(1));
    await waiting;
    assert.equal((await outbox.peek()).length, 1);
    log.close();
  });

  it('lives in memory alone, and sheds by it, when the disk refuses', async () => {
    const folder = newFolder();
    const errors: unknown[] = [];
    const log = new SpillLog(folder, (error) => errors.push(error));
    const shed: EventClass[] = [];
    const limits = { memoryBytes: 20_000, spillBytes: 100_000_000 };
    const outbox = new Outbox(log, limits, { onShed: (kind) => shed.push(kind), onLost: () => undefined });
    rmSync(folder, { recursive: true });
    let taken = 0;
    for (let index = 0; index < 1000; index += 1) {
      if (outbox.offer(index % 2 === 0 ? 'vital' : 'detail', entry(index))) taken += 1;
      outbox.flush();
    }
    assert.ok(errors.length > 0);
    assert.ok(shed.includes('vital'));
    assert.ok(outbox.memoryBytes < 25_000, String(outbox.memoryBytes));
    assert.equal((await drain(outbox)).length, taken);
  });
});
