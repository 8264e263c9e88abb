import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import type {
  ArchivedLetter,
  DeadLetter,
  DeadLetterArchive,
  DeadLetterKey,
  DeadLetters,
} from '../ports/dead-letters.ts';
import { closeServer, listen, portOf } from '../hosts/service-life.ts';
import { startLocalS3, type LocalS3 } from '../testing/local-s3.ts';
import { createDeadLetters, type DeadLettersConfig } from './dead-letters.ts';

let s3: LocalS3;
let folder: string;
before(async () => {
  s3 = await startLocalS3();
  folder = await mkdtemp(path.join(tmpdir(), 'lumina-dead-letters-'));
});
after(async () => {
  await Promise.all([s3.close(), rm(folder, { recursive: true, force: true })]);
});

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);

function letterOf(sequence: string, fields: Partial<DeadLetter> = {}): DeadLetter {
  return {
    ...{ stream: 'lumina-events', shardId: 'shardId-000000000000', sequence, arrivedMs: 1_764_000_000_000 },
    ...{ code: 'malformed', message: 'no JSON', bytes: ALL_BYTES, extractorVersion: 1 },
    ...fields,
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const places: Readonly<Record<DeadLettersConfig['kind'], () => DeadLettersConfig>> = {
  folder: () => ({ kind: 'folder', folder: path.join(folder, 'letters') }),
  s3: () => ({ kind: 's3', bucket: 'dead-letters', prefix: 'region-1/', ...s3 }),
};

for (const [kind, place] of Object.entries(places)) {
  describe(`dead letters in a ${kind}`, () => {
    let letters: DeadLetters & DeadLetterArchive;
    const sequences = async (state: 'waiting' | 'replayed', filter: Partial<DeadLetterKey> = {}): Promise<string[]> =>
      (await all(letters.list({ state, ...filter }))).map(({ sequence }) => sequence);

    before(async () => {
      letters = createDeadLetters(place());
      await letters.ensure();
      await letters.ensure();
    });
    after(() => {
      letters.close();
    });

    test('keep every byte, once, however often a letter is put', async () => {
      const letter = letterOf('49');
      await letters.put([letter]);
      await letters.put([letter, letterOf('50', { message: 'é\u0000' })]);
      const expected: ArchivedLetter = { ...letter, bytes: Buffer.from(ALL_BYTES), replayedMs: undefined };
      assert.deepEqual(await letters.get(letter), expected);
      assert.deepEqual(await sequences('waiting'), ['49', '50']);
      assert.equal(await letters.get({ ...letter, sequence: '4' }), undefined);
    });

    test('are listed in order, by stream and shard, beyond one page', async () => {
      const many = Array.from({ length: 1100 }, (_, index) => letterOf(String(1000 + index), { shardId: 'many' }));
      await letters.put([...many, letterOf('1', { stream: 'other-events' })]);
      assert.deepEqual(
        await sequences('waiting', { shardId: 'many', stream: 'lumina-events' }),
        many.map(({ sequence }) => sequence),
      );
      assert.deepEqual(await sequences('waiting', { stream: 'other-events' }), ['1']);
      assert.deepEqual(await sequences('waiting', { stream: 'lumina-events', shardId: 'shardId-000000000000' }), [
        '49',
        '50',
      ]);
    });

    test('move to the replayed ones, and are removed, however often', async () => {
      const [key, kept] = [letterOf('49'), letterOf('50')];
      for (let times = 0; times < 2; times += 1) await letters.markReplayed(key, 1_764_000_100_000);
      const where = { stream: 'lumina-events', shardId: 'shardId-000000000000' };
      assert.deepEqual(await sequences('waiting', where), ['50']);
      assert.deepEqual(await sequences('replayed'), ['49']);
      assert.equal((await letters.get(key))?.replayedMs, 1_764_000_100_000);
      for (let times = 0; times < 2; times += 1) await letters.remove(key, 'replayed');
      assert.equal(await letters.get(key), undefined);
      await letters.remove(kept, 'replayed');
      assert.deepEqual(await sequences('waiting', where), ['50']);
      await letters.markReplayed(letterOf('missing'), 1);
      assert.deepEqual(await sequences('replayed'), []);
    });
  });
}

test('what S3 refuses for a while is durable when the put resolves; an abort ends the waiting', async () => {
  let retries = 0;
  const letters = createDeadLetters(places.s3(), () => {
    retries += 1;
  });
  await letters.ensure();
  s3.failNext(12);
  await letters.put([letterOf('7', { shardId: 'refused' }), letterOf('8', { shardId: 'refused' })]);
  assert.ok(retries >= 2, 'the client alone gives up before this');
  assert.equal((await all(letters.list({ state: 'waiting', stream: 'lumina-events', shardId: 'refused' }))).length, 2);
  s3.failNext(1_000_000);
  const abort = new AbortController();
  const put = letters.put([letterOf('9', { shardId: 'refused' })], abort.signal);
  abort.abort();
  await assert.rejects(put, { name: 'AbortError' });
  s3.failNext(0);
  letters.close();
});

test('a bucket that may not be looked at is told at once, not waited for', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(403).end();
  });
  await listen(server, '127.0.0.1', 0);
  const endpoint = `http://127.0.0.1:${String(portOf(server))}`;
  const letters = createDeadLetters({ kind: 's3', bucket: 'closed', prefix: '', region: 'eu-west-1', endpoint });
  await assert.rejects(letters.ensure(), { code: 'dead_letters_denied', message: /s3:PutObject/ });
  letters.close();
  await closeServer(server);
});

test('a file that is cut short, foreign or of a later version is told apart from one that is missing', async () => {
  const letters = createDeadLetters({ kind: 'folder', folder: path.join(folder, 'broken') });
  const letter = letterOf('1');
  await letters.put([letter]);
  const file = path.join(folder, 'broken', letter.stream, letter.shardId, '1.json');
  const whole = await readFile(file, 'utf8');
  for (const content of [
    whole.slice(0, 40),
    '7',
    '{}',
    whole.replace('malformed', 'nonsense'),
    whole.replace('"v":1', '"v":9'),
  ]) {
    await writeFile(file, content);
    await assert.rejects(letters.get(letter), { code: 'bad_dead_letter' });
  }
  assert.deepEqual(await readdir(path.dirname(file)), ['1.json'], 'no draft is left');
});
