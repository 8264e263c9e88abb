/** Roles, weakest first; each includes the permissions of those before it. */
export const ROLES = ['viewer', 'editor', 'admin', 'super_admin'] as const;
/** A role a user can hold. */
export type Role = (typeof ROLES)[number];

/** Every permission the API checks. */
export const PERMISSIONS = [
  'metrics:read',
  'dashboards:read',
  'directory:read',
  'facts:read',
  'dashboards:write',
  'alerts:write',
  'users:write',
  'scopes:write',
  'keys:write',
  'shares:write',
  'settings:write',
  'audit:read',
  'system:read',
] as const;
/** A single right, as it appears in the `permissions` claim. */
export type Permission = (typeof PERMISSIONS)[number];

const VIEWER: readonly Permission[] = ['metrics:read', 'dashboards:read', 'directory:read', 'facts:read'];
const EDITOR: readonly Permission[] = [...VIEWER, 'dashboards:write', 'alerts:write'];
const ADMIN: readonly Permission[] = [
  ...EDITOR,
  'users:write',
  'scopes:write',
  'keys:write',
  'shares:write',
  'settings:write',
  'audit:read',
];

/** What each role may do. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = Object.freeze({
  viewer: VIEWER,
  editor: EDITOR,
  admin: ADMIN,
  super_admin: [...ADMIN, 'system:read'],
});

/** The union of the permissions of some roles, in the order of {@link PERMISSIONS}; unknown roles give nothing. */
export function permissionsOf(roles: readonly string[]): Permission[] {
  const granted = new Set<Permission>();
  for (const role of ROLES) {
    if (roles.includes(role)) for (const permission of ROLE_PERMISSIONS[role]) granted.add(permission);
  }
  return PERMISSIONS.filter((permission) => granted.has(permission));
}

/**
 * The rows an identity may see inside its territory. Keys are independent: absent means no limit, an empty list means
 * nothing.
 */
export interface RowScope {
  readonly queues?: readonly string[];
  readonly teams?: readonly string[];
  readonly agents?: readonly string[];
}

/** Whether a token stands for a person, for a program, or for one viewer of an embedded board. */
export type IdentityKind = 'user' | 'service' | 'embed';

/** What a token tells of a person for others to recognise them by: personal data. */
export interface Profile {
  readonly name?: string;
  readonly email?: string;
}

/** The claims of a verified access token, after parsing: numbers are numbers, namespaces are gone. */
export interface Claims {
  readonly sub: string;
  /** Absent only for super_admin, who names a territory per request. */
  readonly territoryId?: number;
  /** As the token says; not yet checked against {@link REGIONS}. */
  readonly regionId?: number;
  readonly roles: readonly Role[];
  readonly permissions: readonly Permission[];
  readonly scope?: RowScope;
  /** Expiry, seconds since the epoch. */
  readonly exp: number;
  /** When it was issued, seconds since the epoch; 0 where it does not say, which is older than any rule allows. */
  readonly issuedAtSeconds: number;
  /** When the person signed in, seconds since the epoch, where the token says so. */
  readonly signedInAtSeconds?: number;
  readonly profile?: Profile;
}

/** The audience of access tokens on one machine. */
export const LOCAL_AUDIENCE = 'https://api.lumina.local';
/** The prefix of namespaced claims, e.g. `https://lumina/territory_id`. */
export const CLAIM_NAMESPACE = 'https://lumina/';
/** The territory of the platform itself: shared switches, services, ingestion accounting. */
export const PLATFORM_TERRITORY_ID = 0;
