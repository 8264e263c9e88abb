import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';

import { createDeadLetters } from '../adapters/dead-letters.ts';
import { MemoryStream } from '../adapters/memory-doubles.ts';
import { encodeStreamRecord } from '../core/stream-record.ts';
import type { DeadLetter, DeadLetterArchive, DeadLetters } from '../ports/dead-letters.ts';
import type { StreamEntry } from '../ports/event-stream.ts';
import { envelope, OWN, switchEvent, T0 } from '../testing/events.ts';
import { parseDlqArguments } from './dlq-arguments.ts';
import { replayLetters, type ReplayPorts } from './dlq-replay.ts';
import { runCli } from './run.ts';
import type { Terminal } from './terminal.ts';

class TestTerminal implements Terminal {
  stdout = '';
  stderr = '';
  answer: boolean | undefined;

  out(text: string | Uint8Array): void {
    this.stdout += typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
  }

  note(line: string): void {
    this.stderr += `${line}\n`;
  }

  confirm(): Promise<boolean | undefined> {
    return Promise.resolve(this.answer);
  }
}

const goodBytes = (callId: string): Buffer =>
  encodeStreamRecord(
    { ...OWN, receivedMs: T0, body: 'events' },
    Buffer.from(JSON.stringify(envelope('CALL_START', 0, { callId, direction: 'inbound' }))),
  );

function letterOf(sequence: string, fields: Partial<DeadLetter> = {}): DeadLetter {
  return {
    ...{ stream: 'lumina-events', shardId: 'shardId-0', sequence, arrivedMs: T0 },
    ...{ code: 'invalid', message: '/direction: unknown', bytes: goodBytes(`c${sequence}`), extractorVersion: 1 },
    ...fields,
  };
}

const POISON: readonly DeadLetter[] = [
  letterOf('11', { code: 'malformed', message: 'bad \u001b[31mred', bytes: Buffer.from('\u001b[2J{"v":') }),
  letterOf('12', { code: 'unknown_tenant', arrivedMs: T0 + 3_600_000, bytes: Buffer.from([0xff, 0xfe, 0x00]) }),
  letterOf('13', {
    ...{ shardId: 'shardId-1', code: 'invalid', arrivedMs: T0 + 7_200_000 },
    bytes: Buffer.from(
      JSON.stringify({ ...switchEvent('CHANNEL_HANGUP_COMPLETE', 0, {}), variable_territory_id: '202' }),
    ),
  }),
];

