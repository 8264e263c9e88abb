import type { Request, RequestHandler } from 'express';
import type { Claims } from '@lumina/contracts';
import { HttpProblem } from '../http/problem.ts';
import { resolveRegion } from '../regions/resolve-region.ts';
import type { Identity } from './identity.ts';
import { asTheyAre, scopeOfFacts } from './pseudonyms.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { TokenVerifier } from './token-verifier.ts';

function bearerTokenOf(request: Request): string {
  const match = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '');
  if (match?.[1] === undefined) {
    throw new HttpProblem('unauthenticated', 'Send an access token: Authorization: Bearer <token>.', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  return match[1];
}

function toIdentity(claims: Claims, request: Request, pseudonyms: Pseudonyms): Identity {
  const resolution = resolveRegion(claims, {
    territoryId: request.get('x-territory-id'),
    regionId: request.get('x-region-id'),
    reason: request.get('x-reason'),
  });
  if (resolution.kind === 'refused') throw new HttpProblem(resolution.code, resolution.detail);
  const { scope } = claims;
  return {
    sub: claims.sub,
    territoryId: resolution.territoryId,
    regionId: resolution.regionId,
    roles: claims.roles,
    permissions: claims.permissions,
    expiresAtSeconds: claims.exp,
    ...(scope === undefined ? {} : { scope: scopeOfFacts(scope, pseudonyms(resolution.territoryId)) }),
    ...(resolution.reason === undefined ? {} : { reason: resolution.reason }),
  };
}

/**
 * Middleware that verifies the token and settles territory and region; `request.identity` is there afterwards, its scope
 * with ids as facts have them.
 */
export function authenticate(verifier: TokenVerifier, pseudonyms: Pseudonyms = asTheyAre): RequestHandler {
  return async (request, _response, next) => {
    const claims = await verifier.verify(bearerTokenOf(request));
    request.identity = toIdentity(claims, request, pseudonyms);
    next();
  };
}
