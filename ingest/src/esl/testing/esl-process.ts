import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { until } from '../../testing/until.ts';

process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';

const main = fileURLToPath(new URL('../../hosts/esl.ts', import.meta.url));

/** The host `esl` as a process of its own. */
export class EslProcess {
  private readonly child: ChildProcess;
  private readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  /** Starts it; it listens for questions about its health when this resolves. */
  static async start(settings: Readonly<Record<string, string>>): Promise<EslProcess> {
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LUMINA_REGION_ID: '1', KINESIS_REGION: 'eu-west-1', ESL_HOST: '127.0.0.1', ...settings },
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const { msg, port } = JSON.parse(line) as { msg?: string; port?: number };
      if (msg !== 'forwarder started') continue;
      // What it says later is not of interest, and must not fill the pipe.
      child.stdout.resume();
      return new EslProcess(child, `http://127.0.0.1:${String(port)}`);
    }
    throw new Error('The forwarder ended before it had started.');
  }

  async metric(name: string, label = ''): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes(label));
    return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1));
  }

  /** Resolves when a metric is at least so much. */
  async reached(name: string, value: number, label = '', limitMs = 60_000): Promise<void> {
    await until(
      async () => ((await this.metric(name, label)) >= value ? true : undefined),
      `${name} ${label}`,
      limitMs,
    );
  }

  /** Ends it; resolves with its exit code, null when a signal ended it. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      // Its pipes, too: a process of ours that ends while one is half closed may not end at all.
      const closed = once(this.child, 'close');
      this.child.kill(signal);
      await closed;
    }
    return this.child.exitCode;
  }
}
