import type { Logger } from 'pino';

import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { messageOf } from '../adapters/service-error.ts';
import type { EslConfig } from '../esl/config.ts';
import { Forwarder } from '../esl/forwarder.ts';
import { collectProcessMetrics } from './metrics.ts';
import { closeServer, createHealthServer, listen, portOf } from './service-life.ts';

/** A running forwarder. */
export interface RunningForwarder {
  readonly port: number;
  /** Rejects when nothing can be forwarded any more. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts to forward; the health server listens when this resolves. What a stream that is not there yet misses waits on disk. */
export async function startEsl(config: EslConfig, logger: Logger): Promise<RunningForwarder> {
  const onRetry = (error: unknown, attempt: number): void => {
    logger.warn({ attempt, detail: messageOf(error) }, 'the stream could not be reached; trying again');
  };
  const stream = createKinesisStream({ ...config.kinesis, stream: config.eventsStream, onRetry });
  const forwarder = new Forwarder(config, stream, logger);
  collectProcessMetrics(forwarder.registry);
  const health = createHealthServer(() => forwarder.isReady, forwarder.registry);
  await listen(health, config.host, config.port);
  const ended = forwarder.run();
  logger.info({ port: portOf(health), stream: config.eventsStream }, 'forwarder started');
  return {
    port: portOf(health),
    ended,
    stop: async () => {
      await forwarder.stop();
      await closeServer(health);
      stream.close();
    },
  };
}
