import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { StoreUnavailableError } from '../config-store/store-errors.ts';
import { HttpProblem } from './problem.ts';
import { requestIdOf } from './request-id.ts';

/** A database that is started again needs a moment. */
const RETRY_AFTER_S = '2';

/** What body-parser and Express attach to the errors they raise. */
interface ParserError {
  readonly type?: string;
  readonly status?: number;
}

function ofParser(error: ParserError, cause: unknown): HttpProblem | undefined {
  if (error.type === 'entity.too.large') return new HttpProblem('payload_too_large', 'Send a smaller body.', { cause });
  if (error.type === 'entity.parse.failed')
    return new HttpProblem('invalid_request', 'The body is not valid JSON.', { status: 400, cause });
  if (error.type === 'charset.unsupported' || error.type === 'encoding.unsupported') {
    return new HttpProblem('invalid_request', 'Send JSON in UTF-8, plain or gzip.', { status: 400, cause });
  }
  if (error.status !== undefined && error.status >= 400 && error.status < 500) {
    return new HttpProblem('invalid_request', 'The request cannot be read.', { status: 400, cause });
  }
  return undefined;
}

/** Translates whatever was thrown into a problem; what is unknown becomes `internal` and tells nothing. */
export function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof StoreUnavailableError) {
    return new HttpProblem('overloaded', 'A store does not answer now; try again in a moment.', {
      cause: error,
      headers: { 'Retry-After': RETRY_AFTER_S },
    });
  }
  const known = typeof error === 'object' && error !== null ? ofParser(error, error) : undefined;
  return known ?? new HttpProblem('internal', 'Try again; if it stays, report the request id.', { cause: error });
}

/** Answers what no route matched. */
export const notFound: RequestHandler = (request) => {
  throw new HttpProblem('not_found', `There is no ${request.method} ${request.path}.`);
};

/** The one place where errors become answers: RFC 9457, always JSON. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = toProblem(error);
    const fields = { requestId: requestIdOf(request), code: problem.code, status: problem.status };
    if (problem.status >= 500) logger.error({ ...fields, err: problem.cause ?? problem }, 'request failed');
    else logger.debug(fields, 'request refused');
    if (response.headersSent) {
      // A clean end would make half an answer look whole.
      response.destroy();
      return;
    }
    response.status(problem.status).set(problem.headers).type('application/problem+json');
    response.set('Cache-Control', 'no-store').send(JSON.stringify(problem.toBody(requestIdOf(request))));
  };
}
