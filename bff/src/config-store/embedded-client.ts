import { Worker } from 'node:worker_threads';
import type { EmbeddedReply, EmbeddedRequest } from './embedded-messages.ts';

/** The rows of a statement. */
export interface EmbeddedResult {
  readonly rows: unknown[];
  readonly affectedRows?: number;
}

/** A failure reported by the embedded database, with its SQLSTATE; without one its thread has ended. */
export class EmbeddedDatabaseError extends Error {
  readonly code: string | undefined;
  readonly detail: string | undefined;
  constructor(message: string, options: { code?: string; detail?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EmbeddedDatabaseError';
    this.code = options.code;
    this.detail = options.detail;
  }
}

/** One life of the database's thread. When the thread ends, so does the session, for good. */
export interface EmbeddedSession {
  query: (sql: string, parameters: readonly unknown[]) => Promise<EmbeddedResult>;
}

/** Speaks with the database's own thread, and starts it anew where it has ended by itself. */
export interface EmbeddedClient {
  /**
   * The session of now. Whoever is in a transaction stays with the session it began in: a new thread knows nothing of
   * the role and the territory that were set in the old one.
   */
  session: () => EmbeddedSession;
  close: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (result: EmbeddedResult) => void;
  readonly reject: (error: Error) => void;
}

class WorkerSession implements EmbeddedSession {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #ended: Error | undefined;

  constructor(dataDir: string) {
    this.#worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: { dataDir } });
    this.#worker.on('message', (reply: EmbeddedReply) => {
      this.#settle(reply);
    });
    this.#worker.on('error', (cause) => {
      this.#end(new EmbeddedDatabaseError('The thread of the embedded database failed.', { cause }));
    });
    this.#worker.on('exit', () => {
      this.#end(new EmbeddedDatabaseError('The thread of the embedded database has ended.'));
    });
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  query(sql: string, parameters: readonly unknown[]): Promise<EmbeddedResult> {
    return this.#ask({ id: this.#nextId++, kind: 'query', sql, parameters });
  }

  async close(): Promise<void> {
    if (this.hasEnded) return;
    await this.#ask({ id: this.#nextId++, kind: 'close' });
    await this.#worker.terminate();
  }

  #ask(request: EmbeddedRequest): Promise<EmbeddedResult> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  #settle(reply: EmbeddedReply): void {
    const one = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'failed') one?.reject(new EmbeddedDatabaseError(reply.message, reply));
    else one?.resolve(reply);
  }

  /** Nobody learns whether what was under way has happened. */
  #end(error: Error): void {
    this.#ended ??= error;
    for (const one of this.#waiting.values()) one.reject(this.#ended);
    this.#waiting.clear();
  }
}

/** Starts the thread over a data folder. */
export function startEmbeddedClient(dataDir: string): EmbeddedClient {
  let current = new WorkerSession(dataDir);
  let isClosed = false;
  return {
    session: () => {
      // The folder is as after a crash, which the database recovers from when it is opened.
      if (current.hasEnded && !isClosed) current = new WorkerSession(dataDir);
      return current;
    },
    close: () => {
      isClosed = true;
      return current.close();
    },
  };
}
