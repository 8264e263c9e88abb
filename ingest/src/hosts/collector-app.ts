import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { Logger } from 'pino';
import { MISSING, type Fact } from '@lumina/contracts';

import { messageOf } from '../adapters/service-error.ts';
import type { Accounting } from '../core/accounting.ts';
import { DecodeError } from '../core/decode-error.ts';
import type { TenantVariables } from '../core/sources/freeswitch-whitelist.ts';
import { TooManyItemsError } from '../core/split-body.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventStream } from '../ports/event-stream.ts';
import type { BudgetShare, ByteBudget } from './byte-budget.ts';
import { collect, type Collected } from './collect.ts';
import type { CollectorMetrics } from './collector-metrics.ts';
import { CollectorProblem, requestIdOf, sendProblem } from './collector-problem.ts';
import type { FactBudget } from './fact-budget.ts';
import type { IngestKeys, KeyOwner } from './ingest-keys.ts';
import { readBody, type BodyLimits } from './read-body.ts';
import { sendMetrics } from './service-life.ts';
import { StreamCircuit } from './stream-circuit.ts';

/** Largest body, as sent and unpacked. */
const BODY_LIMIT_BYTES = 5_000_000;
const BODY_TIMEOUT_MS = 15_000;

/** What the collector needs of the outside. */
export interface CollectorPorts {
  readonly keys: IngestKeys;
  readonly stream: Pick<EventStream, 'put'>;
  readonly accounting: Accounting;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly regionId: number;
  /** What all bodies together may hold in memory. */
  readonly budget: ByteBudget;
  /** What the events of each territory may become. */
  readonly facts: FactBudget;
  readonly metrics: CollectorMetrics;
  readonly isReady: () => boolean;
  readonly isStopping?: () => boolean;
  readonly bodyTimeoutMs?: number | undefined;
  readonly tenantVariables?: TenantVariables | undefined;
}

/** Refuses before a byte of the body is read: who may not send, and what cannot be taken now. */
function admit(ports: CollectorPorts, authorization: string | undefined): KeyOwner {
  if (ports.isStopping?.() === true)
    throw new CollectorProblem(503, 'overloaded', 'This collector is stopping; send it again.');
  if (!ports.keys.isLoaded)
    throw new CollectorProblem(503, 'overloaded', 'The ingest keys are not known yet; try again.');
  const [, key] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  const owner = key === undefined ? undefined : ports.keys.ownerOf(key);
  if (owner?.regionId !== ports.regionId)
    throw new CollectorProblem(401, 'unauthenticated', 'Send a valid ingest key of this region as a bearer token.');
  return owner;
}

/** Refused items, or a refused body as one, are deliveries of the source `collector`: no other host sees them. */
function countRefused(ports: CollectorPorts, territoryId: number, count: number, nowMs: number): void {
  const refusal = { source: 'collector', territoryId, outcome: 'rejected' as const, lagMs: 0 };
  ports.accounting.count(
    Array.from({ length: count }, () => refusal),
    nowMs,
  );
}

function streamIsFull(): CollectorProblem {
  const detail = 'The stream did not take all events; send them all again, none counts twice.';
  return new CollectorProblem(429, 'rate_limited', detail);
}

/** Events that become more facts than their territory may send now wait at the sender. */
function assertRoom(budget: FactBudget, territoryId: number, facts: number, nowMs: number): void {
  if (facts > budget.burst) {
    const detail = `The events would become ${String(facts)} facts; send at most ${String(budget.burst)} at once.`;
    throw new CollectorProblem(413, 'payload_too_large', detail);
  }
  const seconds = budget.take(territoryId, facts, nowMs);
  if (seconds === 0) return;
  const detail = `Too many facts for this territory; send the events again in ${String(seconds)} s, none counts twice.`;
  throw new CollectorProblem(429, 'rate_limited', detail, seconds);
}

async function putAll(
  ports: CollectorPorts,
  circuit: StreamCircuit,
  { entries }: Collected,
  requestId: string,
): Promise<void> {
  if (entries.length === 0) return;
  try {
    await ports.stream.put(entries);
    circuit.succeeded();
  } catch (error) {
    circuit.failed(ports.clock.nowMs());
    ports.logger.warn({ detail: messageOf(error), requestId }, 'the stream did not take all events in time');
    throw streamIsFull();
  }
}

