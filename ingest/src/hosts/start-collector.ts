import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fact } from '@lumina/contracts';
import type { Logger } from 'pino';

import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { messageOf } from '../adapters/service-error.ts';
import type { CollectorConfig } from '../config.ts';
import { Accounting } from '../core/accounting.ts';
import { encodeFactsRecord } from '../core/stream-record.ts';
import { systemClock } from '../ports/clock.ts';
import type { EventStream } from '../ports/event-stream.ts';
import { ByteBudget } from './byte-budget.ts';
import { createCollectorApp, refusalFacts } from './collector-app.ts';
import { createCollectorMetrics } from './collector-metrics.ts';
import { createCollectorServer } from './collector-server.ts';
import { FactBudget } from './fact-budget.ts';
import { IngestKeys } from './ingest-keys.ts';
import { collectProcessMetrics } from './metrics.ts';
import { listen, portOf } from './service-life.ts';

/** Requests in work get so long to end when the collector stops. */
const DRAIN_MS = 5000;
/** Less than what a drain may take. */
const PUT_TIMEOUT_MS = 4000;
/** Where no setting says otherwise. */
const IN_FLIGHT_LIMIT_BYTES = 64_000_000;
const FACTS_PER_SECOND = 5000;
const ACCOUNTING_INTERVAL_MS = 5000;
/** A record of the stream may have 1 MB. */
const FACTS_PER_RECORD = 1000;

/** A running collector. */
export interface Collector {
  readonly port: number;
  /** Resolves when events are taken, or when stopped before; rejects when they can never be. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

async function keepAccounts(
  accounting: Accounting,
  stream: EventStream,
  regionId: number,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  // A later row of a slot replaces the one before; what the stream did not take waits for the next time.
  const waiting = new Map<string, Fact>();
  const flush = async (): Promise<void> => {
    const nowMs = systemClock.nowMs();
    for (const fact of refusalFacts(accounting, nowMs))
      waiting.set(JSON.stringify([fact.name, fact.territoryId, fact.dimensions, fact.timeMs]), fact);
    try {
      for (let facts = [...waiting].slice(0, FACTS_PER_RECORD); facts.length > 0;) {
        const data = encodeFactsRecord(
          facts.map(([, fact]) => fact),
          regionId,
          nowMs,
        );
        await stream.put([{ data, partitionKey: 'accounting' }]);
        for (const [key] of facts) waiting.delete(key);
        facts = [...waiting].slice(0, FACTS_PER_RECORD);
      }
    } catch (error) {
      logger.warn({ detail: messageOf(error) }, 'accounting of refusals could not be put on the stream; it waits');
    }
  };
  while (!signal.aborted) {
    try {
      await delay(ACCOUNTING_INTERVAL_MS, undefined, { signal });
    } catch {
      // Stopping ends the pause early; what was counted is still flushed.
    }
    await flush();
  }
}

/** Starts the collector: it listens at once and takes events as soon as keys and stream are there. */
export async function startCollector(config: CollectorConfig, logger: Logger): Promise<Collector> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const onRetry = (error: unknown, attempt: number): void => {
    logger.warn({ attempt, detail: messageOf(error) }, 'the stream could not be reached; trying again');
  };
  const stream = createKinesisStream({
    ...config.kinesis,
    stream: config.eventsStream,
    putTimeoutMs: PUT_TIMEOUT_MS,
    onRetry,
  });
  const keys = new IngestKeys(config.keysUrl, config.internalToken, logger, config.keysIntervalMs);
  const workerId = randomUUID();
  const accounting = new Accounting(workerId, config.regionId);
  const budget = new ByteBudget(config.inFlightLimitBytes ?? IN_FLIGHT_LIMIT_BYTES);
  const metrics = createCollectorMetrics(workerId, () => budget.usedBytes);
  collectProcessMetrics(metrics.registry);
  let hasStream = false;
  const app = createCollectorApp({
    keys,
    stream,
    accounting,
    clock: systemClock,
    logger,
    ...{ regionId: config.regionId, budget, metrics },
    facts: new FactBudget(config.factsPerSecond ?? FACTS_PER_SECOND),
    isReady: () => hasStream && keys.isLoaded && !signal.aborted,
    isStopping: () => signal.aborted,
    bodyTimeoutMs: config.bodyTimeoutMs,
    tenantVariables: config.tenantVariables,
  });
  const { server, drain } = createCollectorServer(app);
  await listen(server, config.host, config.port);
  const prepare = async (): Promise<void> => {
    await stream.ensure(signal);
    hasStream = true;
    while (!keys.isLoaded) await delay(50, undefined, { signal });
    logger.info({ port: portOf(server), stream: config.eventsStream }, 'collector ready');
  };
  const ready = prepare().catch((error: unknown) => {
    if (signal.aborted) return;
    logger.error({ err: error }, 'collector failed to start');
    throw error;
  });
  const polling = keys.keepFresh(signal);
  const drained = new AbortController();
  const accounts = keepAccounts(accounting, stream, config.regionId, logger, drained.signal);
  return {
    port: portOf(server),
    ready,
    stop: async () => {
      stopping.abort();
      await Promise.all([drain(DRAIN_MS), polling]);
      // Requests that ended meanwhile have refusals to account for too.
      drained.abort();
      await accounts;
      stream.close();
    },
  };
}
