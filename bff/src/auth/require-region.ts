import type { RequestHandler } from 'express';
import type { RegionId } from '@lumina/contracts';
import { HttpProblem } from '../http/problem.ts';
import { identityOf } from './identity.ts';

/** Middleware of a regional BFF: whoever routed it, a request of another region is refused. */
export function requireRegion(regionId: RegionId): RequestHandler {
  return (request, _response, next) => {
    if (identityOf(request).regionId !== regionId) {
      throw new HttpProblem('territory_mismatch', 'This region does not answer for the region of the token.');
    }
    next();
  };
}
