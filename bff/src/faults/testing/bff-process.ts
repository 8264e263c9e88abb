import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../server.ts', import.meta.url));

/** One line of the log of a process. */
export interface LogEntry {
  readonly msg?: string;
  readonly port?: number;
  readonly status?: number;
  readonly path?: string;
  readonly isComplete?: boolean;
}

/** How a process ended: its code, or what it was killed by. */
export type ProcessEnd = readonly [code: number | null, signal: NodeJS.Signals | null];

/** A BFF as it is deployed: a process of its own. */
export interface BffProcess {
  readonly url: string;
  readonly port: number;
  /** What it has logged; complete once it has ended. */
  readonly log: readonly LogEntry[];
  readonly ended: Promise<ProcessEnd>;
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => Promise<ProcessEnd>;
}

/** Starts one with these settings, by default on a free port, and waits until it takes requests. */
export async function startBff(env: Readonly<Record<string, string>>, port = 0): Promise<BffProcess> {
  const child = fork(SERVER, {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  assert.ok(child.stdout);
  const log: LogEntry[] = [];
  const ready = Promise.withResolvers<number>();
  // Not "exit": the last lines may still be on their way then.
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const entry = JSON.parse(line) as LogEntry;
    log.push(entry);
    if (entry.msg === 'ready') ready.resolve(entry.port ?? 0);
  });
  void ended.then((end) => {
    ready.reject(new Error(`The process ended before it was ready: ${String(end)}`));
  });
  const bound = await ready.promise;
  return {
    url: `http://127.0.0.1:${String(bound)}`,
    port: bound,
    log,
    ended,
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
