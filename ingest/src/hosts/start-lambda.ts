import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';

import { createDeadLetters } from '../adapters/dead-letters.ts';
import { createStreamLiveTail } from '../adapters/kinesis-live-tail.ts';
import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { messageOf } from '../adapters/service-error.ts';
import { createFactStore } from '../adapters/timestream-records.ts';
import type { LambdaConfig } from '../config.ts';
import { Accounting } from '../core/accounting.ts';
import { systemClock } from '../ports/clock.ts';
import { AccountKeeper } from './account-keeper.ts';
import type { LambdaPorts } from './lambda-handler.ts';
import { createIngestMetrics } from './metrics.ts';

/**
 * Wires the function. It creates nothing: database, tables, streams and bucket are there before a mapping exists, and
 * the function has no right to create them.
 */
export function createLambdaPorts(config: LambdaConfig, logger: Logger): LambdaPorts {
  const instanceId = randomUUID();
  const onRetry = (error: unknown, attempt: number): void => {
    logger.warn({ attempt, detail: messageOf(error) }, 'a call failed for a passing reason; trying again');
  };
  const store = createFactStore({ ...config.timestream, onRetry });
  const accounting = new Accounting(instanceId, config.regionId);
  return {
    tail: createStreamLiveTail(createKinesisStream({ ...config.kinesis, stream: config.factsStream, onRetry })),
    store,
    deadLetters: createDeadLetters(config.deadLetters, onRetry),
    accounting,
    accounts: new AccountKeeper({ accounting, store, clock: systemClock, logger }),
    metrics: createIngestMetrics(instanceId),
    clock: systemClock,
    stream: config.eventsStream,
    context: { regionId: config.regionId, personalIdSecret: config.personalIdSecret },
    logger,
    instanceId,
  };
}