function answer(metrics: CollectorMetrics, response: Response, { items, entries }: Collected): void {
  for (const { status, code = '' } of items) metrics.items.inc({ outcome: status, code });
  response
    .status(entries.length > 0 ? 202 : 422)
    .json({ accepted: entries.length, rejected: items.length - entries.length, items });
}

function problemOf(error: unknown): CollectorProblem | undefined {
  if (error instanceof CollectorProblem) return error;
  if (error instanceof DecodeError) return new CollectorProblem(400, 'invalid_request', error.message);
  if (error instanceof TooManyItemsError) return new CollectorProblem(413, error.code, error.message);
  return undefined;
}

function takeEvents(ports: CollectorPorts, limits: BodyLimits): RequestHandler {
  const circuit = new StreamCircuit();
  return async (request, response) => {
    const owner = admit(ports, request.headers.authorization);
    const nowMs = ports.clock.nowMs();
    if (!circuit.admits(nowMs)) throw streamIsFull();
    const share: BudgetShare = ports.budget.open(owner.territoryId);
    response.once('close', () => {
      share.release();
    });
    try {
      const body = await readBody(request, response, share, limits);
      const collected = await collect(body, owner, nowMs, ports.tenantVariables);
      share.owe(collected.entries.reduce((sum, { data }) => sum + data.length, 0));
      assertRoom(ports.facts, owner.territoryId, collected.facts, nowMs);
      await putAll(ports, circuit, collected, requestIdOf(request)).catch((error: unknown) => {
        ports.facts.giveBack(owner.territoryId, collected.facts);
        throw error;
      });
      countRefused(ports, owner.territoryId, collected.items.length - collected.entries.length, nowMs);
      answer(ports.metrics, response, collected);
    } catch (error) {
      // What is to be sent again is counted when it is.
      const { status } = problemOf(error) ?? { status: 500 };
      if (status === 400 || status === 413) countRefused(ports, owner.territoryId, 1, nowMs);
      throw error;
    }
  };
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = problemOf(error) ?? malformedAddress(error);
    if (problem !== undefined) {
      sendProblem(request, response, problem);
      return;
    }
    logger.error({ err: error, requestId: requestIdOf(request) }, 'request failed');
    const detail = 'The events may not have been taken; send them again, none counts twice.';
    sendProblem(request, response, new CollectorProblem(500, 'internal', detail));
  };
}

/** Express's own refusals, as of an address that is no valid URI. */
function malformedAddress(error: unknown): CollectorProblem | undefined {
  const status: unknown = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return new CollectorProblem(400, 'invalid_request', 'The request cannot be read; send events to POST /v1/events.');
}

/** The collector's HTTP interface; listens nowhere by itself. */
export function createCollectorApp(ports: CollectorPorts): Express {
  const { metrics } = ports;
  const limits = { limitBytes: BODY_LIMIT_BYTES, timeoutMs: ports.bodyTimeoutMs ?? BODY_TIMEOUT_MS };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request, response, next) => {
    if (ports.isStopping?.() === true) response.setHeader('connection', 'close');
    next();
  });
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', (_request, response) => {
    const isReady = ports.isReady();
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ok' : 'not_ready' });
  });
  app.get('/metrics', (_request, response) => sendMetrics(metrics.registry, response));
  app.use('/v1/events', (_request, response, next) => {
    response.once('finish', () => {
      metrics.requests.inc({ status: String(response.statusCode) });
    });
    next();
  });
  app.post('/v1/events', takeEvents(ports, limits));
  app.use((request, response) => {
    sendProblem(request, response, new CollectorProblem(404, 'not_found', 'Send events to POST /v1/events.'));
  });
  app.use(answerError(ports.logger));
  return app;
}

/** Accounting of refusals, as it goes on the stream: the collector does not write to the store itself. */
export function refusalFacts(accounting: Accounting, nowMs: number): Fact[] {
  return accounting.takeFacts(nowMs).filter(({ dimensions }) => dimensions['source'] !== MISSING);
}
