import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import type { EmbeddedReply, EmbeddedRequest } from './embedded-messages.ts';

/**
 * The embedded database runs inside the thread that calls it and blocks it for the length of a query. This worker is
 * that thread, so that the server's own never stalls.
 */
const { dataDir } = workerData as { readonly dataDir: string };
const port = parentPort;
if (port === null) throw new Error('This module runs as a worker thread only.');

const database = PGlite.create({ dataDir, parsers: { [types.INT8]: Number } });

async function run(request: EmbeddedRequest): Promise<EmbeddedReply> {
  const pglite = await database;
  if (request.kind === 'close') {
    await pglite.close();
    return { id: request.id, kind: 'rows', rows: [] };
  }
  // Without parameters several statements may come at once, as node-postgres allows.
  const results =
    request.parameters.length === 0
      ? await pglite.exec(request.sql)
      : [await pglite.query(request.sql, [...request.parameters])];
  const last = results.at(-1);
  return {
    id: request.id,
    kind: 'rows',
    rows: last?.rows ?? [],
    ...(last?.affectedRows === undefined ? {} : { affectedRows: last.affectedRows }),
  };
}

function describe(id: number, error: unknown): EmbeddedReply {
  const { message, code, detail } = error as { message?: string; code?: string; detail?: string };
  return {
    id,
    kind: 'failed',
    message: message ?? String(error),
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { detail }),
  };
}

port.on('message', (request: EmbeddedRequest) => {
  run(request).then(
    (reply) => {
      port.postMessage(reply);
      if (request.kind === 'close') port.close();
    },
    (error: unknown) => {
      port.postMessage(describe(request.id, error));
    },
  );
});
