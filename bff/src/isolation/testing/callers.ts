import { permissionsOf } from '@lumina/contracts';
import type { Permission, Role } from '@lumina/contracts';
import type { LocalIssuer } from '../../testing/local-issuer.ts';
import { DISABLED_SUBJECT, SERVICE_CLIENT, SERVICE_SECRET } from './marked-people.ts';
import { FOREIGN_MARKS } from './marked-rows.ts';
import { OUTSIDE_MARK, OWN, PRIVATE_MARK, REGION_2_MARK, SCOPE } from './territories.ts';
import type { MarkedTerritory } from './territories.ts';
import type { Wire } from './wire.ts';

/** Somebody who asks. */
export interface Caller {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: is not let in at all. */
  readonly permissions?: readonly Permission[];
  /** What no answer to them may contain. */
  readonly forbidden: readonly string[];
}

const ALWAYS = [...FOREIGN_MARKS, REGION_2_MARK];

async function person(
  issuer: LocalIssuer,
  { id, regionId }: MarkedTerritory,
  {
    name,
    role,
    claims = {},
    forbidden,
  }: { name: string; role: Role; claims?: Readonly<Record<string, unknown>>; forbidden: readonly string[] },
): Promise<Caller> {
  const permissions = permissionsOf([role]);
  const isSuperAdmin = role === 'super_admin';
  const token = await issuer.sign({
    sub: `auth0|${name}`,
    roles: [role],
    permissions,
    ...(isSuperAdmin ? { territory_id: undefined, region_id: undefined } : { territory_id: id, region_id: regionId }),
    ...claims,
  });
  const acting = { 'X-Territory-Id': String(id), 'X-Region-Id': String(regionId), 'X-Reason': 'attack' };
  return {
    name,
    permissions,
    headers: { Authorization: `Bearer ${token}`, ...(isSuperAdmin ? acting : {}) },
    forbidden: [...ALWAYS, ...forbidden],
  };
}

/** People of a territory, from those with the fewest rights to those with the most. */
export function peopleOf(issuer: LocalIssuer, territory: MarkedTerritory = OWN): Promise<Caller[]> {
  const scoped = { lumina_scope: SCOPE };
  return Promise.all([
    person(issuer, territory, { name: 'viewer', role: 'viewer', forbidden: [PRIVATE_MARK] }),
    person(issuer, territory, {
      name: 'leader',
      role: 'editor',
      claims: scoped,
      forbidden: [PRIVATE_MARK, OUTSIDE_MARK],
    }),
    person(issuer, territory, { name: 'editor', role: 'editor', forbidden: [PRIVATE_MARK] }),
    person(issuer, territory, { name: 'chief', role: 'admin', claims: scoped, forbidden: [OUTSIDE_MARK] }),
    person(issuer, territory, { name: 'admin', role: 'admin', forbidden: [] }),
    person(issuer, territory, { name: 'super', role: 'super_admin', forbidden: [] }),
  ]);
}

/** Whoever is let in nowhere: without a token, and disabled. */
export async function strangers(issuer: LocalIssuer): Promise<Caller[]> {
  const disabled = await person(issuer, OWN, {
    name: 'disabled',
    role: 'admin',
    claims: { sub: DISABLED_SUBJECT },
    forbidden: [],
  });
  const { permissions: _permissions, ...refused } = disabled;
  return [
    { name: 'nobody', headers: {}, forbidden: [...ALWAYS, OWN.mark] },
    { ...refused, forbidden: [...ALWAYS, OWN.mark] },
  ];
}

/** A registered client of the own territory, with a scope, by a token that the service itself has issued. */
export async function serviceClient(wire: Wire, origin: string): Promise<Caller & { readonly token: string }> {
  const answer = await wire.send({
    origin,
    method: 'POST',
    path: '/oauth/token',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: SERVICE_CLIENT,
      client_secret: SERVICE_SECRET,
    }).toString(),
  });
  if (answer.status !== 200) throw new Error(`The client got no token: ${answer.body}`);
  const token = (JSON.parse(answer.body) as { access_token: string }).access_token;
  return {
    name: 'service',
    token,
    headers: { Authorization: `Bearer ${token}` },
    permissions: ['metrics:read', 'dashboards:read', 'directory:read'],
    forbidden: [...ALWAYS, PRIVATE_MARK, OUTSIDE_MARK],
  };
}
