import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Linux counts processor time in ticks of 10 ms. */
const TICK_MS = 10;
const READY_TIMEOUT_MS = 60_000;

/** A measured process. */
export interface MeasuredProcess {
  readonly pid: number;
  readonly url: string;
  /** Processor time used so far, of all its threads, in ms. */
  cpuMs: () => Promise<number>;
  /** Resident set now, in MB. */
  rssMb: () => Promise<number>;
  stop: () => Promise<void>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilAnswering(url: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      // Not listening yet.
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

/** Starts a file that listens on the PORT of its environment, or on that of its arguments, and waits until it answers. */
export async function startMeasured(
  file: string,
  env: Readonly<Record<string, string>> = {},
  argumentsFor: (port: number) => readonly string[] = () => [],
): Promise<MeasuredProcess> {
  const port = await freePort();
  const child = fork(file, [...argumentsFor(port)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, HOST: '127.0.0.1', ...env, PORT: String(port) },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} did not start.`);
  const url = `http://127.0.0.1:${String(port)}`;
  await untilAnswering(`${url}/healthz`);
  return {
    pid,
    url,
    cpuMs: async () => {
      const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
      // The name of the command may hold anything; the fields after it do not. utime and stime are the 14th and 15th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    rssMb: async () => {
      const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
