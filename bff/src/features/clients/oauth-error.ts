import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { toProblem } from '../../http/problem-handler.ts';
import { requestIdOf } from '../../http/request-id.ts';

/** Codes of RFC 6749 §5.2, and the one of §4.1.2.1 for what is our trouble. */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  temporarily_unavailable: 503,
} as const;
/** One of them. */
export type OAuthErrorCode = keyof typeof STATUS;

/** An error of the token endpoint, in the words of OAuth. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;
  readonly status: number;
  constructor(code: OAuthErrorCode, description: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(description, options);
    this.name = 'OAuthError';
    this.code = code;
    this.status = options.status ?? STATUS[code];
  }
}

function toOAuthError(error: unknown): OAuthError & { readonly headers?: Readonly<Record<string, string>> } {
  if (error instanceof OAuthError) return error;
  const problem = toProblem(error);
  const { status, headers, message } = problem;
  const code = status < 500 && status !== 429 ? 'invalid_request' : 'temporarily_unavailable';
  return Object.assign(new OAuthError(code, message, { status: status === 422 ? 400 : status, cause: error }), {
    headers,
  });
}

/** Answers errors of the token endpoint as RFC 6749 wants them. */
export function oauthErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const refused = toOAuthError(error);
    const fields = { requestId: requestIdOf(request), code: refused.code, status: refused.status };
    if (refused.status === 500) logger.error({ ...fields, err: error }, 'no token could be issued');
    else logger.debug(fields, 'no token was issued');
    if (refused.status === 401) response.set('WWW-Authenticate', 'Basic realm="lumina", charset="UTF-8"');
    response
      .status(refused.status)
      .set(refused.headers ?? {})
      .set('Cache-Control', 'no-store')
      .json({ error: refused.code, error_description: refused.message });
  };
}
