import type { JWTHeaderParameters, JWTVerifyGetKey } from 'jose';
import type { Claims, IdentityKind } from '@lumina/contracts';
import type { AuthConfig } from '../config.ts';
import { createKeySet } from './key-set.ts';
import type { KeySetOptions } from './key-set.ts';

/** Who may issue tokens, for what, and which of them count. */
export interface TrustedIssuer {
  /** Exactly as in the claim `iss`. */
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
  /** Another number means that the keys changed: what was verified before is verified again. Absent: they never change. */
  readonly generation?: () => number;
  /** Header types in lower case; a token of another type is refused, so that no kind of token passes for another. */
  readonly types: ReadonlySet<string>;
  /** What kind of identity its tokens stand for; only `user` may be super_admin. */
  readonly kind: IdentityKind | ((header: JWTHeaderParameters) => IdentityKind);
  /** Called once the signature has been checked; `false` refuses the token. */
  readonly accepts: (header: JWTHeaderParameters, claims: Claims) => boolean;
}

/** Subjects that this service gives to clients of its own. */
export const CLIENT_SUBJECT_PREFIX = 'client|';

/** RFC 9068 access tokens, and the plain `JWT` that Auth0 still writes. */
const ACCESS_TOKEN_TYPES: ReadonlySet<string> = new Set(['at+jwt', 'application/at+jwt', 'jwt']);

/** The identity provider of people. */
export function peopleIssuer(config: AuthConfig, options: KeySetOptions = {}): TrustedIssuer {
  const keySet = createKeySet(config.jwksUrl, options);
  return {
    issuer: config.issuer,
    audience: config.audience,
    keys: keySet.find,
    generation: keySet.generation,
    types: ACCESS_TOKEN_TYPES,
    kind: 'user',
    // Nobody signs in as one of our own clients, whatever a connection of the identity provider calls its accounts.
    accepts: (_header, claims) => !claims.sub.startsWith(CLIENT_SUBJECT_PREFIX),
  };
}
