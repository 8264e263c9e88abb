import type { Request, RequestHandler } from 'express';
import { HttpProblem } from '../http/problem.ts';
import { resolveRegion } from '../regions/resolve-region.ts';
import type { Identity } from './identity.ts';
import { asTheyAre, scopeOfFacts } from './pseudonyms.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { TokenVerifier, VerifiedClaims } from './token-verifier.ts';

function bearerTokenOf(request: Request): string {
  const match = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '');
  if (match?.[1] === undefined) {
    throw new HttpProblem('unauthenticated', 'Send an access token: Authorization: Bearer <token>.', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  return match[1];
}

function toIdentity(claims: VerifiedClaims, request: Request, pseudonyms: Pseudonyms): Identity {
  const resolution = resolveRegion(claims, {
    territoryId: request.get('x-territory-id'),
    regionId: request.get('x-region-id'),
    reason: request.get('x-reason'),
  });
  if (resolution.kind === 'refused') throw new HttpProblem(resolution.code, resolution.detail);
  const { scope, clientId, signedInAtSeconds, profile } = claims;
  return {
    sub: claims.sub,
    kind: claims.kind,
    ...(clientId === undefined ? {} : { clientId }),
    territoryId: resolution.territoryId,
    regionId: resolution.regionId,
    roles: claims.roles,
    permissions: claims.permissions,
    expiresAtSeconds: claims.exp,
    issuedAtSeconds: claims.issuedAtSeconds,
    ...(signedInAtSeconds === undefined ? {} : { signedInAtSeconds }),
    ...(profile === undefined ? {} : { profile }),
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
