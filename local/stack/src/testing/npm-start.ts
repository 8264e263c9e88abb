import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFolderAt } from '../data-folder.ts';
import { PROCESSES_FILE } from '../stack.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** A stack that was started by a command, as people do. */
export interface CommandedStack {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The pieces' process ids, as the runner noted them. */
  pids(): number[];
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a command and answers when it has said that Lumina is ready. */
export async function startByCommand(
  command: string,
  args: readonly string[],
  portBase: number,
  dataDir: string,
): Promise<CommandedStack> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, LUMINA_PORT_BASE: String(portBase), LUMINA_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (text: string): void => {
      output += text;
      if (output.includes(`Lumina is ready: http://127.0.0.1:${String(portBase)}\n`)) resolve();
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    void ended.then(() => {
      reject(new Error(`The stack ended before it was ready:\n${output}`));
    });
  });
  const { root } = dataFolderAt(dataDir);
  return {
    process: child,
    pid: child.pid ?? 0,
    pids: () => Object.values(JSON.parse(readFileSync(join(root, PROCESSES_FILE), 'utf8')) as Record<string, number>),
    ended,
  };
}
