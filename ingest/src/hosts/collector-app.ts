import { randomUUID } from 'node:crypto';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Logger } from 'pino';
import { MISSING, PROBLEMS, type Fact, type ProblemCode } from '@lumina/contracts';

import { messageOf } from '../adapters/service-error.ts';
import type { Accounting } from '../core/accounting.ts';
import { DecodeError } from '../core/decode-error.ts';
import { TooManyItemsError } from '../core/split-body.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventStream } from '../ports/event-stream.ts';
import { collect } from './collect.ts';
import type { IngestKeys, KeyOwner } from './ingest-keys.ts';

/** Largest body, unpacked. */
const BODY_LIMIT_BYTES = 5_000_000;
/** Bytes of bodies that may be in work at once; more must wait at the sender. */
const IN_FLIGHT_LIMIT_BYTES = 64_000_000;
const RETRY_AFTER_S = 1;

/** What the collector needs of the outside. */
export interface CollectorPorts {
  readonly keys: IngestKeys;
  readonly stream: EventStream;
  readonly accounting: Accounting;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly regionId: number;
  readonly isReady: () => boolean;
  readonly inFlightLimitBytes?: number;
}

interface ProblemAnswer {
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
}

const requestIds = new WeakMap<Request, string>();

function requestIdOf(request: Request): string {
  let id = requestIds.get(request);
  if (id === undefined) {
    id = randomUUID();
    requestIds.set(request, id);
  }
  return id;
}

function sendProblem(request: Request, response: Response, { status, code, detail }: ProblemAnswer): void {
  const body = {
    type: `urn:lumina:problem:${code}`,
    title: PROBLEMS[code].title,
    status,
    detail,
    code,
    requestId: requestIdOf(request),
  };
  if (status === 429 || status === 503) response.setHeader('retry-after', String(RETRY_AFTER_S));
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  response.status(status).type('application/problem+json').send(JSON.stringify(body));
}

function authenticate(ports: CollectorPorts): RequestHandler {
  return (request, response, next) => {
    const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (!ports.keys.isLoaded) {
      sendProblem(request, response, {
        status: 503,
        code: 'overloaded',
        detail: 'The ingest keys are not known yet; try again.',
      });
      return;
    }
    const owner = key === undefined ? undefined : ports.keys.ownerOf(key);
    if (owner?.regionId !== ports.regionId) {
      sendProblem(request, response, {
        status: 401,
        code: 'unauthenticated',
        detail: 'Send a valid ingest key of this region as a bearer token.',
      });
      return;
    }
    response.locals['owner'] = owner;
    next();
  };
}

/** Refuses bodies beyond what may be in work at once, so that an outage of the stream cannot fill the memory. */
function limitInFlight(limitBytes: number): RequestHandler {
  let inFlightBytes = 0;
  return (request, response, next) => {
    const declared = Number(request.headers['content-length']);
    const isPacked = (request.headers['content-encoding'] ?? 'identity') !== 'identity';
    // A packed body, or one of unknown length, may turn out as large as the limit.
    const bytes = isPacked || !Number.isFinite(declared) ? BODY_LIMIT_BYTES : Math.min(declared, BODY_LIMIT_BYTES);
    if (inFlightBytes + bytes > limitBytes) {
      sendProblem(request, response, {
        status: 429,
        code: 'rate_limited',
        detail: 'Too much is in work; send it again later.',
      });
      return;
    }
    inFlightBytes += bytes;
    response.once('close', () => {
      inFlightBytes -= bytes;
    });
    next();
  };
}

function takeEvents({ stream, accounting, clock, logger }: CollectorPorts): RequestHandler {
  return async (request, response) => {
    const owner = response.locals['owner'] as KeyOwner;
    const nowMs = clock.nowMs();
    const body: unknown = request.body;
    const { items, entries } = collect(Buffer.isBuffer(body) ? body : Buffer.alloc(0), owner, nowMs);
    const rejected = items.length - entries.length;
    try {
      if (entries.length > 0) await stream.put(entries);
    } catch (error) {
      logger.warn(
        { detail: messageOf(error), requestId: requestIdOf(request) },
        'the stream did not take all events in time',
      );
      sendProblem(request, response, {
        status: 429,
        code: 'rate_limited',
        detail: 'The stream did not take all events; send them all again, none counts twice.',
      });
      return;
    }
    accounting.count(
      Array.from({ length: rejected }, () => ({
        source: 'collector',
        territoryId: owner.territoryId,
        outcome: 'rejected' as const,
        lagMs: 0,
      })),
      nowMs,
    );
    const status = entries.length > 0 ? 202 : 422;
    response.status(status).json({ accepted: entries.length, rejected, items });
  };
}

function statusOf(error: unknown): number {
  if (error instanceof DecodeError) return 400;
  if (error instanceof TooManyItemsError) return 413;
  const status: unknown = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : 500;
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status === 413) {
      sendProblem(request, response, {
        status,
        code: 'payload_too_large',
        detail:
          error instanceof TooManyItemsError
            ? error.message
            : 'A body may have at most 5,000,000 bytes, unpacked; send less at once.',
      });
    } else if (status >= 400 && status < 500) {
      const detail =
        error instanceof DecodeError
          ? error.message
          : 'The body could not be read; send JSON, NDJSON, plain or packed with gzip.';
      sendProblem(request, response, { status: 400, code: 'invalid_request', detail });
    } else {
      logger.error({ err: error, requestId: requestIdOf(request) }, 'request failed');
      sendProblem(request, response, {
        status: 500,
        code: 'internal',
        detail: 'The events may not have been taken; send them again, none counts twice.',
      });
    }
  };
}

/** The collector's HTTP interface; listens nowhere by itself. */
export function createCollectorApp(ports: CollectorPorts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', (_request, response) => {
    const isReady = ports.isReady();
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ok' : 'not_ready' });
  });
  app.post(
    '/v1/events',
    authenticate(ports),
    limitInFlight(ports.inFlightLimitBytes ?? IN_FLIGHT_LIMIT_BYTES),
    express.raw({ type: () => true, limit: BODY_LIMIT_BYTES }),
    takeEvents(ports),
  );
  app.use((request, response) => {
    sendProblem(request, response, { status: 404, code: 'not_found', detail: 'Send events to POST /v1/events.' });
  });
  app.use(answerError(ports.logger));
  return app;
}

/** Accounting of refusals, as it goes on the stream: the collector does not write to the store itself. */
export function refusalFacts(accounting: Accounting, nowMs: number): Fact[] {
  return accounting.takeFacts(nowMs).filter(({ dimensions }) => dimensions['source'] !== MISSING);
}
