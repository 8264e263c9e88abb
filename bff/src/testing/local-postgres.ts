import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

/** A throw-away PostgreSQL. */
export interface LocalPostgres {
  readonly config: { readonly kind: 'postgres'; readonly url: string };
  /** Ends it as a failing machine does: at once, without a word to its clients. */
  readonly crash: () => Promise<void>;
  /** Starts it again on the same data and port. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const DEBIAN_ROOT = '/usr/lib/postgresql';

function findBinaries(): string | undefined {
  const versions = existsSync(DEBIAN_ROOT) ? readdirSync(DEBIAN_ROOT).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions
    .map((version) => join(DEBIAN_ROOT, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the server and waits until it takes connections. */
async function startServer(
  file: string,
  args: readonly string[],
  identity: { readonly uid?: number; readonly gid?: number },
): Promise<ChildProcess> {
  const server = spawn(file, args, { ...identity, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => {
      reject(new Error(`postgres ended: ${log}`));
    });
  });
  return server;
}

async function startFrom(binaries: string): Promise<LocalPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'lumina-pg-'));
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root; `nobody` owns nothing else.
  const identity = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  if (isRoot) spawnSync('chown', ['65534:65534', directory]);
  const data = join(directory, 'data');
  const made = spawnSync(join(binaries, 'initdb'), ['-D', data, '-U', 'lumina', '-A', 'trust', '-N'], {
    ...identity,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const run = (): Promise<ChildProcess> =>
    startServer(
      join(binaries, 'postgres'),
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-F'],
      identity,
    );
  let server = await run();
  const end = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  return {
    config: { kind: 'postgres', url: `postgres://lumina@127.0.0.1:${String(port)}/postgres` },
    crash: () => end('SIGQUIT'),
    restart: async () => {
      server = await run();
    },
    stop: async () => {
      await end('SIGINT');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** How to start one from the binaries of this machine; undefined where there are none. */
export function localPostgres(): (() => Promise<LocalPostgres>) | undefined {
  const binaries = findBinaries();
  return binaries === undefined ? undefined : () => startFrom(binaries);
}
