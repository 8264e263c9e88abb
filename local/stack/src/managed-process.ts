import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How one process of the stack is started, and how it is known to be ready. */
export interface ProcessSpec {
  readonly name: string;
  /** The TypeScript file that Node runs. */
  readonly file: string;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  readonly args?: readonly string[];
  /** Modules that Node loads before the file. */
  readonly imports?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Ready when this address answers: with 200 when `status` is ok, with anything when it is any. */
  readonly ready?: { readonly url: string; readonly status: 'ok' | 'any' };
}

/** How a process ended. */
export interface ProcessEnd {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Generous: a machine that builds something else at the same time may take this long. */
const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 100;
const LOG_TAIL_LINES = 25;
/** A log beyond this size is set aside at the next start. */
const LOG_KEEP_BYTES = 20 * 1024 * 1024;

/** What a child inherits of this process's environment; everything else it is told. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'SYSTEMROOT', 'NODE_V8_COVERAGE'];

function environmentFor(spec: ProcessSpec): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) inherited[name] = value;
  }
  return { ...inherited, ...spec.env };
}

function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > LOG_KEEP_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

async function answers(url: string, status: 'ok' | 'any'): Promise<boolean> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await reply.body?.cancel();
    return status === 'any' || reply.ok;
  } catch {
    // Refused or too slow: not ready yet. The caller gives up after its own deadline, with the log.
    return false;
  }
}

/**
 * One process of the stack. It is a child with an IPC channel: when this process vanishes the channel closes, and
 * the child ends by itself.
 */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  readonly logFile: string;
  readonly #onUnexpectedEnd: (end: ProcessEnd) => void;
  #child: ChildProcess | undefined;
  #ended: Promise<ProcessEnd> | undefined;
  #isEndExpected = false;

  constructor(spec: ProcessSpec, logDir: string, onUnexpectedEnd: (end: ProcessEnd) => void) {
    mkdirSync(logDir, { recursive: true });
    this.spec = spec;
    this.logFile = join(logDir, `${spec.name}.log`);
    this.#onUnexpectedEnd = onUnexpectedEnd;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #spawn(): Promise<ProcessEnd> {
    const log = openLog(this.logFile);
    this.#isEndExpected = false;
    const { file, nodeOptions = [], args = [], imports = [] } = this.spec;
    const preloads = imports.flatMap((module) => ['--import', module]);
    const child = spawn(process.execPath, ['--enable-source-maps', ...nodeOptions, ...preloads, file, ...args], {
      env: environmentFor(this.spec),
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.#child = child;
    const ended = new Promise<ProcessEnd>((resolve) => {
      child.once('error', () => {
        resolve({ name: this.spec.name, code: null, signal: null });
      });
      child.once('exit', (code, signal) => {
        resolve({ name: this.spec.name, code, signal });
      });
    });
    this.#ended = ended;
    return ended;
  }

  /** Starts the process and waits until it is ready; its failure carries the end of its log. */
  async start(): Promise<void> {
    const ended = this.#spawn();
    const { ready } = this.spec;
    let end: ProcessEnd | undefined;
    const noteEnd = ended.then((found) => {
      end = found;
    });
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (ready !== undefined && !(await answers(ready.url, ready.status))) {
      if (end !== undefined) throw this.#failure('ended before it was ready');
      if (Date.now() > deadline) throw this.#failure('was not ready in time');
      await Promise.race([delay(READY_POLL_MS), noteEnd]);
    }
    if (end !== undefined) throw this.#failure('ended at once; is its port taken?');
    void ended.then((found) => {
      if (!this.#isEndExpected) this.#onUnexpectedEnd(found);
    });
  }

  /** Runs the process to its end, which must be a success. */
  async run(): Promise<void> {
    const { code } = await this.#spawn();
    if (code !== 0 && !this.#isEndExpected) throw this.#failure(`ended with code ${String(code)}`);
  }

  /** Sends a signal and waits for the end, which is then expected. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#isEndExpected = true;
    if (this.isRunning) this.#child?.kill(signal);
    await this.#ended;
  }

  /** Asks the process to end; after the time given it is ended by force. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isEndExpected = true;
    if (!this.isRunning || this.#ended === undefined) return;
    this.#child?.kill('SIGTERM');
    const timeout = new AbortController();
    const isLate = await Promise.race([
      this.#ended.then(() => false),
      delay(timeoutMs, true, { signal: timeout.signal }).catch(() => false),
    ]);
    timeout.abort();
    if (isLate) this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** The last lines the process wrote. */
  logTail(): string {
    if (!existsSync(this.logFile)) return '';
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  }

  #failure(what: string): Error {
    return new Error(`process_failed: ${this.spec.name} ${what}. End of ${this.logFile}:\n${this.logTail()}`);
  }
}
