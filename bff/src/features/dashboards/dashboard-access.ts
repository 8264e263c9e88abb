import { ROLES } from '@lumina/contracts';
import type { Role } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';

/** Whom a dashboard is shown to: its owner, those with a grant, or everyone in the territory. */
export const VISIBILITIES = ['private', 'groups', 'territory'] as const;
/** Whom a dashboard is shown to. */
export type Visibility = (typeof VISIBILITIES)[number];

/** What a grant allows. */
export const GRANT_LEVELS = ['view', 'edit'] as const;
/** What a grant allows. */
export type GrantLevel = (typeof GRANT_LEVELS)[number];

/** To whom something is granted. */
export const GRANTEE_KINDS = ['user', 'team', 'role'] as const;

/** One grant; `to` is a subject, the id of a team in the directory, or the weakest role that has it. */
export interface DashboardGrant {
  readonly kind: (typeof GRANTEE_KINDS)[number];
  readonly to: string;
  readonly may: GrantLevel;
}

/** What decides who may see and change a dashboard. */
export interface DashboardSharing {
  /** Subject of the owner. */
  readonly owner: string;
  readonly visibility: Visibility;
  /** What visibility `territory` gives to everyone. */
  readonly everyoneMay: GrantLevel;
  readonly grants: readonly DashboardGrant[];
}

/** Who asks for dashboards; an identity as a whole will do. */
export type DashboardReader = Pick<Identity, 'territoryId' | 'sub' | 'roles' | 'permissions' | 'scope' | 'reason'>;

/** Least to most: `manage` also says who else may what, and who owns it. */
export const ACCESS_LEVELS = ['none', 'view', 'edit', 'manage'] as const;
/** What somebody may do with a dashboard. */
export type DashboardAccess = (typeof ACCESS_LEVELS)[number];

/** The roles whose grants a holder of roles has: the strongest, and those it includes. */
export function rolesWithin(roles: readonly Role[]): readonly Role[] {
  return ROLES.slice(0, Math.max(-1, ...roles.map((role) => ROLES.indexOf(role))) + 1);
}

/** Whether somebody sees and manages all dashboards of the territory: whoever may decide about sharing there. */
export function managesAll({ permissions }: Pick<DashboardReader, 'permissions'>): boolean {
  return permissions.includes('dashboards:read') && permissions.includes('shares:write');
}

function isMet({ kind, to }: DashboardGrant, { sub, roles }: DashboardReader, teams: readonly string[]): boolean {
  switch (kind) {
    case 'user':
      return to === sub;
    case 'team':
      return teams.includes(to);
    case 'role':
      return rolesWithin(roles).some((role) => role === to);
  }
}

function grantedLevel(reader: DashboardReader, teams: readonly string[], sharing: DashboardSharing): DashboardAccess {
  if (sharing.owner === reader.sub || managesAll(reader)) return 'manage';
  if (sharing.visibility === 'private') return 'none';
  const levels: DashboardAccess[] = sharing.grants
    .filter((grant) => isMet(grant, reader, teams))
    .map((grant) => grant.may);
  if (sharing.visibility === 'territory') levels.push(sharing.everyoneMay);
  return ACCESS_LEVELS.findLast((level) => levels.includes(level)) ?? 'none';
}

/**
 * The one place that decides what somebody may do with a dashboard of their own territory; `teams` are the teams of the
 * directory that they belong to. The same rule as a condition of SQL is `visibleTo()`, and a test holds them together.
 */
export function dashboardAccess(
  reader: DashboardReader,
  teams: readonly string[],
  sharing: DashboardSharing,
): DashboardAccess {
  if (!reader.permissions.includes('dashboards:read')) return 'none';
  const level = grantedLevel(reader, teams, sharing);
  // A grant never makes an editor of who may change no dashboard at all.
  return level !== 'none' && !reader.permissions.includes('dashboards:write') ? 'view' : level;
}

/** Whether an access is at least the one that is needed. */
export function allows(access: DashboardAccess, needed: DashboardAccess): boolean {
  return ACCESS_LEVELS.indexOf(access) >= ACCESS_LEVELS.indexOf(needed);
}
