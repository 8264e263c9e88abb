import { Socket } from 'node:net';
import { PostgresDialect } from 'kysely';
import type { Dialect } from 'kysely';
import pg from 'pg';

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** Longer than any statement may take: a connection this silent leads nowhere, though nobody has said so. */
const SILENCE_MS = 15_000;

/** Ids fit a double; both engines must give numbers. */
const numbers = new pg.TypeOverrides();
numbers.setTypeParser(pg.types.builtins.INT8, Number);

function watchedSocket(): Socket {
  const socket = new Socket();
  socket.setTimeout(SILENCE_MS, () => {
    socket.destroy(Object.assign(new Error('The database has been silent for too long.'), { code: 'ETIMEDOUT' }));
  });
  return socket;
}

function dialectOf(options: pg.PoolConfig): Dialect {
  const pool = new pg.Pool({ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, types: numbers, ...options });
  // A broken connection, idle or between two statements, is noticed by whoever uses it next and replaced by the pool;
  // without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return new PostgresDialect({ pool });
}

/** PostgreSQL as a server uses it: nothing waits forever, neither for a connection nor for an answer. */
export function servingDialect(connectionString: string): Dialect {
  return dialectOf({
    connectionString,
    max: POOL_SIZE,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    stream: watchedSocket,
  });
}

/** PostgreSQL as a migration uses it: statements take as long as they need, and one migrator waits for the other. */
export function migratingDialect(connectionString: string): Dialect {
  return dialectOf({ connectionString, max: 2, keepAlive: true });
}
