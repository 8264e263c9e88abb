import compression from 'compression';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { accessLog } from './http/access-log.ts';
import { refuseOldClients } from './http/client-version.ts';
import { answerConditionally } from './http/conditional-replies.ts';
import { shedLoad } from './http/load-shedding.ts';
import type { LoadSheddingOptions } from './http/load-shedding.ts';
import { notFound, problemHandler } from './http/problem-handler.ts';
import { pathWordsOf } from './http/logged-path.ts';
import { noOrigins, originCheck } from './http/registered-origins.ts';
import type { RegisteredOrigins } from './http/registered-origins.ts';
import { requestId } from './http/request-id.ts';
import { crossOrigin, securityHeaders } from './http/security-headers.ts';
import type { TraceSource } from './telemetry/trace-headers.ts';
import { traceRequests } from './telemetry/trace-requests.ts';
import type { Tracing } from './telemetry/tracing.ts';

/** What the two roles have in common, and what each fills in. */
export interface AppParts {
  readonly logger: Logger;
  readonly issuer: string;
  readonly corsOrigins: readonly string[];
  /** Origins that registered clients bring along. */
  readonly registeredOrigins?: RegisteredOrigins;
  /** Origins of other sites that may show the page in a frame. */
  readonly pageFrameAncestors?: readonly string[];
  /** When requests are turned away; absent: never. */
  readonly load?: LoadSheddingOptions;
  /** Oldest client that is served, where it is not the usual one. */
  readonly minClientVersion?: string;
  /** What may be logged of a path: the words of its routes. */
  readonly pathWords?: ReadonlySet<string>;
  /** Whether request ids come from the distributor. */
  readonly isBehindDistributor: boolean;
  /** Where traces are recorded, and whose word about them is taken. */
  readonly traces?: { readonly tracing: Tracing; readonly source: TraceSource };
  /** In order; the first that answers wins. */
  readonly handlers: readonly RequestHandler[];
}

/** A stream must leave as it is written; a compressor would hold it back. */
function compressReplies(): RequestHandler {
  return compression({
    filter: (request, response) =>
      !String(response.getHeader('Content-Type') ?? '').startsWith('text/event-stream') &&
      compression.filter(request, response),
  });
}

/** Log, limits, streams and each attempt of the proxy all wait for the end of one reply. */
const MOST_LISTENERS = 30;

/** The Express application of either role; listening is the caller's. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use((_request, response, next) => {
    response.setMaxListeners(MOST_LISTENERS);
    next();
  });
  app.use(requestId({ trustsHeader: parts.isBehindDistributor }));
  if (parts.traces?.tracing.isOn === true) app.use(traceRequests(parts.traces.tracing, parts.traces.source));
  app.use(accessLog(parts.logger, parts.pathWords ?? pathWordsOf([])));
  app.use(
    securityHeaders({ issuer: parts.issuer, pageFrameAncestors: parts.pageFrameAncestors ?? [] }),
    crossOrigin(originCheck(parts.corsOrigins, parts.registeredOrigins ?? noOrigins)),
  );
  // After what every reply carries, so that a page can read why it was turned away; before any work.
  if (parts.load !== undefined) app.use(shedLoad(parts.load));
  app.use('/api', refuseOldClients(parts.minClientVersion), answerConditionally);
  app.use(compressReplies());
  for (const handler of parts.handlers) app.use(handler);
  app.use(notFound, problemHandler(parts.logger));
  return app;
}
