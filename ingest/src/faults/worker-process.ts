import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../hosts/worker.ts', import.meta.url));
const SKEWED_CLOCK = new URL('../testing/skewed-clock.ts', import.meta.url).href;

/** How a worker of the tests differs from a real one. */
export interface WorkerOptions {
  /** What stays the same over its restarts. */
  readonly instance: string;
  /** A failpoint or a negative control. */
  readonly failpoint?: string | undefined;
  readonly clockSkewMs?: number;
}

const living = new Set<ChildProcess>();

/** Ends every worker at once, frozen ones too: nothing may outlive the tests. */
export function killAllWorkers(): void {
  for (const child of living) child.kill('SIGKILL');
}

/** A worker as a process of its own. */
export class WorkerProcess {
  /** Resolves when it says that it is ready. */
  readonly ready: Promise<void>;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves when it says that another worker took its shard. */
  readonly lostLease: Promise<void>;
  private readonly child: ChildProcess;
  private hasEnded = false;
  private readonly lines: string[] = [];

  constructor(environment: Readonly<Record<string, string>>, options: WorkerOptions) {
    const { clockSkewMs = 0, failpoint, instance } = options;
    this.child = spawn(process.execPath, [...(clockSkewMs === 0 ? [] : ['--import', SKEWED_CLOCK]), MAIN], {
      env: {
        ...environment,
        WORKER_INSTANCE: instance,
        FAULTS_CLOCK_SKEW_MS: String(clockSkewMs),
        ...(failpoint === undefined ? {} : { INGEST_FAILPOINT: failpoint }),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    living.add(this.child);
    const ready = Promise.withResolvers<undefined>();
    const lost = Promise.withResolvers<undefined>();
    this.ready = ready.promise;
    this.lostLease = lost.promise;
    this.ended = once(this.child, 'exit').then(([code, signal]) => {
      this.hasEnded = true;
      living.delete(this.child);
      ready.reject(new Error(`A worker ended before it was ready; it says:\n${this.lastWords}`));
      return (code ?? signal) as number | NodeJS.Signals;
    });
    ready.promise.catch(() => {
      // Only who waits for it wants to know.
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream === null) throw new Error('A piped process has streams.');
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        if (line.includes('"worker ready"')) ready.resolve(undefined);
        if (line.includes('"lease_lost"')) lost.resolve(undefined);
      });
    }
  }

  /** What it said last: why something did not happen. */
  get lastWords(): string {
    return this.lines.slice(-8).join('\n');
  }

  get isAlive(): boolean {
    return !this.hasEnded;
  }

  /** Ends it without warning, wherever it is. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end; resolves with its exit code. */
  stop(): Promise<number | NodeJS.Signals> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }
}
