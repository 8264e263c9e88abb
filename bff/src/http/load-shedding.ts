import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RequestHandler } from 'express';
import onHeaders from 'on-headers';
import { HttpProblem } from './problem.ts';

/** From where on a process turns requests away rather than answering all of them late. */
export interface LoadLimits {
  /** Requests that may be under way at once; a live stream counts until it has begun. */
  readonly maxInFlight: number;
  /** How late the event loop may run, ms. */
  readonly maxLoopDelayMs: number;
}

/** What shedding needs to know. */
export interface LoadSheddingOptions extends LoadLimits {
  /** How late the event loop runs now, ms. */
  readonly loopDelayMs: () => number;
  readonly onShed?: () => void;
}

/** How late the event loop runs, measured all the time. */
export interface LoopDelay {
  readonly currentMs: () => number;
  readonly close: () => void;
}

const RESOLUTION_MS = 20;
const WINDOW_MS = 500;
const NANOSECONDS_PER_MS = 1e6;
/** What must be answered whatever the load: whether this process lives, and how it fares. */
const EXEMPT = new Set(['/healthz', '/readyz', '/metrics']);
const RETRY_SECONDS = 2;

/** Measures how late the event loop runs; one pause (a collection, a large reply) is no load, two windows in a row are. */
export function measureLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let before = 0;
  let last = 0;
  const timer = setInterval(() => {
    before = last;
    // The histogram holds the time between two looks, which is the resolution when nothing is late.
    last = histogram.count === 0 ? 0 : Math.max(0, histogram.mean / NANOSECONDS_PER_MS - RESOLUTION_MS);
    histogram.reset();
  }, WINDOW_MS);
  timer.unref();
  return {
    currentMs: () => Math.min(before, last),
    close: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}

/**
 * Turns requests away with `overloaded` before anything is done for them while too many are under way or the event loop
 * runs late. What is turned away counts for nobody.
 */
export function shedLoad(options: LoadSheddingOptions): RequestHandler {
  const { maxInFlight, maxLoopDelayMs, loopDelayMs, onShed } = options;
  let inFlight = 0;
  return (request, response, next) => {
    if (EXEMPT.has(request.path)) {
      next();
      return;
    }
    if (inFlight >= maxInFlight || loopDelayMs() > maxLoopDelayMs) {
      onShed?.();
      throw new HttpProblem('overloaded', 'This service has more to do than it can; try again in a moment.', {
        headers: { 'Retry-After': String(RETRY_SECONDS) },
      });
    }
    inFlight += 1;
    let isCounted = true;
    const leave = (): void => {
      if (isCounted) inFlight -= 1;
      isCounted = false;
    };
    response.once('close', leave);
    onHeaders(response, () => {
      // A stream lasts as long as somebody looks at it; it is no work that piles up.
      if (String(response.getHeader('content-type') ?? '').startsWith('text/event-stream')) leave();
    });
    next();
  };
}
