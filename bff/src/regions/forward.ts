import type { NextFunction, Request, Response } from 'express';
import { HttpProblem } from '../http/problem.ts';
import { attemptOf, failOnce } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { isBulkChange, maxBodyBytes, watchLength } from './kept-body.ts';
import { codeOf, isConnectFailure, problemOf, unavailable } from './region-failure.ts';
import type { Upstream } from './upstream.ts';

const MAX_ATTEMPTS = 2;
/** A region that closes its connections closes many at once: those who come back come one after the other. */
const RETRY_SPREAD_MS = 100;
const SAFE_METHODS = new Set(['GET', 'HEAD']);
/** Read as the regions read it. */
const STREAM_PATH = /^\/api\/live\/?$/i;
/** Asks and changes nothing. What is recorded as having been read (`/api/rows/query`) is not asked for twice. */
const READ_PATH = /^\/api\/metrics\/query\/?$/i;

/** Whether a request changes nothing, so that it may be made twice if its body is known. */
export function isPureRead({ method, path }: Request): boolean {
  return method === 'POST' && READ_PATH.test(path);
}

function mayRepeat(error: unknown, request: Request, response: Response): boolean {
  const attempt = attemptOf(request);
  const isLostOnReuse = attempt.isOnReusedSocket && codeOf(error) === 'ECONNRESET';
  const isSafe = SAFE_METHODS.has(request.method) || (isPureRead(request) && attempt.body !== undefined);
  return (
    isSafe &&
    !attempt.isTimedOut &&
    attempt.count < MAX_ATTEMPTS &&
    !response.headersSent &&
    (isLostOnReuse || isConnectFailure(error))
  );
}

function repeat(error: unknown, upstream: Upstream, request: Request, response: Response, next: NextFunction): void {
  const { breaker } = upstream;
  if (isConnectFailure(error)) breaker.failed();
  else breaker.abandoned();
  // By full jitter.
  const timer = setTimeout(() => {
    if (breaker.tryPass()) forward(upstream, request, response, next);
    else next(unavailable(breaker, error));
  }, Math.random() * RETRY_SPREAD_MS);
  attemptOf(request).cancel = (): void => {
    clearTimeout(timer);
  };
}

function handleFailure(
  error: unknown,
  upstream: Upstream,
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (response.destroyed || error instanceof HttpProblem) upstream.breaker.abandoned();
  if (response.destroyed) return;
  // The caller's fault.
  if (error instanceof HttpProblem) next(error);
  else if (mayRepeat(error, request, response)) repeat(error, upstream, request, response, next);
  else next(problemOf(error, attemptOf(request), upstream.breaker));
}

/** Each try is a span of its own, and what the region records lies below it. */
function beginSpan(attempt: Attempt, request: Request, { regionId }: Upstream): void {
  const span = (attempt.span = request.span?.child('region', 'client'));
  span?.set({ 'lumina.region_id': regionId, 'lumina.attempt': attempt.count });
  if (span !== undefined) request.headers['traceparent'] = span.traceparent;
}

/** What is too long to be held here is passed on as it comes. */
function passBulkChange(upstream: Upstream, request: Request, response: Response): void {
  upstream.passKept(request, response);
  watchLength(request, maxBodyBytes(request), (problem) => {
    attemptOf(request).cancel?.();
    failOnce(request, problem);
  });
}

/** Sends a request to one region, at most twice where that is safe, and never to another. */
export function forward(upstream: Upstream, request: Request, response: Response, next: NextFunction): void {
  const attempt = attemptOf(request);
  attempt.count += 1;
  beginSpan(attempt, request, upstream);
  attempt.fail = (error) => {
    handleFailure(error, upstream, request, response, next);
  };
  const isStream = request.method === 'POST' && STREAM_PATH.test(request.path);
  if (isStream) upstream.passStream(request, response, attempt.body);
  else if (isBulkChange(request)) passBulkChange(upstream, request, response);
  else if (attempt.body !== undefined) upstream.passKept(request, response, attempt.body);
  else
    void upstream.proxy(request, response, (error?: unknown) => {
      failOnce(request, error ?? new Error('The proxy passed the request on.'));
    });
}
