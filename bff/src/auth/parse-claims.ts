import { Compile } from 'typebox/compile';
import { TokenClaimsSchema } from '@lumina/contracts/schemas';
import { PERMISSIONS, permissionsOf } from '@lumina/contracts';
import type { Claims, Profile } from '@lumina/contracts';
import type { TokenClaims } from '@lumina/contracts/schemas';

const tokenClaims = Compile(TokenClaimsSchema);
const REGISTERED_CLAIMS = ['sub', 'exp', 'iat', 'auth_time'] as const;
const OWN_CLAIMS = ['territory_id', 'region_id', 'roles', 'permissions', 'lumina_scope'] as const;

const MAX_NAME_LENGTH = 200;
const MAX_EMAIL_LENGTH = 320;

/** Why a payload is no usable identity; the text names claims, never their values. */
export class ClaimsError extends Error {
  readonly code = 'bad_claims';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClaimsError';
  }
}

/** Takes each own claim from its plain or its namespaced name; both with different values is a contradiction. */
function withoutNamespaces(payload: Readonly<Record<string, unknown>>, namespace: string): Record<string, unknown> {
  const claims: Record<string, unknown> = {};
  for (const name of REGISTERED_CLAIMS) if (payload[name] !== undefined) claims[name] = payload[name];
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

/** Text that a person is shown by. What does not fit is left out, since no right hangs on it. */
function displayed(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' || text.length > maxLength || !text.isWellFormed() || /\p{Cc}/u.test(text) ? undefined : text;
}

function profileOf(payload: Readonly<Record<string, unknown>>, namespace: string): Profile | undefined {
  const name = displayed(payload['name'] ?? payload[`${namespace}name`], MAX_NAME_LENGTH);
  const email = displayed(payload['email'] ?? payload[`${namespace}email`], MAX_EMAIL_LENGTH);
  if (name === undefined && email === undefined) return undefined;
  return { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
}

/** What no store can keep: NUL and half characters, as JSON writes them. */
const ODD_TEXT = /\\u0000|\\ud[89a-f]/;

function toClaims(token: TokenClaims, profile: Profile | undefined): Claims {
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
    issuedAtSeconds: token.iat ?? 0,
    ...(token.auth_time === undefined ? {} : { signedInAtSeconds: token.auth_time }),
    ...(profile === undefined ? {} : { profile }),
    ...(token.territory_id === undefined ? {} : { territoryId: Number(token.territory_id) }),
    ...(token.region_id === undefined ? {} : { regionId: Number(token.region_id) }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** The claims of a verified payload, or a {@link ClaimsError}: what does not fit the schema is refused, never mended. */
export function parseClaims(payload: Readonly<Record<string, unknown>>, namespace: string): Claims {
  const claims = withoutNamespaces(payload, namespace);
  if (ODD_TEXT.test(JSON.stringify(claims))) throw new ClaimsError('The token holds text that is none.');
  if (!tokenClaims.Check(claims)) {
    const [first] = tokenClaims.Errors(claims);
    throw new ClaimsError(
      `The token's claims do not fit: ${first?.instancePath ?? ''} ${first?.message ?? 'invalid'}.`,
    );
  }
  return toClaims(claims, profileOf(payload, namespace));
}
