import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

import { createDynamodbLeases } from '../adapters/dynamodb-leases.ts';
import { createDeadLetters } from '../adapters/dead-letters.ts';
import { createStreamLiveTail } from '../adapters/kinesis-live-tail.ts';
import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { messageOf } from '../adapters/service-error.ts';
import { createFactStore } from '../adapters/timestream-records.ts';
import type { WorkerConfig } from '../config.ts';
import { Accounting } from '../core/accounting.ts';
import { systemClock, systemStopwatch } from '../ports/clock.ts';
import { AccountKeeper } from './account-keeper.ts';
import { createFailpoints } from './failpoints.ts';
import { collectProcessMetrics, createIngestMetrics } from './metrics.ts';
import { closeServer, createHealthServer, listen, portOf } from './service-life.ts';
import { ShardCoordinator, type WorkerIdentity } from './shard-coordinator.ts';
import type { ConsumerPorts } from './shard-consumer.ts';

/** What giving the leases up may take once work in flight was given up. */
const RELEASE_MS = 700;
const LAST_ACCOUNTS_MS = 500;

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
  const accounting = new Accounting(workerId, config.regionId);
  const store = createFactStore({
    ...config.timestream,
    isBlind: config.negativeControl === 'blind-re-salt',
    onRetry: (error, attempt) => {
      metrics.storeRetries.inc({ reason: error instanceof Error ? error.name : 'unknown' });
      onRetry(error, attempt);
    },
  });
  const streams = { ...config.kinesis, onRetry };
  return {
    events: createKinesisStream({ ...streams, stream: config.eventsStream }),
    tail: createStreamLiveTail(createKinesisStream({ ...streams, stream: config.factsStream })),
    leases: createDynamodbLeases({
      ...config.dynamodb,
      table: config.leaseTable,
      isFenced: config.negativeControl !== 'no-fencing',
      onRetry,
    }),
    store,
    deadLetters: createDeadLetters(config.deadLetters, onRetry),
    accounting,
    accounts: new AccountKeeper({ accounting, store, clock: systemClock, logger }),
    metrics,
    clock: systemClock,
    stopwatch: systemStopwatch,
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

function identityOf({ instance, leaseExpiryMs }: WorkerConfig, workerId: string): WorkerIdentity {
  return { owner: instance === undefined ? workerId : `${instance}/${workerId}`, instance, leaseExpiryMs };
}

/** Starts the worker: creates what is missing, then reads its share of the shards of the stream. */
export async function startWorker(config: WorkerConfig, logger: Logger): Promise<Worker> {
  const workerId = randomUUID();
  const stopping = new AbortController();
  const abort = new AbortController();
  const signals = { stopping: stopping.signal, abort: abort.signal };
  const ports = createPorts(config, workerId, logger);
  const coordinator = new ShardCoordinator(ports, identityOf(config, workerId), signals);
  const server = createHealthServer(() => coordinator.isReady && !stopping.signal.aborted, ports.metrics.registry);
  await listen(server, config.host, config.port);
  if (config.negativeControl !== undefined)
    logger.warn({ control: config.negativeControl }, 'running with a deliberate defect');
  const { promise: ready, resolve: markReady, reject: markFailed } = Promise.withResolvers<undefined>();
  const run = async (): Promise<void> => {
    await ensureAll(ports, abort.signal);
    const accounts = ports.accounts.run(stopping.signal, abort.signal);
    await coordinator.run(() => {
      logger.info({ workerId, port: portOf(server), stream: config.eventsStream }, 'worker ready');
      markReady(undefined);
    });
    await accounts;
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
      await drain(running, abort, config.drainMs);
      await ports.accounts.handOver(ports.events, config.regionId, AbortSignal.timeout(LAST_ACCOUNTS_MS));
      for (const port of [ports.events, ports.tail, ports.leases, ports.store, ports.deadLetters]) port.close();
      await closeServer(server);
    },
  };
}

/** Waits for work in flight, then gives it up, then waits for the leases to be given up, and no longer. */
async function drain(running: Promise<void>, abort: AbortController, drainMs: number): Promise<void> {
  const limit = new AbortController();
  const abortLate = async (): Promise<void> => {
    await delay(drainMs, undefined, { signal: limit.signal });
    abort.abort();
    await delay(RELEASE_MS, undefined, { signal: limit.signal });
  };
  await Promise.race([running, abortLate()]);
  limit.abort();
  abort.abort();
}
