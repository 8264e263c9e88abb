import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Span } from '../telemetry/tracing.ts';

/** What is known about one request to a region while it is under way. */
export interface Attempt {
  count: number;
  isTimedOut: boolean;
  isOnReusedSocket: boolean;
  timer?: NodeJS.Timeout;
  /** What is sent, where it was read before: such a request may be repeated. */
  body?: Buffer | undefined;
  /** Gives up what is under way for it. */
  cancel?: (() => void) | undefined;
  /** Of this try, where the request is recorded. */
  span?: Span | undefined;
  /** Answers a failure, at most once per attempt: the proxy reports some twice and some only by its event. */
  fail?: ((error: unknown) => void) | undefined;
}

const attempts = new WeakMap<IncomingMessage, Attempt>();

/** The attempt of a request, begun if need be. */
export function attemptOf(request: IncomingMessage): Attempt {
  const known = attempts.get(request);
  if (known !== undefined) return known;
  const fresh: Attempt = { count: 0, isTimedOut: false, isOnReusedSocket: false };
  attempts.set(request, fresh);
  return fresh;
}

/** Hands a failure to whoever answers it. */
export function failOnce(request: IncomingMessage, error: unknown): void {
  const attempt = attemptOf(request);
  const { fail } = attempt;
  attempt.fail = undefined;
  attempt.span?.end('failed');
  fail?.(error);
}

/** Gives up on a region that does not begin its answer; {@link disarmTimer} once it has. */
export function armTimer(proxyReq: ClientRequest, request: IncomingMessage, timeoutMs: number): void {
  const attempt = attemptOf(request);
  attempt.isOnReusedSocket = proxyReq.reusedSocket;
  clearTimeout(attempt.timer);
  // A timeout of the proxy surfaces as ECONNRESET; the own timer tells it from a real reset.
  attempt.timer = setTimeout(() => {
    attempt.isTimedOut = true;
    proxyReq.destroy(new Error('The region did not begin its answer in time.'));
  }, timeoutMs);
  proxyReq.once('close', () => {
    clearTimeout(attempt.timer);
  });
}

/** The answer has begun. */
export function disarmTimer(request: IncomingMessage): void {
  clearTimeout(attemptOf(request).timer);
}
