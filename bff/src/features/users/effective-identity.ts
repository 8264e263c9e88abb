import { permissionsOf } from '@lumina/contracts';
import type { RowScope } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import type { AccessRecord } from './access-register.ts';

/** Why an identity is not let in. */
export type Refusal = 'unknown_territory' | 'disabled' | 'outdated';

const SCOPE_KEYS = ['queues', 'teams', 'agents'] as const;

/** What both scopes allow, key by key; a key that one of them lacks is limited by the other alone. */
export function intersectScopes(one: RowScope | undefined, other: RowScope | undefined): RowScope | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const both: { -readonly [Key in keyof RowScope]: RowScope[Key] } = {};
  for (const key of SCOPE_KEYS) {
    const allowed = one[key] === undefined ? other[key] : one[key].filter((id) => other[key]?.includes(id) ?? true);
    if (allowed !== undefined) both[key] = [...new Set(allowed)];
  }
  return both;
}

/** Whether nobody with `inner` sees a row that `outer` does not allow. */
export function isWithinScope(inner: RowScope | undefined, outer: RowScope | undefined): boolean {
  return SCOPE_KEYS.every((key) => {
    const limit = outer?.[key];
    return limit === undefined || (inner?.[key]?.every((id) => limit.includes(id)) ?? false);
  });
}

/** Whether the identity works in a territory that is not its own. */
export function isActing({ kind, roles }: Pick<Identity, 'kind' | 'roles'>): boolean {
  return kind === 'user' && roles.includes('super_admin');
}

/** The identity that holds in the territory: the token, with what the territory says of it. */
export function effectiveIdentity(identity: Identity, record: AccessRecord): Identity | Refusal {
  // Whoever acts for the platform is under no territory's orders, but can only visit one that is here.
  if (isActing(identity)) return record.isTerritoryKnown ? identity : 'unknown_territory';
  if (record.isDisabled) return 'disabled';
  if (record.validFromSeconds !== undefined && identity.issuedAtSeconds < record.validFromSeconds) return 'outdated';
  const roles = record.roles?.filter((role) => role !== 'super_admin');
  const permissions = roles === undefined ? identity.permissions : permissionsOf(roles);
  const scope = intersectScopes(identity.scope, record.scope);
  return {
    ...identity,
    roles: roles ?? identity.roles,
    permissions: permissions.filter((permission) => record.permissions?.includes(permission) ?? true),
    ...(scope === undefined ? {} : { scope }),
  };
}
