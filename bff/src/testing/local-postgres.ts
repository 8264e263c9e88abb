import { spawn, spawnSync } from 'node:child_process';
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
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-F'],
    { ...identity, stdio: ['ignore', 'ignore', 'pipe'] },
  );
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
  return {
    config: { kind: 'postgres', url: `postgres://lumina@127.0.0.1:${String(port)}/postgres` },
    stop: async () => {
      server.kill('SIGINT');
      if (server.exitCode === null) await once(server, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** How to start one from the binaries of this machine; undefined where there are none. */
export function localPostgres(): (() => Promise<LocalPostgres>) | undefined {
  const binaries = findBinaries();
  return binaries === undefined ? undefined : () => startFrom(binaries);
}
