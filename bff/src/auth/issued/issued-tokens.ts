import { createLocalJWKSet, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import type { TrustedIssuer } from '../trusted-issuer.ts';
import type { SigningKeys } from './signing-keys.ts';
import { TOKEN_ISSUER, regionOfKey } from './token-keys.ts';

/** RFC 9068, and nothing else: these are our own. */
const TYPES: ReadonlySet<string> = new Set(['at+jwt']);

/** Keys by which tokens of registered clients are checked. */
export interface IssuedTokenKeys {
  readonly find: JWTVerifyGetKey;
  readonly generation?: () => number;
}

/** Trusts the tokens that this service issues itself; the key of a region only for that region. */
export function issuedTokens(audience: string, { find, generation }: IssuedTokenKeys): TrustedIssuer {
  return {
    issuer: TOKEN_ISSUER,
    audience,
    keys: find,
    ...(generation === undefined ? {} : { generation }),
    types: TYPES,
    kind: 'service',
    accepts: ({ kid }, { regionId, sub }) => {
      const region = regionOfKey(kid);
      return region !== undefined && region === regionId && sub.startsWith(`client|r${String(region)}_`);
    },
  };
}

/** The keys of the own region, for a regional BFF. */
export function ownKeys(keys: (() => Promise<SigningKeys>) | undefined): IssuedTokenKeys {
  return {
    find: async (header, token) => {
      // Without keys this region issues nothing, so whatever names it as the issuer is forged.
      if (keys === undefined) throw new errors.JWKSNoMatchingKey();
      const { published } = await keys();
      return createLocalJWKSet({ keys: published.map((key) => ({ ...key })) })(header, token);
    },
  };
}