describe('dlq', () => {
  let root: string;
  let folder: string;
  let letters: DeadLetters & DeadLetterArchive;
  let terminal: TestTerminal;

  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'lumina-dlq-'));
  });
  after(() => rm(root, { recursive: true, force: true }));
  beforeEach(async () => {
    folder = await mkdtemp(path.join(root, 'letters-'));
    letters = createDeadLetters({ kind: 'folder', folder });
    terminal = new TestTerminal();
  });

  const run = async (line: string, environment: Readonly<Record<string, string>> = {}): Promise<number> => {
    terminal.stdout = '';
    terminal.stderr = '';
    const world = { terminal, nowMs: () => T0 + 7_200_000, stopping: new AbortController().signal };
    return runCli(line.split(' '), { ...world, environment: { DLQ_DIR: folder, ...environment } });
  };
  const keysListed = async (line: string): Promise<string[]> => {
    assert.equal(await run(`dlq ls --json ${line}`.trim()), 0, terminal.stderr);
    const rows = terminal.stdout.split('\n').filter((row) => row !== '');
    return rows.map((row) => (JSON.parse(row) as { key: string }).key.replace(/^.*\//, ''));
  };

  test('ls counts by code and lists what the filters leave', async () => {
    await letters.put([...POISON, letterOf('14')]);
    assert.equal(await run('dlq ls'), 0);
    assert.match(terminal.stdout, /4 dead letters: invalid 2, malformed 1, unknown_tenant 1\n$/);
    assert.match(terminal.stdout, /lumina-events\/shardId-0\/11/);
    assert.ok(!terminal.stdout.includes('\u001b'), 'what a stranger wrote steers no terminal');
    const expected = {
      '': ['11', '12', '14', '13'],
      '--code malformed,invalid': ['11', '14', '13'],
      '--code malformed --code unknown_tenant': ['11', '12'],
      '--territory 202': ['13'],
      '--territory 101 --source freeswitch': ['14'],
      '--shard shardId-1': ['13'],
      '--stream other': [],
      '--from 2026-03-03T11:00:00Z': ['12', '13'],
      '--from 90m --to 2026-03-03T12:00:00Z': ['12'],
      '--limit 2': ['11', '12'],
      '--replayed': [],
    };
    for (const [line, keys] of Object.entries(expected)) assert.deepEqual(await keysListed(line), keys, line);
  });

  test('a letter that cannot be read is listed, hides no other, and is named by replay and purge', async () => {
    await letters.put([letterOf('1'), letterOf('2')]);
    await writeFile(path.join(folder, 'lumina-events/shardId-0/1.json'), '{"v":1,');
    assert.equal(await run('dlq ls'), 0);
    assert.match(terminal.stdout, /2 dead letters: invalid 1, unreadable 1/);
    assert.equal(await run('dlq show lumina-events/shardId-0/1'), 1);
    assert.match(terminal.stderr, /^bad_dead_letter: /);
    assert.equal(await run('dlq purge --yes'), 0);
    assert.deepEqual(await keysListed(''), ['1']);
    assert.equal(await run('dlq purge --yes lumina-events/shardId-0/1'), 0);
    assert.deepEqual(await keysListed(''), []);
  });

  test('show decodes what it can and warns of personal data', async () => {
    await letters.put([...POISON, letterOf('14')]);
    assert.equal(await run('dlq show lumina-events/shardId-0/14'), 0);
    assert.match(terminal.stderr, /personal data/);
    assert.match(terminal.stdout, /code: invalid\n[^]*header: \{"lumina":1[^]*"callId": "c14"/);
    assert.equal(await run('dlq show lumina-events/shardId-0/12'), 0);
    assert.match(terminal.stdout, /no UTF-8:\nff fe 00\n$/);
    assert.equal(await run('dlq show lumina-events/shardId-0/11'), 0);
    assert.match(terminal.stdout, /\\u001b\[2J\{"v":\n$/);
    assert.ok(!terminal.stdout.includes('\u001b'));
    assert.equal(await run('dlq show --raw lumina-events/shardId-0/12'), 0);
    assert.equal(terminal.stdout, '\u00ff\u00fe\u0000');
    assert.equal(await run('dlq show --json lumina-events/shardId-0/12'), 0);
    assert.equal((JSON.parse(terminal.stdout) as { bytes: string }).bytes, '//4A');
  });

  test('a wrong command line says what to write, and leaves with 2', async () => {
    const wrong = {
      'queue ls': 'usage',
      'dlq peek': 'usage',
      'dlq ls --colour red': 'usage',
      'dlq ls --code nonsense': 'usage',
      'dlq ls --from yesterday': 'usage',
      'dlq ls --territory x': 'usage',
      'dlq replay --rate 0': 'usage',
      'dlq show': 'usage',
      'dlq show ../../etc/passwd': 'usage',
      'dlq show lumina-events/../1': 'usage',
      'dlq purge': 'confirmation_needed',
    };
    for (const [line, code] of Object.entries(wrong)) {
      assert.equal(await run(line), 2, line);
      assert.match(terminal.stderr, new RegExp(`^${code}: .`), line);
    }
    assert.equal(await run('dlq replay --yes'), 2);
    assert.match(terminal.stderr, /^bad_settings: [^]*LUMINA_REGION_ID[^]*KINESIS_REGION/);
    assert.equal(await run('dlq ls', { DLQ_S3_BUCKET: 'both' }), 2);
    assert.equal(await run('dlq --help'), 0);
    assert.equal(await run('dlq show lumina-events/shardId-0/99'), 1);
    assert.match(terminal.stderr, /^not_found: /);
    assert.equal(await run('dlq ls', { DLQ_DIR: path.join(folder, 'mistyped') }), 1);
    assert.match(terminal.stderr, /^archive_unavailable: /);
  });

  test('purge removes what matches, and nothing unless agreed', async () => {
    await letters.put([...POISON, letterOf('14')]);
    await letters.markReplayed(letterOf('14'), T0);
    assert.equal(await run('dlq purge --dry-run'), 0);
    terminal.answer = false;
    assert.equal(await run('dlq purge'), 0);
    assert.deepEqual(await keysListed(''), ['11', '12', '13']);
    terminal.answer = true;
    assert.equal(await run('dlq purge --code malformed'), 0);
    assert.deepEqual(await keysListed(''), ['12', '13']);
    assert.deepEqual(await keysListed('--replayed'), ['14']);
    assert.equal(await run('dlq purge --replayed --yes'), 0);
    assert.deepEqual(await keysListed('--replayed'), []);
    assert.deepEqual(await keysListed(''), ['12', '13']);
  });

  describe('replay', () => {
    let entries: StreamEntry[];
    let ports: ReplayPorts;
    let sent: string[];
    beforeEach(async () => {
      const stream = new MemoryStream();
      ({ entries } = stream);
      ports = {
        ...{ archive: letters, stream, streamName: 'lumina-events', regionId: 1 },
        ...{ nowMs: () => Date.now(), pause: () => Promise.resolve(), stopping: new AbortController().signal },
      };
      const good = [letterOf('14'), letterOf('15'), letterOf('16', { stream: 'other-events' })];
      sent = good.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
      await letters.put([...POISON, ...good]);
    });
    const replay = (line: string, changed: Partial<ReplayPorts> = {}): Promise<void> =>
      replayLetters({ ...ports, ...changed }, parseDlqArguments(['replay', ...line.split(' ')], T0), terminal);
    const bytesPut = (): string[] => entries.map(({ data }) => Buffer.from(data).toString('latin1'));

    test('says what would become of each, and changes nothing', async () => {
      await replay('--dry-run');
      assert.match(terminal.stdout, /0\/11 {2}dead {5}malformed: /);
      assert.match(terminal.stdout, /0\/14 {2}facts {4}call_metrics\.start\n/);
      assert.match(terminal.stderr, /2 would be replayed, 3 would die again/);
      assert.equal(entries.length, 0);
      assert.equal((await keysListed('')).length, 6);
    });

    test('puts the very bytes back, marks them, and leaves what would die again unless forced', async () => {
      await replay('--yes');
      assert.deepEqual(bytesPut(), sent.slice(0, 2));
      assert.deepEqual(await keysListed('--replayed'), ['14', '15']);
      await replay('--yes');
      assert.equal(entries.length, 2, 'what was replayed waits no longer');
      await replay('--yes --force --code malformed');
      assert.equal(bytesPut()[2], '\u001b[2J{"v":');
      assert.deepEqual(await keysListed('--stream lumina-events'), ['12', '13']);
    });

    test('what the stream refuses midway waits for the next run', async () => {
      await letters.put(Array.from({ length: 120 }, (_, index) => letterOf(String(1000 + index))));
      let puts = 0;
      const flaky = {
        put: (chunk: readonly StreamEntry[]): Promise<void> => {
          puts += 1;
          if (puts === 2) return Promise.reject(new Error('refused'));
          entries.push(...chunk);
          return Promise.resolve();
        },
      };
      await assert.rejects(replay('--yes --rate 10000', { stream: flaky }), { code: 'stream_unavailable' });
      assert.equal(entries.length, 50);
      await replay('--yes --rate 10000', { stream: flaky });
      assert.equal(entries.length, 122);
      assert.equal(new Set(bytesPut()).size, 122, 'none twice, none lost');
    });

    test('a crash between stream and mark repeats a record and loses none', async () => {
      const archive: DeadLetterArchive = {
        list: (listing) => letters.list(listing),
        get: (key) => letters.get(key),
        remove: (key, state) => letters.remove(key, state),
        close: () => undefined,
        markReplayed: () => Promise.reject(new Error('crashed')),
      };
      await assert.rejects(replay('--yes', { archive }), { code: 'archive_unavailable' });
      await replay('--yes');
      assert.deepEqual(new Set(bytesPut()).size, 2);
      assert.equal(entries.length, 4);
    });

    test('stops between two puts when asked to, and says what is left', async () => {
      const stopping = new AbortController();
      const stream = {
        put: (): Promise<void> => {
          stopping.abort();
          return Promise.resolve();
        },
      };
      const stopped = replay('--yes --rate 1', { stream, stopping: stopping.signal });
      await assert.rejects(stopped, { code: 'incomplete', message: /1 were replayed/ });
      assert.deepEqual(await keysListed('--replayed'), ['14']);
    });

    test('keeps to the rate', async () => {
      let nowMs = T0;
      const pausesMs: number[] = [];
      await replay('--yes --rate 2', {
        nowMs: () => nowMs,
        stream: {
          put: (): Promise<void> => {
            nowMs += 100;
            return Promise.resolve();
          },
        },
        pause: (ms): Promise<void> => {
          pausesMs.push(ms);
          nowMs += ms;
          return Promise.resolve();
        },
      });
      assert.deepEqual(pausesMs, [400]);
    });
  });
});
