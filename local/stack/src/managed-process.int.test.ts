import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ManagedProcess } from './managed-process.ts';
import type { ProcessEnd, ProcessSpec } from './managed-process.ts';
import { findFreePortBase } from './ports.ts';
import { isAlive } from './testing/until.ts';

describe('a process of the stack', () => {
  let dir: string;

  const processOf = async (
    name: string,
    source: string,
    onEnd: (end: ProcessEnd) => void = () => undefined,
    ready?: NonNullable<ProcessSpec['ready']>,
  ): Promise<ManagedProcess> => {
    const file = join(dir, `${name}.mjs`);
    await writeFile(file, source);
    return new ManagedProcess({ name, file, ...(ready === undefined ? {} : { ready }) }, dir, onEnd);
  };

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lumina-process-'));
  });
  after(async () => {
    await rm(dir, { recursive: true });
  });

  test('one that fails tells with the end of its log', async () => {
    const broken = await processOf('broken', "console.error('the disk is full'); process.exit(3);");
    await assert.rejects(
      broken.run(),
      (error: Error) => /code 3/.test(error.message) && /the disk is full/.test(error.message),
    );
  });

  test('one that ends by itself is reported; one that is stopped is not', async () => {
    const ends: ProcessEnd[] = [];
    let noteEnd: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      noteEnd = resolve;
    });
    const stopped = await processOf('stopped', 'setInterval(() => {}, 1000);', (end) => {
      ends.push(end);
    });
    await stopped.start();
    await stopped.stop(5000);
    assert.equal(ends.length, 0);

    const fleeting = await processOf('fleeting', 'setTimeout(() => process.exit(7), 200);', (end) => {
      ends.push(end);
      noteEnd();
    });
    await fleeting.start();
    await ended;
    assert.deepEqual(ends, [{ name: 'fleeting', code: 7, signal: null }]);
  });

  test('one that does not listen is ended by force', async () => {
    const port = await findFreePortBase();
    const source = `import { createServer } from 'node:http';
      process.on('SIGTERM', () => {});
      createServer((_, response) => response.end()).listen(${String(port)}, '127.0.0.1');`;
    const ready = { url: `http://127.0.0.1:${String(port)}`, status: 'any' } as const;
    const stubborn = await processOf('stubborn', source, () => undefined, ready);
    await stubborn.start();
    const { pid } = stubborn;
    assert.ok(pid !== undefined);
    await stubborn.stop(300);
    assert.equal(isAlive(pid), false);
  });
});
