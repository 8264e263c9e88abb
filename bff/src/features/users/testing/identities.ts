import { permissionsOf } from '@lumina/contracts';
import type { Role } from '@lumina/contracts';
import type { Identity } from '../../../auth/identity.ts';

/** An identity of territory 101 in region 1, as a token gives it. */
export function tokenIdentity(fields: Partial<Identity> = {}): Identity {
  const roles: readonly Role[] = fields.roles ?? ['viewer'];
  return {
    sub: 'auth0|viewer',
    kind: 'user',
    territoryId: 101,
    regionId: 1,
    roles,
    permissions: permissionsOf(roles),
    expiresAtSeconds: 4_000_000_000,
    issuedAtSeconds: 1_000,
    ...fields,
  };
}
