import { PROBLEMS } from '@lumina/contracts';
import type { Problem, ProblemCode } from '@lumina/contracts';

/** What may go with a problem besides its code and detail. */
export interface HttpProblemOptions {
  /** Another status than the code's usual one, e.g. 400 instead of 422 for a body that is no JSON. */
  readonly status?: number;
  /** Response headers, e.g. `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the body (RFC 9457 §3.2), e.g. `current` and `submitted` of a conflict. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error that the API answers as an RFC 9457 problem. Its detail is shown to the caller: no secrets, no other tenant. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail: string, options: HttpProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HttpProblem';
    this.code = code;
    this.status = options.status ?? PROBLEMS[code].status;
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }

  /** Whether sending the same request again later can succeed. */
  get isRetriable(): boolean {
    return this.status === 429 || this.status >= 502;
  }

  /** The body to send. */
  toBody(requestId: string): Problem {
    return {
      ...this.extensions,
      type: `urn:lumina:problem:${this.code}`,
      title: PROBLEMS[this.code].title,
      status: this.status,
      detail: this.message,
      code: this.code,
      requestId,
    };
  }
}
