import type { Problem, ProblemCode } from '@lumina/contracts';

/** Stable codes of everything that can go wrong between a tile and its data. */
export type LuminaErrorCode =
  | 'AUTH_REQUIRED'
  | 'TOKEN_REJECTED'
  | 'SCOPE_DENIED'
  | 'OFFLINE'
  | 'TIMEOUT'
  | 'RATE_LIMITED'
  | 'QUERY_INVALID'
  | 'REGION_UNKNOWN'
  | 'REGION_UNAVAILABLE'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'UPGRADE_REQUIRED'
  | 'INTERNAL';

/** What a {@link LuminaError} is made of. */
export interface LuminaErrorOptions {
  readonly code: LuminaErrorCode;
  readonly message: string;
  readonly suggestion: string;
  readonly retryable: boolean;
  readonly status?: number;
  readonly problem?: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The one error class of the client: a stable code, whether a retry can help, and what to do. */
export class LuminaError extends Error {
  /** Stable code, safe to switch on. */
  readonly code: LuminaErrorCode;
  /** One sentence on what the developer or user can do. */
  readonly suggestion: string;
  /** Whether the same request can succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** HTTP status, absent when no reply arrived. */
  readonly status: number | undefined;
  /** The problem or per-query code of the API. */
  readonly problem: string | undefined;
  /** The request's id in the logs of the service. */
  readonly requestId: string | undefined;
  /** How long the service asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(options: LuminaErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LuminaError';
    this.code = options.code;
    this.suggestion = options.suggestion;
    this.retryable = options.retryable;
    this.status = options.status;
    this.problem = options.problem;
    this.requestId = options.requestId;
    this.retryAfterMs = options.retryAfterMs;
  }
}

interface Rule {
  readonly code: LuminaErrorCode;
  readonly retryable: boolean;
  readonly suggestion: string;
}

const SIGN_IN: Rule = {
  code: 'AUTH_REQUIRED',
  retryable: false,
  suggestion: 'Sign in again, or let getToken return a fresh token.',
};
const DENIED: Rule = {
  code: 'SCOPE_DENIED',
  retryable: false,
  suggestion: 'Ask an administrator of your territory for access.',
};
const INVALID: Rule = {
  code: 'QUERY_INVALID',
  retryable: false,
  suggestion: 'Correct the metric, filters, range or bin of the widget.',
};
const BUSY: Rule = { code: 'RATE_LIMITED', retryable: true, suggestion: 'Wait a moment; the next try is automatic.' };
const OUTDATED: Rule = { code: 'UPGRADE_REQUIRED', retryable: false, suggestion: 'Reload the page.' };
const SLOW: Rule = { code: 'TIMEOUT', retryable: true, suggestion: 'Wait a moment; the next try is automatic.' };
const REGION: Rule = {
  code: 'REGION_UNAVAILABLE',
  retryable: true,
  suggestion: 'The region does not answer; the next try is automatic.',
};
const BROKEN: Rule = {
  code: 'INTERNAL',
  retryable: true,
  suggestion: 'Report the request id if it does not pass.',
};

const RULES: Readonly<Record<ProblemCode, Rule>> = {
  unauthenticated: SIGN_IN,
  forbidden: DENIED,
  territory_mismatch: DENIED,
  territory_required: INVALID,
  region_unknown: {
    code: 'REGION_UNKNOWN',
    retryable: false,
    suggestion: 'The account names a region that does not exist; ask an administrator to correct it.',
  },
  region_unavailable: REGION,
  upstream_reset: REGION,
  upstream_timeout: SLOW,
  not_found: { code: 'NOT_FOUND', retryable: false, suggestion: 'Check the address and the id.' },
  conflict: { code: 'CONFLICT', retryable: false, suggestion: 'Load the newest version and try again.' },
  invalid_request: INVALID,
  webhook_address_refused: INVALID,
  payload_too_large: INVALID,
  upgrade_required: OUTDATED,
  rate_limited: BUSY,
  overloaded: BUSY,
  internal: BROKEN,
};

function ruleForStatus(status: number): Rule {
  if (status === 401) return SIGN_IN;
  if (status === 403) return DENIED;
  if (status === 426) return OUTDATED;
  if (status === 429 || status === 503) return BUSY;
  if (status === 504 || status === 408) return SLOW;
  return status >= 500 ? BROKEN : INVALID;
}

/** `Retry-After` in ms: seconds or an HTTP date; undefined when absent or unreadable. */
export function retryAfterMsOf(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** Turns a failed reply into a typed error; a body that is no problem document falls back to the status. */
export function errorFromReply(reply: {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | null;
}): LuminaError {
  const problem = (typeof reply.body === 'object' && reply.body !== null ? reply.body : {}) as Partial<Problem>;
  const known = problem.code === undefined ? undefined : (RULES as Readonly<Record<string, Rule>>)[problem.code];
  const rule = known ?? ruleForStatus(reply.status);
  const requestId = problem.requestId ?? reply.requestId ?? undefined;
  return new LuminaError({
    ...rule,
    message: problem.detail ?? problem.title ?? `The service answered with status ${String(reply.status)}.`,
    status: reply.status,
    ...(problem.code === undefined ? {} : { problem: problem.code }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs }),
  });
}

/** The error of one query among others that were answered. */
export function errorFromQuery(error: { readonly code: string; readonly detail: string }): LuminaError {
  const denied = error.code === 'out_of_scope' || error.code === 'forbidden';
  return new LuminaError({ ...(denied ? DENIED : INVALID), message: error.detail, problem: error.code });
}

/** Whatever was thrown, as an error of the client; what is none is a defect, which waiting does not cure. */
export function asLuminaError(thrown: unknown): LuminaError {
  if (thrown instanceof LuminaError) return thrown;
  return new LuminaError({
    code: 'INTERNAL',
    retryable: false,
    message: thrown instanceof Error ? thrown.message : String(thrown),
    suggestion: 'Report this: the client met something unexpected.',
    cause: thrown,
  });
}

/** Wraps whatever a fetch or a token callback threw. */
export function errorFromThrown(thrown: unknown, timedOut: boolean): LuminaError {
  if (thrown instanceof LuminaError) return thrown;
  if (timedOut) return new LuminaError({ ...SLOW, message: 'The service did not answer in time.', cause: thrown });
  return new LuminaError({
    code: 'OFFLINE',
    retryable: true,
    message: 'The service cannot be reached.',
    suggestion: 'Check the connection; the next try is automatic.',
    cause: thrown,
  });
}
