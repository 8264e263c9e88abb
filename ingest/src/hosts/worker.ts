import { pino } from 'pino';

import { readWorkerConfig } from '../config.ts';
import { onStop } from './service-life.ts';
import { startWorker } from './start-worker.ts';

const config = readWorkerConfig();
const logger = pino({ level: config.logLevel, base: { service: 'ingest-worker', regionId: config.regionId } });
const worker = await startWorker(config, logger);
onStop(() => worker.stop());
worker.ready.catch(() => {
  // Said in the log; whoever runs the process may start it again, which one that lingers would hide from them.
  process.exit(1);
});
