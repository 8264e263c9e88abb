import type { Logger } from 'pino';
import type { BffConfig } from '../config.ts';
import { createTracing } from './open-telemetry.ts';
import { noTracing } from './tracing.ts';
import type { Tracing } from './tracing.ts';

/** Traces as a process is configured, under the name of its role. */
export function startTracing({ tracing, own }: BffConfig, logger: Logger): Tracing {
  if (tracing === undefined) return noTracing;
  return createTracing({
    ...tracing,
    serviceName: own.role === 'distributor' ? 'lumina-distributor' : `lumina-region-${String(own.regionId)}`,
    onFailure: (error) => {
      logger.warn({ err: error }, 'traces could not be delivered; they are dropped until the collector takes them');
    },
  });
}
