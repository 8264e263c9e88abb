import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { loggedPath } from './logged-path.ts';
import { requestIdOf } from './request-id.ts';

const NANOSECONDS_PER_MS = 1e6;
/** Asked every few seconds by whoever watches the process. */
const PROBES = new Set(['/healthz', '/readyz']);

/**
 * One structured line per request. Of the path only the words that routes have, no query string (it may hold names searched
 * for), no headers, no subject: nothing that names a person or opens a door enters a log.
 */
export function accessLog(logger: Logger, pathWords: ReadonlySet<string>): RequestHandler {
  return (request, response, next) => {
    const startedAt = process.hrtime.bigint();
    const path = request.path;
    response.once('close', () => {
      const { identity, span } = request;
      logger[PROBES.has(path) ? 'debug' : 'info'](
        {
          requestId: requestIdOf(request),
          ...(span === undefined ? {} : { traceId: span.traceId }),
          method: request.method,
          path: loggedPath(path, pathWords),
          status: response.statusCode,
          isComplete: response.writableFinished,
          durationMs: Math.round(Number(process.hrtime.bigint() - startedAt) / NANOSECONDS_PER_MS),
          ...(identity === undefined ? {} : { territoryId: identity.territoryId, regionId: identity.regionId }),
          ...(identity?.reason === undefined ? {} : { isSuperAdmin: true }),
        },
        'request',
      );
    });
    next();
  };
}
