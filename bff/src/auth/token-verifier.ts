import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { Claims, IdentityKind } from '@lumina/contracts';
import { HttpProblem } from '../http/problem.ts';
import { ClaimsError, parseClaims } from './parse-claims.ts';
import { CLIENT_SUBJECT_PREFIX } from './trusted-issuer.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

/** What a token says, and what it stands for. */
export interface VerifiedClaims extends Claims {
  readonly kind: IdentityKind;
  /** Of a service or an embedding: which registered client. */
  readonly clientId?: string;
}

/** Turns a token into verified claims, or throws an `unauthenticated` problem. */
export interface TokenVerifier {
  verify: (token: string) => Promise<VerifiedClaims>;
}

/** How tokens are checked. */
export interface TokenVerifierOptions {
  /** The first whose issuer and types fit a token decides about it. */
  readonly issuers: readonly TrustedIssuer[];
  readonly claimNamespace: string;
}

interface Remembered {
  readonly claims: VerifiedClaims;
  readonly issuer: TrustedIssuer;
  readonly generation: number;
}

/** Verified tokens remembered; verifying RS256 costs far more than a hash. */
const CACHE_LIMIT = 5_000;
const CLOCK_TOLERANCE_SECONDS = 5;
/** Longer than any token of ours or of Auth0; whatever is longer is not even hashed. */
const MAX_TOKEN_LENGTH = 16_384;

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

/** What a token says of itself before anything is checked; only good for choosing who checks it. */
function introductionOf(token: string): { readonly issuer: unknown; readonly type: string } {
  try {
    return { issuer: decodeJwt(token).iss, type: (decodeProtectedHeader(token).typ ?? '').toLowerCase() };
  } catch (error) {
    throw new ClaimsError('This is no access token; sign in again.', { cause: error });
  }
}

function standsFor(kind: IdentityKind, claims: Claims): VerifiedClaims {
  if (kind === 'user') return { ...claims, kind };
  // Only people act for the platform, with a reason that one can ask them about.
  if (claims.roles.includes('super_admin')) throw new ClaimsError('Only a person can be super_admin.');
  if (!claims.sub.startsWith(CLIENT_SUBJECT_PREFIX)) throw new ClaimsError('The token names no client.');
  return { ...claims, kind, clientId: claims.sub.slice(CLIENT_SUBJECT_PREFIX.length) };
}

/** Verifies with the published keys of the trusted issuers. */
export function createTokenVerifier({ issuers, claimNamespace }: TokenVerifierOptions): TokenVerifier {
  const remembered = new Map<string, Remembered>();

  async function verifyAfresh(token: string): Promise<Remembered> {
    const { issuer: name, type } = introductionOf(token);
    const issuer = issuers.find((trusted) => trusted.issuer === name && trusted.types.has(type));
    if (issuer === undefined) throw new ClaimsError('The access token is not valid here; sign in again.');
    const { payload, protectedHeader } = await jwtVerify(token, issuer.keys, {
      algorithms: ['RS256'],
      issuer: issuer.issuer,
      audience: issuer.audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    const parsed = parseClaims(payload, claimNamespace);
    if (parsed.issuedAtSeconds > Date.now() / 1000 + CLOCK_TOLERANCE_SECONDS)
      throw new ClaimsError('The token was issued in the future.');
    const kind = typeof issuer.kind === 'function' ? issuer.kind(protectedHeader) : issuer.kind;
    const claims = standsFor(kind, parsed);
    if (!issuer.accepts(protectedHeader, claims))
      throw new ClaimsError('The access token is not valid here; sign in again.');
    return { claims, issuer, generation: issuer.generation?.() ?? 0 };
  }

  function remember(key: string, verified: Remembered): void {
    const [oldest] = remembered.keys();
    if (remembered.size >= CACHE_LIMIT && oldest !== undefined) remembered.delete(oldest);
    remembered.set(key, verified);
  }

  return {
    verify: async (token) => {
      if (token.length > MAX_TOKEN_LENGTH) throw refuse(undefined);
      const key = createHash('sha256').update(token).digest('base64');
      const known = remembered.get(key);
      const isCurrent = known !== undefined && known.generation === (known.issuer.generation?.() ?? 0);
      if (isCurrent && known.claims.exp * 1000 > Date.now()) return known.claims;
      remembered.delete(key);
      try {
        const verified = await verifyAfresh(token);
        remember(key, verified);
        return verified.claims;
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
