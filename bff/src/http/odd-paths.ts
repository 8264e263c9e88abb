import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.ts';

/**
 * Refuses paths that two servers could read differently: dot segments, doubled or encoded slashes. What the
 * distributor lets through as `/api/…` must be `/api/…` behind it too.
 */
export const refuseOddPaths: RequestHandler = (request, _response, next) => {
  const path = request.path.toLowerCase();
  const isOdd =
    path.includes('//') || path.includes('\\') || /%2f|%5c|%00/.test(path) || /\/(\.|%2e){1,2}(\/|$)/.test(path);
  if (isOdd) throw new HttpProblem('not_found', 'There is nothing at this path.');
  next();
};
