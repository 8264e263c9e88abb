import { pino } from 'pino';

import { readEslConfig } from '../esl/config.ts';
import { onStop } from './service-life.ts';
import { startEsl } from './start-esl.ts';

const config = readEslConfig();
const logger = pino({ level: config.logLevel, base: { service: 'ingest-esl', regionId: config.regionId } });
const forwarder = await startEsl(config, logger);
onStop(() => forwarder.stop());
forwarder.ended.catch((error: unknown) => {
  logger.fatal({ err: error }, 'the forwarder cannot go on');
  // What waits is on disk; whoever runs the process starts it again.
  process.exit(1);
});
