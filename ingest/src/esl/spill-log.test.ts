import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import type { StreamEntry } from '../ports/event-stream.ts';
import { SpillLog, type SpilledEntry } from './spill-log.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lumina-spill-'));
after(() => {
  rmSync(root, { recursive: true, force: true });
});

let folders = 0;
const newFolder = (): string => {
  folders += 1;
  return path.join(root, String(folders));
};

const fail = (error: unknown): void => {
  throw error;
};

const entry = (index: number, bytes = 20): StreamEntry => ({
  partitionKey: `k${String(index)}`,
  data: Buffer.from(`${String(index)}:`.padEnd(bytes, 'ü')),
});

async function readAll(log: SpillLog, from = log.start): Promise<{ entries: SpilledEntry[]; lostBytes: number }> {
  const entries: SpilledEntry[] = [];
  let lostBytes = 0;
  let position = from;
  while (log.bytesFrom(position) > 0) {
    const page = await log.read(position);
    entries.push(...page.entries);
    lostBytes += page.lostBytes;
    position = page.next;
  }
  return { entries, lostBytes };
}

const keysOf = (entries: readonly SpilledEntry[]): string[] => entries.map((one) => one.entry.partitionKey);
const keys = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `k${String(from + index)}`);
const logFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort();

describe('SpillLog', () => {
  it('gives back what was appended, in order, over a restart', async () => {
    const folder = newFolder();
    const first = new SpillLog(folder, fail);
    for (let index = 0; index < 1000; index += 1) first.append(entry(index));
    assert.deepEqual(keysOf((await readAll(first)).entries), keys(0, 1000));
    first.close();
    const second = new SpillLog(folder, fail);
    second.append(entry(1000));
    const { entries, lostBytes } = await readAll(second);
    assert.deepEqual(keysOf(entries), keys(0, 1001));
    assert.deepEqual(Buffer.from(entries[7]?.entry.data ?? []), entry(7).data);
    assert.equal(lostBytes, 0);
    second.close();
  });

  it('goes on after what was acknowledged, and deletes files of nothing else', async () => {
    const folder = newFolder();
    const first = new SpillLog(folder, fail);
    for (let index = 0; index < 50; index += 1) first.append(entry(index, 450_000));
    assert.ok(logFiles(folder).length > 2);
    const { entries } = await readAll(first);
    assert.deepEqual(keysOf(entries), keys(0, 50));
    const thirtieth = entries[29]?.end;
    assert.ok(thirtieth !== undefined);
    first.release(thirtieth);
    first.close();
    const second = new SpillLog(folder, fail);
    assert.deepEqual(keysOf((await readAll(second)).entries), keys(30, 50));
    second.release(second.end);
    second.close();
    assert.equal(logFiles(folder).length, 0);
  });

  it('gives up a torn end, and nothing else', async () => {
    const folder = newFolder();
    const first = new SpillLog(folder, fail);
    for (let index = 0; index < 10; index += 1) first.append(entry(index));
    first.close();
    const [file = ''] = logFiles(folder);
    const whole = readFileSync(path.join(folder, file)).length;
    truncateSync(path.join(folder, file), whole - 3);
    const second = new SpillLog(folder, fail);
    second.append(entry(10));
    const { entries, lostBytes } = await readAll(second);
    assert.deepEqual(keysOf(entries), [...keys(0, 9), 'k10']);
    assert.ok(lostBytes > 0);
    second.close();
  });

  it('gives up a damaged file from the damage on', async () => {
    const folder = newFolder();
    const first = new SpillLog(folder, fail);
    for (let index = 0; index < 10; index += 1) first.append(entry(index));
    first.close();
    const [name = ''] = logFiles(folder);
    const file = path.join(folder, name);
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('4:')] = 0x39;
    writeFileSync(file, bytes);
    appendFileSync(file, 'garbage');
    const second = new SpillLog(folder, fail);
    second.append(entry(10));
    assert.deepEqual(keysOf((await readAll(second)).entries), [...keys(0, 4), 'k10']);
    second.close();
  });

  it('keeps what a broken disk does not take, and writes it when the disk is back', async (test) => {
    test.mock.timers.enable({ apis: ['Date'], now: 1_772_532_000_000 });
    const folder = newFolder();
    const errors: unknown[] = [];
    const log = new SpillLog(folder, (error) => {
      errors.push(error);
    });
    rmSync(folder, { recursive: true });
    for (let index = 0; index < 5; index += 1) log.append(entry(index));
    log.flush();
    assert.ok(log.isBroken);
    assert.ok(errors.length > 0);
    assert.ok(log.unwrittenBytes > 0);
    assert.deepEqual(keysOf((await readAll(log)).entries), keys(0, 5));
    mkdirSync(folder);
    test.mock.timers.tick(1000);
    log.flush();
    assert.equal(log.isBroken, false);
    assert.equal(log.unwrittenBytes, 0);
    const second = new SpillLog(folder, fail);
    assert.deepEqual(keysOf((await readAll(second)).entries), keys(0, 5));
    second.close();
    log.close();
  });
});
