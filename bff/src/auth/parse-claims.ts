import { Compile } from 'typebox/compile';
import { TokenClaimsSchema } from '@lumina/contracts/schemas';
import { PERMISSIONS, permissionsOf } from '@lumina/contracts';
import type { Claims } from '@lumina/contracts';
import type { TokenClaims } from '@lumina/contracts/schemas';

const tokenClaims = Compile(TokenClaimsSchema);
const OWN_CLAIMS = ['territory_id', 'region_id', 'roles', 'permissions', 'lumina_scope'] as const;

/** Why a payload is no usable identity; the text names claims, never their values. */
export class ClaimsError extends Error {
  readonly code = 'bad_claims';
  constructor(message: string) {
    super(message);
    this.name = 'ClaimsError';
  }
}

/** Takes each own claim from its plain or its namespaced name; both with different values is a contradiction. */
function withoutNamespaces(payload: Readonly<Record<string, unknown>>, namespace: string): Record<string, unknown> {
  const claims: Record<string, unknown> = { sub: payload.sub, exp: payload.exp };
  for (const name of OWN_CLAIMS) {
    const plain = payload[name];
    const namespaced = payload[namespace + name];
    if (plain !== undefined && namespaced !== undefined && JSON.stringify(plain) !== JSON.stringify(namespaced)) {
      throw new ClaimsError(`The claims ${name} and ${namespace}${name} contradict each other.`);
    }
    // Not `??`: a scope of null must reach the schema and be refused, or it would read as no limit at all.
    const value = plain === undefined ? namespaced : plain;
    if (value !== undefined) claims[name] = value;
  }
  return claims;
}

function toClaims(token: TokenClaims): Claims {
  const isSuperAdmin = token.roles.includes('super_admin');
  if (!isSuperAdmin && token.territory_id === undefined) throw new ClaimsError('The token names no territory.');
  const byRole = permissionsOf(token.roles);
  const scope = token.lumina_scope;
  return {
    sub: token.sub,
    roles: token.roles,
    // A token can narrow what its roles allow, never widen it.
    permissions: PERMISSIONS.filter(
      (permission) => byRole.includes(permission) && token.permissions.includes(permission),
    ),
    exp: token.exp,
    ...(token.territory_id === undefined ? {} : { territoryId: Number(token.territory_id) }),
    ...(token.region_id === undefined ? {} : { regionId: Number(token.region_id) }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** The claims of a verified payload, or a {@link ClaimsError}: what does not fit the schema is refused, never mended. */
export function parseClaims(payload: Readonly<Record<string, unknown>>, namespace: string): Claims {
  const claims = withoutNamespaces(payload, namespace);
  if (!tokenClaims.Check(claims)) {
    const [first] = tokenClaims.Errors(claims);
    throw new ClaimsError(
      `The token's claims do not fit: ${first?.instancePath ?? ''} ${first?.message ?? 'invalid'}.`,
    );
  }
  return toClaims(claims);
}
