import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { compose } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import type { BffConfig } from './config.ts';
import { LoginRoleError, SchemaOutdatedError } from './config-store/store-errors.ts';
import { createHttpServer } from './http/create-server.ts';
import { watchConnections } from './http/ending-server.ts';

/** The whole drain; the runner kills after 5 s. */
const DRAIN_MS = 4_500;
/** How this process ends where somebody must migrate first; starting it again changes nothing. */
const NOT_MIGRATED = 3;

function settings(): BffConfig {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

function listen(server: Server, config: BffConfig): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => {
      resolve(server.address() as AddressInfo);
    });
  });
}

const config = settings();
const logger = pino({ level: config.logLevel, base: { service: 'bff', role: config.own.role } });
const composition = compose(config, logger);
const server = createHttpServer(composition);
const connections = watchConnections(server);

let isDraining = false;

/** Takes no new connection, says goodbye to live ones, lets answers under way finish, then closes the stores. */
function drain(why: string): void {
  if (isDraining) return;
  isDraining = true;
  logger.info({ why }, 'draining');
  const deadline = setTimeout(() => {
    logger.warn('requests still open at the end of the drain are cut');
    server.closeAllConnections();
  }, DRAIN_MS);
  connections.end(() => {
    clearTimeout(deadline);
    composition.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'closing failed');
        process.exit(1);
      },
    );
  });
  composition.drain();
}

process.on('SIGTERM', () => {
  drain('SIGTERM');
});
process.on('SIGINT', () => {
  drain('SIGINT');
});
// Whoever started this process with a channel has vanished: nothing may stay behind.
process.on('disconnect', () => {
  drain('parent vanished');
});

try {
  await composition.prepare();
} catch (error) {
  if (!(error instanceof SchemaOutdatedError || error instanceof LoginRoleError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(NOT_MIGRATED);
}
const address = await listen(server, config);
logger.info({ host: address.address, port: address.port }, 'ready');
