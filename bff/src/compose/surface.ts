import type { RequestHandler } from 'express';
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { AppParts } from '../app.ts';
import type { BffConfig } from '../config.ts';
import { measureLoopDelay } from '../http/load-shedding.ts';
import { limitRates } from '../http/rate-limits.ts';

/** How one process defends itself against too much. */
export interface Surface {
  readonly parts: Pick<AppParts, 'load' | 'pageFrameAncestors' | 'corsOrigins' | 'issuer'>;
  /** Limits how often a caller asks; to be put behind authentication. */
  readonly limitCallers: RequestHandler;
  readonly close: () => void;
}

const passOn: RequestHandler = (_request, _response, next) => {
  next();
};

/** Wires limits and load shedding; what is turned away is counted where there is a registry. */
export function createSurface({ surface, auth, corsOrigins }: BffConfig, registry?: Registry): Surface {
  const refused =
    registry === undefined
      ? undefined
      : new Counter({
          name: 'lumina_http_refused_total',
          help: 'Requests that were turned away: rate_limited by what they ask for, overloaded whatever they ask for.',
          labelNames: ['reason', 'what'],
          registers: [registry],
        });
  const load = surface?.load;
  const delay = load === undefined ? undefined : measureLoopDelay();
  return {
    parts: {
      issuer: auth.issuer,
      corsOrigins,
      pageFrameAncestors: surface?.pageFrameAncestors ?? [],
      ...(load === undefined || delay === undefined
        ? {}
        : {
            load: {
              ...load,
              loopDelayMs: delay.currentMs,
              onShed: () => refused?.inc({ reason: 'overloaded', what: 'any' }),
            },
          }),
    },
    limitCallers:
      surface?.rateLimits === undefined
        ? passOn
        : limitRates({
            limits: surface.rateLimits,
            onLimited: (what) => refused?.inc({ reason: 'rate_limited', what }),
          }),
    close: () => delay?.close(),
  };
}
