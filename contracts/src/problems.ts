/** Every problem code of the HTTP API, with its status and title (RFC 9457). */
export const PROBLEMS = {
  unauthenticated: { status: 401, title: 'Sign in to continue' },
  forbidden: { status: 403, title: 'This identity may not do that' },
  territory_mismatch: { status: 403, title: 'That territory or region is not yours' },
  territory_required: { status: 400, title: 'Name a territory and a region' },
  region_unknown: { status: 403, title: 'The token names no known region' },
  region_unavailable: { status: 503, title: 'The region is not reachable' },
  upstream_reset: { status: 502, title: 'The region closed the connection' },
  upstream_timeout: { status: 504, title: 'The region did not answer in time' },
  not_found: { status: 404, title: 'There is nothing here' },
  conflict: { status: 412, title: 'It was changed in the meantime' },
  invalid_request: { status: 422, title: 'The request is not valid' },
  webhook_address_refused: { status: 422, title: 'That address may not be called' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  upgrade_required: { status: 426, title: 'This client is too old' },
  rate_limited: { status: 429, title: 'Too many requests' },
  overloaded: { status: 503, title: 'The service is overloaded' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const;
/** A stable problem code. */
export type ProblemCode = keyof typeof PROBLEMS;

/** An RFC 9457 problem as the API sends it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId: string;
  /** Of a `conflict`: what is stored now. */
  readonly current?: unknown;
  /** Of a `conflict`: what was refused. */
  readonly submitted?: unknown;
}

/** Codes of errors that concern one query of a request; the others are answered. */
export const QUERY_ERROR_CODES = [
  'unknown_metric',
  'bin_too_small',
  'beyond_retention',
  'out_of_scope',
  'dimension_unsupported',
  'forbidden',
] as const;
/** A stable per-query error code. */
export type QueryErrorCode = (typeof QUERY_ERROR_CODES)[number];

/** Codes of rejected items in the collector's reply, with what each asks the sender to do. */
export const EVENT_REJECTIONS = {
  malformed: 'The item is not a JSON object; send one event per item.',
  unknown_event: 'The event type is not known; see the list of types.',
  invalid_event: 'A field is missing or has the wrong type; the detail names it.',
  territory_mismatch: 'The key writes for another territory; use the key of this one.',
  too_large: 'The item is larger than the limit; split or trim it.',
  future_skew: 'The event lies more than 15 minutes in the future; check the clock of its source.',
} as const;
/** A stable code of a rejected event. */
export type EventRejectionCode = keyof typeof EVENT_REJECTIONS;

/** Codes under which the worker sets a record aside. */
export const DEAD_LETTER_CODES = [
  'malformed',
  'invalid',
  'unknown_tenant',
  'too_late',
  'future_skew',
  'conflict',
  'store_validation',
  'exhausted',
] as const;
/** A stable code of a dead letter. */
export type DeadLetterCode = (typeof DEAD_LETTER_CODES)[number];
