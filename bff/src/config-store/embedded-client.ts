import { Worker } from 'node:worker_threads';
import type { EmbeddedReply, EmbeddedRequest } from './embedded-messages.ts';

/** The rows of a statement. */
export interface EmbeddedResult {
  readonly rows: unknown[];
  readonly affectedRows?: number;
}

/** A failure reported by the embedded database, with its SQLSTATE. */
export class EmbeddedDatabaseError extends Error {
  readonly code: string | undefined;
  readonly detail: string | undefined;
  constructor(message: string, code?: string, detail?: string) {
    super(message);
    this.name = 'EmbeddedDatabaseError';
    this.code = code;
    this.detail = detail;
  }
}

/** Speaks with the database's own thread. */
export interface EmbeddedClient {
  query: (sql: string, parameters: readonly unknown[]) => Promise<EmbeddedResult>;
  close: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (result: EmbeddedResult) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the thread over a data folder. */
export function startEmbeddedClient(dataDir: string): EmbeddedClient {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: { dataDir } });
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let ended: Error | undefined;

  function end(error: Error): void {
    ended = error;
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  }

  worker.on('message', (reply: EmbeddedReply) => {
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.kind === 'failed') one?.reject(new EmbeddedDatabaseError(reply.message, reply.code, reply.detail));
    else one?.resolve(reply);
  });
  worker.on('error', end);
  worker.on('exit', () => {
    end(ended ?? new EmbeddedDatabaseError('The embedded database has been closed.'));
  });

  function ask(request: EmbeddedRequest): Promise<EmbeddedResult> {
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      waiting.set(request.id, { resolve, reject });
      worker.postMessage(request);
    });
  }

  return {
    query: (sql, parameters) => ask({ id: nextId++, kind: 'query', sql, parameters }),
    close: async () => {
      if (ended !== undefined) return;
      await ask({ id: nextId++, kind: 'close' });
      await worker.terminate();
    },
  };
}
