import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';

declare module 'express-serve-static-core' {
  interface Request {
    requestId?: string;
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of a request, for logs and problems. */
export function requestIdOf(request: Request): string {
  return request.requestId ?? 'none';
}

/**
 * Gives each request an id. Only a regional BFF takes it from the header, where the distributor has set it anew; an
 * id chosen by a caller never reaches a log.
 */
export function requestId(options: { readonly trustsHeader: boolean }): RequestHandler {
  return (request, response, next) => {
    const given = (request as IncomingMessage).headers['x-request-id'];
    const id = options.trustsHeader && typeof given === 'string' && UUID.test(given) ? given : randomUUID();
    request.requestId = id;
    response.setHeader('X-Request-Id', id);
    next();
  };
}
