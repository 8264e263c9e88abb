import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The AWS region of everything in the fault tests. */
export const AWS_REGION = 'eu-west-1';
/** How far reading lags behind what the store acknowledged: no read of a worker sees what was just written. */
const VISIBILITY_LAG_MS = 250;
/** After so long everything that was acknowledged can be read. */
export const VISIBLE_WITHIN_MS = 1000;
/** What the emulators take for credentials. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Servers that stand for the cloud, each in a process of its own: they outlive every worker. */
export interface FaultCloud {
  readonly kinesisUrl: string;
  readonly dynamodbUrl: string;
  readonly timestreamUrl: string;
  /** For all that the tests keep on disk; removed in the end. */
  readonly folder: string;
  close(): Promise<void>;
}

const main = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

async function startServer(args: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  if (child.stdout === null) throw new Error('A piped process has streams.');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    child.stdout.resume();
    return { child, url };
  }
  throw new Error(`The server ended before it was ready: ${args.join(' ')}`);
}

/** Starts the servers on free ports. */
export async function startFaultCloud(): Promise<FaultCloud> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lumina-faults-'));
  // A run that is interrupted leaves nothing behind either.
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const emulator = main('../testing/emulator.ts');
  const store = main('../../../local/timestream/src/main.ts');
  const servers = await Promise.all([
    startServer([emulator, 'kinesis']),
    startServer([emulator, 'dynamodb']),
    startServer([store, '--data', path.join(folder, 'timestream'), '--port', '0']),
  ]);
  const [kinesis, dynamodb, timestream] = servers;
  const faults = JSON.stringify({ faults: [], visibilityLagMs: VISIBILITY_LAG_MS });
  const { ok } = await fetch(`${timestream.url}/_faults`, { method: 'PUT', body: faults });
  if (!ok) throw new Error('The store does not let its reading lag.');
  return {
    kinesisUrl: kinesis.url,
    dynamodbUrl: dynamodb.url,
    timestreamUrl: timestream.url,
    folder,
    close: async () => {
      await Promise.all(
        servers.map(async ({ child }) => {
          child.kill('SIGKILL');
          if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        }),
      );
      await rm(folder, { recursive: true, force: true });
    },
  };
}
