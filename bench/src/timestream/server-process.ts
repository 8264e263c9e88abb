import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../local/timestream/src/main.ts', import.meta.url));
const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/timestream/aws4_request';
const READY_TIMEOUT_MS = 60_000;

/** A timestream-local of its own process, spoken to over raw HTTP. */
export interface ServerProcess {
  readonly pid: number;
  /** Calls an operation; throws on any status but 200. */
  call: (operation: string, body: string) => Promise<string>;
  /** Largest resident set so far, in MB. */
  peakMb: () => Promise<number>;
  stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Sends signed requests to the server of a port. */
function callerOf(port: number, agent: Agent): ServerProcess['call'] {
  return (operation: string, body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          method: 'POST',
          path: '/',
          agent,
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': `Timestream_20181101.${operation}`,
            authorization: AUTHORIZATION,
            'content-length': Buffer.byteLength(body),
          },
        },
        (reply) => {
          const parts: Buffer[] = [];
          reply.on('data', (part: Buffer) => parts.push(part));
          reply.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8');
            if (reply.statusCode === 200) resolve(text);
            else reject(new Error(`${operation} answered ${String(reply.statusCode)}: ${text}`));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}

/** Starts a server over a data folder and waits until it answers. */
export async function startServer(dataDir: string): Promise<ServerProcess> {
  const port = await freePort();
  const child = fork(MAIN, ['--port', String(port), '--data', dataDir], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The server did not start.');
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const call = callerOf(port, agent);
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      await call('DescribeEndpoints', '{}');
      break;
    } catch (error) {
      // Not listening yet.
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
  return {
    pid,
    call,
    peakMb: async () => {
      const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
      return Math.round(Number(/VmHWM:\s+(\d+)/u.exec(status)?.[1] ?? Number.NaN) / 1024);
    },
    stop: async () => {
      agent.destroy();
      child.kill('SIGTERM');
      await ended;
    },
  };
}
