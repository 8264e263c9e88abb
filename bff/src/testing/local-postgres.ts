import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { engineTemplate } from './engine-template.ts';

/** A throw-away PostgreSQL. */
export interface LocalPostgres {
  readonly config: { readonly kind: 'postgres'; readonly url: string };
  /** Ends it as a failing machine does: at once, without a word to its clients. */
  readonly crash: () => Promise<void>;
  /** Starts it again on the same data and port. */
  readonly restart: () => Promise<void>;
  /** Ends it in order; its data stays. */
  readonly halt: () => Promise<void>;
  /** The same, and removes its data. */
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

/** PostgreSQL refuses to run as root; `nobody` owns nothing else. */
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: 65_534, gid: 65_534 } : {};

function runTool(file: string, args: readonly string[], as: typeof identity = {}): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { ...as, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} failed: ${stderr}`, { cause: error });
  return stdout;
}

/** A folder in which the server may make its own. */
async function serverFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lumina-pg-'));
  if (isRoot) runTool('chown', ['65534:65534', folder]);
  return folder;
}

/** A server over the cluster in `data` of a folder; its data need not outlive the machine. */
async function serve(binaries: string, directory: string): Promise<LocalPostgres> {
  const port = await freePort();
  const run = (): Promise<ChildProcess> =>
    startServer(
      join(binaries, 'postgres'),
      ['-D', join(directory, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-F'],
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
    halt: () => end('SIGINT'),
    stop: async () => {
      await end('SIGINT');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function makeCluster(binaries: string, directory: string): void {
  runTool(join(binaries, 'initdb'), ['-D', join(directory, 'data'), '-U', 'lumina', '-A', 'trust', '-N'], identity);
}

/** A template of a cluster whose first database has been filled; it belongs to whom the server runs as. */
function filledTemplate(binaries: string, fill: (config: LocalPostgres['config']) => Promise<void>): Promise<string> {
  const version = runTool(join(binaries, 'postgres'), ['--version']);
  return engineTemplate({ name: 'postgres', version }, async (folder) => {
    const directory = await serverFolder();
    makeCluster(binaries, directory);
    const server = await serve(binaries, directory);
    try {
      await fill(server.config);
      await server.halt();
      await rename(directory, folder);
    } finally {
      await server.stop();
    }
  });
}

/**
 * How to start one from the binaries of this machine; undefined where there are none.
 * @param fill What its first database begins with, the same for all who ask; without it there is nothing.
 */
export function localPostgres(
  fill?: (config: LocalPostgres['config']) => Promise<void>,
): (() => Promise<LocalPostgres>) | undefined {
  const binaries = findBinaries();
  if (binaries === undefined) return undefined;
  return async () => {
    const directory = await serverFolder();
    if (fill === undefined) makeCluster(binaries, directory);
    // With owner and rights, which the server insists on.
    else runTool('cp', ['-a', join(await filledTemplate(binaries, fill), 'data'), directory]);
    return serve(binaries, directory);
  };
}
