import type { RequestHandler } from 'express';
import { HttpProblem } from '../http/problem.ts';
import type { RegionProxy } from './region-proxy.ts';
import { regionOfPrefixedId } from './resolve-region.ts';

const PREFIXED_PATH = /^\/(?:share|embed)\/([^/]*)/;

/**
 * Requests without a user's token: they belong to the region that begins the id which they name, and the table of regions
 * alone says where that is.
 */
export function forwardPrefixed(forwardTo: RegionProxy['forwardTo']): RequestHandler {
  return (request, response, next) => {
    const id = PREFIXED_PATH.exec(request.path)?.[1];
    if (id === undefined) {
      next();
      return;
    }
    const regionId = regionOfPrefixedId(id);
    if (regionId === undefined) throw new HttpProblem('not_found', 'There is nothing at this path.');
    forwardTo(regionId, request, response, next);
  };
}
