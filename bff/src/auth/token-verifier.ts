import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import type { Claims } from '@lumina/contracts';
import type { AuthConfig } from '../config.ts';
import { HttpProblem } from '../http/problem.ts';
import { ClaimsError, parseClaims } from './parse-claims.ts';

/** Turns a token into verified claims, or throws an `unauthenticated` problem. */
export interface TokenVerifier {
  verify: (token: string) => Promise<Claims>;
}

/** Verified tokens remembered; verifying RS256 costs far more than a hash. */
const CACHE_LIMIT = 5_000;
const CLOCK_TOLERANCE_SECONDS = 5;
/** RFC 9068 access tokens, and the plain `JWT` that Auth0 still writes. */
const ACCEPTED_TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt']);

function refuse(cause: unknown): HttpProblem {
  const isExpired = cause instanceof errors.JWTExpired;
  const detail = isExpired
    ? 'The access token has expired; sign in again.'
    : cause instanceof ClaimsError
      ? cause.message
      : 'The access token is not valid here; sign in again.';
  return new HttpProblem('unauthenticated', detail, {
    cause,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}

function isTokenFault(error: unknown): boolean {
  if (error instanceof ClaimsError) return true;
  // A key set that cannot be fetched is our trouble, not the caller's.
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    error.code !== 'ERR_JOSE_GENERIC' &&
    error.code !== 'ERR_JWKS_INVALID'
  );
}

/** Verifies with the issuer's published keys. `keys` replaces them in tests. */
export function createTokenVerifier(
  config: AuthConfig,
  keys: JWTVerifyGetKey = createRemoteJWKSet(new URL(config.jwksUrl)),
): TokenVerifier {
  const remembered = new Map<string, Claims>();

  async function verifyAfresh(token: string): Promise<Claims> {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: config.issuer,
      audience: config.audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    if (!ACCEPTED_TYPES.has((protectedHeader.typ ?? '').toLowerCase()))
      throw new ClaimsError('The token is not an access token.');
    return parseClaims(payload, config.claimNamespace);
  }

  return {
    verify: async (token) => {
      const key = createHash('sha256').update(token).digest('base64');
      const known = remembered.get(key);
      if (known !== undefined && known.exp * 1000 > Date.now()) return known;
      remembered.delete(key);
      try {
        const claims = await verifyAfresh(token);
        const [oldest] = remembered.keys();
        if (remembered.size >= CACHE_LIMIT && oldest !== undefined) remembered.delete(oldest);
        remembered.set(key, claims);
        return claims;
      } catch (error) {
        if (isTokenFault(error)) throw refuse(error);
        throw new HttpProblem('overloaded', 'The keys of the identity provider cannot be read; try again shortly.', {
          cause: error,
          headers: { 'Retry-After': '5' },
        });
      }
    },
  };
}
