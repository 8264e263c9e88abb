import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { ROLES, ROLE_PERMISSIONS } from '@lumina/contracts';
import type { Permission, RegionId, Role, RowScope } from '@lumina/contracts';
import { CLIENT_SUBJECT_PREFIX } from '../trusted-issuer.ts';
import type { SigningKeys } from './signing-keys.ts';
import { TOKEN_ISSUER } from './token-keys.ts';

/** Whom a token is for and what it lets them do. */
export interface ServiceTokenGrant {
  readonly clientId: string;
  readonly territoryId: number;
  readonly regionId: RegionId;
  readonly permissions: readonly Permission[];
  readonly scope?: RowScope;
}

/** How long a token of a registered client is valid, seconds. */
export const SERVICE_TOKEN_SECONDS = 900;

/** The weakest role that holds all of some permissions: a token carries no more than it needs. */
function roleFor(permissions: readonly Permission[]): Role {
  const fits = (role: Role): boolean => permissions.every((name) => ROLE_PERMISSIONS[role].includes(name));
  return ROLES.find((role) => role !== 'super_admin' && fits(role)) ?? 'viewer';
}

/** Signs an access token (RFC 9068) of a registered client. */
export function issueServiceToken(keys: SigningKeys, audience: string, grant: ServiceTokenGrant): Promise<string> {
  const { clientId, territoryId, regionId, permissions, scope } = grant;
  return new SignJWT({
    client_id: clientId,
    territory_id: territoryId,
    region_id: regionId,
    roles: [roleFor(permissions)],
    permissions: [...permissions],
    ...(scope === undefined ? {} : { lumina_scope: scope }),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: keys.kid })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(audience)
    .setSubject(CLIENT_SUBJECT_PREFIX + clientId)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${String(SERVICE_TOKEN_SECONDS)} s`)
    .sign(keys.privateKey);
}
