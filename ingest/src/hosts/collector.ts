import { pino } from 'pino';

import { readCollectorConfig } from '../config.ts';
import { onStop } from './service-life.ts';
import { startCollector } from './start-collector.ts';

const config = readCollectorConfig();
const logger = pino({ level: config.logLevel, base: { service: 'ingest-collector', regionId: config.regionId } });
const collector = await startCollector(config, logger);
onStop(() => collector.stop());
collector.ready.catch(() => {
  // Said in the log; whoever runs the process may start it again, which one that lingers would hide from them.
  process.exit(1);
});
