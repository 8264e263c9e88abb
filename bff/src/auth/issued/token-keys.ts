import type { JWK } from 'jose';
import { isRegionId } from '@lumina/contracts';
import type { RegionId } from '@lumina/contracts';

/** The public half of a key as it is published, and nothing else. */
export interface PublishedKey {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly alg: 'RS256';
  readonly use: 'sig';
}

/** `iss` of every token that this service issues; which region issued it, its key says. */
export const TOKEN_ISSUER = 'urn:lumina:bff';
/** Where the public keys are published. */
export const KEYS_PATH = '/.well-known/lumina-embed.json';

const KID = /^r([1-6])-[A-Za-z0-9_-]{1,100}$/;
/** A key of 2,048 bits has 342 digits; what is shorter is too weak. */
const SHORTEST_MODULUS = 342;
const LONGEST_MODULUS = 1_366;

/** The region whose tokens a key may sign; undefined for a name that is none of ours. */
export function regionOfKey(kid: string | undefined): RegionId | undefined {
  const region = Number(KID.exec(kid ?? '')?.[1]);
  return isRegionId(region) ? region : undefined;
}

/** The public half of a key of a region; undefined where it is no such key. Private members are never copied. */
export function publishedKeyOf(jwk: JWK, regionId: RegionId): PublishedKey | undefined {
  const { kty, n, e, kid } = jwk;
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string' || typeof kid !== 'string') return undefined;
  const isStrong = n.length >= SHORTEST_MODULUS && n.length <= LONGEST_MODULUS;
  if (!isStrong || regionOfKey(kid) !== regionId) return undefined;
  return { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' };
}
