import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';

import { createDynamodbLeases } from '../adapters/dynamodb-leases.ts';
import { createDeadLetters } from '../adapters/dead-letters.ts';
import { createStreamLiveTail } from '../adapters/kinesis-live-tail.ts';
import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { messageOf } from '../adapters/service-error.ts';
import { createFactStore } from '../adapters/timestream-records.ts';
import type { WorkerConfig } from '../config.ts';
import { Accounting } from '../core/accounting.ts';
import { systemClock } from '../ports/clock.ts';
import { createFailpoints } from './failpoints.ts';
import { collectProcessMetrics, createIngestMetrics } from './metrics.ts';
import { closeServer, createHealthServer, listen, portOf } from './service-life.ts';
import { ShardCoordinator } from './shard-coordinator.ts';
import type { ConsumerPorts } from './shard-consumer.ts';

/** After this, work in flight is given up: it was not checkpointed and will be read again. */
const DRAIN_MS = 3500;

/** A running worker. */
export interface Worker {
  readonly port: number;
  /** Resolves when the shards are being read; rejects when that can never be, as without the right to. */
  readonly ready: Promise<void>;
  /** Finishes what is in flight, checkpoints, gives the leases up. */
  stop(): Promise<void>;
}

function createPorts(config: WorkerConfig, workerId: string, logger: Logger): ConsumerPorts {
  const metrics = createIngestMetrics(workerId);
  collectProcessMetrics(metrics.registry);
  const onRetry = (error: unknown, attempt: number): void => {
    logger.warn({ attempt, detail: messageOf(error) }, 'a call failed for a passing reason; trying again');
  };
  const streams = { ...config.kinesis, onRetry };
  return {
    events: createKinesisStream({ ...streams, stream: config.eventsStream }),
    tail: createStreamLiveTail(createKinesisStream({ ...streams, stream: config.factsStream })),
    leases: createDynamodbLeases({ ...config.dynamodb, table: config.leaseTable, onRetry }),
    store: createFactStore({
      ...config.timestream,
      onRetry: (error, attempt) => {
        metrics.storeRetries.inc({ reason: error instanceof Error ? error.name : 'unknown' });
        onRetry(error, attempt);
      },
    }),
    deadLetters: createDeadLetters(config.deadLetters, onRetry),
    accounting: new Accounting(workerId, config.regionId),
    metrics,
    clock: systemClock,
    stream: config.eventsStream,
    context: {
      regionId: config.regionId,
      personalIdSecret: config.personalIdSecret,
      negativeControl: config.negativeControl,
    },
    failpoints: createFailpoints(config.failpoint),
    logger,
  };
}

async function ensureAll(
  { events, tail, leases, store, deadLetters }: ConsumerPorts,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([
    events.ensure(signal),
    tail.ensure(signal),
    leases.ensure(signal),
    deadLetters.ensure(signal),
    store.ensureTables({ signal }),
  ]);
}

/** Starts the worker: creates what is missing, then reads every shard of the stream. */
export async function startWorker(config: WorkerConfig, logger: Logger): Promise<Worker> {
  const workerId = randomUUID();
  const stopping = new AbortController();
  const abort = new AbortController();
  const ports = createPorts(config, workerId, logger);
  let isReady = false;
  const server = createHealthServer(() => isReady && !stopping.signal.aborted, ports.metrics.registry);
  await listen(server, config.host, config.port);
  if (config.negativeControl !== undefined)
    logger.warn({ control: config.negativeControl }, 'running with a deliberate defect');
  const coordinator = new ShardCoordinator(ports, workerId, { stopping: stopping.signal, abort: abort.signal });
  const { promise: ready, resolve: markReady, reject: markFailed } = Promise.withResolvers<undefined>();
  const run = async (): Promise<void> => {
    await ensureAll(ports, abort.signal);
    await coordinator.run(() => {
      isReady = true;
      logger.info({ workerId, port: portOf(server), stream: config.eventsStream }, 'worker ready');
      markReady(undefined);
    });
  };
  const running = run().catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    logger.error({ err: error }, 'worker failed');
    markFailed(error);
  });
  return {
    port: portOf(server),
    ready,
    stop: async () => {
      stopping.abort();
      const timer = setTimeout(() => {
        abort.abort();
      }, DRAIN_MS);
      await running;
      clearTimeout(timer);
      for (const port of [ports.events, ports.tail, ports.leases, ports.store, ports.deadLetters]) port.close();
      await closeServer(server);
    },
  };
}
