import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Far more than a start takes, with any amount of data of a test. */
const READY_WITHIN_MS = 30_000;

/** A server in a process of its own. */
export type ServerProcess = {
  url: string;
  /** Ends it without warning, and waits until it is gone. */
  kill: () => Promise<void>;
  /** Asks it to end; answers its exit code. */
  stop: () => Promise<number | null>;
};

const MAIN = join(import.meta.dirname, '../main.ts');

/** Starts a server over a data folder on a free port and waits until it is ready; `command` instead of the sources' own. */
export async function startServerProcess(
  dataDir: string,
  command: readonly string[] = [process.execPath, MAIN],
): Promise<ServerProcess> {
  const [file = '', ...args] = command;
  const child = spawn(file, [...args, '--data', dataDir, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('A piped process has streams.');
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  let complaint = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const deadline = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
  try {
    for await (const line of createInterface({ input: stdout })) {
      const { message, url } = JSON.parse(line) as { message: string; url?: string };
      if (message !== 'ready' || url === undefined) continue;
      stdout.resume();
      // A test that fails leaves it running; the end of the test's process is then its end too.
      for (const handle of [child, child.channel, stdout, stderr]) (handle as { unref?: () => void }).unref?.();
      const end = (signal: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]> => {
        child.ref();
        child.kill(signal);
        return exited;
      };
      return {
        url,
        kill: async () => {
          await end('SIGKILL');
        },
        stop: async () => (await end('SIGTERM'))[0],
      };
    }
  } finally {
    clearTimeout(deadline);
  }
  throw new Error(`The server ended before it was ready: ${complaint}`);
}
