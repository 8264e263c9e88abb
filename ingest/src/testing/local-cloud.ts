import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import dynalite from 'dynalite';
import kinesalite from 'kinesalite';

import './local-credentials.ts';
import { sha256Hex } from '../core/hash.ts';

/** The ingest key of territory 101 in the tests. */
export const INGEST_KEY = 'ik_test_101';

/** Servers that stand for the cloud, on free ports. */
export interface LocalCloud {
  readonly kinesisUrl: string;
  readonly dynamodbUrl: string;
  readonly timestreamUrl: string;
  readonly keysUrl: string;
  readonly folder: string;
  /** Ends the store at once and starts it again on the same port. */
  readonly store: { kill(): Promise<void>; start(): Promise<void> };
  close(): Promise<void>;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

const timestreamMain = fileURLToPath(new URL('../../../local/timestream/src/main.ts', import.meta.url));

/** Runs the store as a process of its own, so that it can be killed while a worker lives. */
async function startTimestream(dataDir: string, port: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [timestreamMain, '--data', dataDir, '--port', port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { message, url } = JSON.parse(line) as { message?: string; url?: string };
    if (message === 'ready' && url !== undefined) return { child, url };
  }
  throw new Error('The local Timestream ended before it was ready.');
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Starts the servers. */
export async function startLocalCloud(): Promise<LocalCloud> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lumina-ingest-'));
  const servers = [
    kinesalite({ createStreamMs: 20 }),
    dynalite({ createTableMs: 20 }),
    createServer((_request, response) => {
      response.end(JSON.stringify({ keys: [{ hash: sha256Hex(INGEST_KEY), territoryId: 101, regionId: 1 }] }));
    }),
  ] as const;
  const [kinesisUrl = '', dynamodbUrl = '', keysUrl = ''] = await Promise.all(servers.map(listening));
  const dataDir = path.join(folder, 'timestream');
  let { child, url } = await startTimestream(dataDir, '0');
  return {
    kinesisUrl,
    dynamodbUrl,
    keysUrl,
    timestreamUrl: url,
    folder,
    store: {
      kill: () => end(child, 'SIGKILL'),
      start: async () => {
        ({ child, url } = await startTimestream(dataDir, new URL(url).port));
      },
    },
    close: async () => {
      await end(child, 'SIGTERM');
      for (const server of servers) {
        server.close();
        if ('closeAllConnections' in server) server.closeAllConnections();
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
