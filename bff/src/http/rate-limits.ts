import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { identityOf } from '../auth/identity.ts';
import type { Identity } from '../auth/identity.ts';
import { HttpProblem } from './problem.ts';
import { requestClassOf } from './request-class.ts';
import type { RequestClass } from './request-class.ts';

/** Requests a minute that one process takes. */
export interface RateLimitSizes {
  /** Of one person in one territory. */
  readonly user: number;
  /** Of one registered client, which speaks for many. */
  readonly service: number;
  /** Of all who ask for one territory together. */
  readonly territory: number;
}

/** Requests a minute by what they ask for. */
export type RateLimits = Readonly<Record<RequestClass, RateLimitSizes>>;

/** What to do about limits. */
export interface RateLimitOptions {
  readonly limits: RateLimits;
  readonly onLimited?: (what: RequestClass) => void;
}

const WINDOW_MS = 60_000;
const MS_PER_SECOND = 1_000;

/** Generous for people and boards, a stop for loops: a board of twelve widgets asks six to seventy times a minute. */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  reads: { user: 600, service: 1_200, territory: 20_000 },
  queries: { user: 600, service: 1_200, territory: 20_000 },
  writes: { user: 120, service: 240, territory: 2_000 },
  exports: { user: 10, service: 20, territory: 60 },
  live: { user: 120, service: 240, territory: 10_000 },
  reports: { user: 60, service: 60, territory: 5_000 },
};

/** One counter: who is counted together, and how often they may come within a minute. */
interface Counter {
  readonly name: string;
  readonly limit: number | ((request: Request) => number);
  readonly keyOf: (request: Request) => string;
  readonly onLimited: (() => void) | undefined;
}

function limited(seconds: number): HttpProblem {
  return new HttpProblem('rate_limited', `Too many requests; try again in ${String(seconds)} s.`, {
    headers: { 'Retry-After': String(seconds) },
  });
}

/** Counts requests in fixed windows of a minute; beyond the limit they answer `rate_limited`. Tells both in RateLimit headers (draft 8). */
export function limitRate({ name, limit, keyOf, onLimited }: Counter): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: typeof limit === 'number' ? limit : (request) => limit(request),
    identifier: name,
    keyGenerator: (request) => keyOf(request),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request, _response, next) => {
      onLimited?.();
      const { resetTime } = (request as Request & { readonly rateLimit: { readonly resetTime?: Date } }).rateLimit;
      const waitMs = resetTime === undefined ? WINDOW_MS : resetTime.getTime() - Date.now();
      next(limited(Math.max(1, Math.ceil(waitMs / MS_PER_SECOND))));
    },
    // What it would check are mistakes with addresses, which are no keys here.
    validate: false,
  });
}

/** A separator that no subject can hold, so that no two callers share a key. */
function userKey({ territoryId, sub }: Identity): string {
  return `${String(territoryId)} ${sub}`;
}

/**
 * Middleware behind authentication: how often one caller, and a whole territory, may ask. Callers are told apart by who they
 * are and never by their address, which a whole office shares. One who is stopped takes nothing from the territory's share.
 */
export function limitRates({ limits, onLimited }: RateLimitOptions): RequestHandler {
  const byClass = Object.fromEntries(
    Object.entries(limits).map(([key, sizes]) => {
      const what = key as RequestClass;
      const told =
        onLimited === undefined
          ? undefined
          : () => {
              onLimited(what);
            };
      const byUser = limitRate({
        name: `${what}-user`,
        limit: (request) => (identityOf(request).kind === 'user' ? sizes.user : sizes.service),
        keyOf: (request) => userKey(identityOf(request)),
        onLimited: told,
      });
      const byTerritory = limitRate({
        name: `${what}-territory`,
        limit: sizes.territory,
        keyOf: (request) => String(identityOf(request).territoryId),
        onLimited: told,
      });
      return [what, { byUser, byTerritory }];
    }),
  ) as Record<RequestClass, { readonly byUser: RequestHandler; readonly byTerritory: RequestHandler }>;
  return (request, response, next) => {
    const { byUser, byTerritory } = byClass[requestClassOf(request)];
    void byUser(request, response, (error?: unknown) => {
      if (error === undefined) void byTerritory(request, response, next);
      else next(error);
    });
  };
}
