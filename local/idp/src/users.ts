import { permissionsOf } from '@lumina/contracts';
import type { Role, RowScope } from '@lumina/contracts';

/** The password of every local user. */
export const LOCAL_PASSWORD = 'lumina';

/** A person who can log in on this machine. */
export interface LocalUser {
  readonly sub: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly territoryId?: number;
  readonly regionId?: number;
  /** The rows this user may see; absent: all of the territory. */
  readonly scope?: RowScope;
  /** What the login page says about the account. */
  readonly note: string;
}

/** Everyone who can log in: one user per role, region, and way in which routing can fail. */
export const LOCAL_USERS: readonly LocalUser[] = [
  {
    sub: 'auth0|uk-viewer',
    email: 'viewer@uk.example',
    name: 'Vera Ashworth',
    roles: ['viewer'],
    territoryId: 101,
    regionId: 1,
    note: 'United Kingdom, reads',
  },
  {
    sub: 'auth0|uk-editor',
    email: 'editor@uk.example',
    name: 'Edward Langley',
    roles: ['editor'],
    territoryId: 101,
    regionId: 1,
    note: 'United Kingdom, edits dashboards',
  },
  {
    sub: 'auth0|uk-admin',
    email: 'admin@uk.example',
    name: 'Anita Mercer',
    roles: ['admin'],
    territoryId: 101,
    regionId: 1,
    note: 'United Kingdom, administers',
  },
  {
    sub: 'auth0|uk-lead',
    email: 'lead@uk.example',
    name: 'Leonie Fairfax',
    roles: ['editor'],
    territoryId: 101,
    regionId: 1,
    scope: { teams: ['t_uk_a'] },
    note: 'United Kingdom, leads one team',
  },
  {
    sub: 'auth0|uk-queues',
    email: 'queues@uk.example',
    name: 'Quentin Osborne',
    roles: ['viewer'],
    territoryId: 101,
    regionId: 1,
    scope: { queues: ['q_sales', 'q_retention'] },
    note: 'United Kingdom, sees two queues',
  },
  {
    sub: 'auth0|us-viewer',
    email: 'viewer@us.example',
    name: 'Valerie Stone',
    roles: ['viewer'],
    territoryId: 202,
    regionId: 2,
    note: 'United States, reads',
  },
  {
    sub: 'auth0|au-viewer',
    email: 'viewer@au.example',
    name: 'Victor Hale',
    roles: ['viewer'],
    territoryId: 303,
    regionId: 3,
    note: 'Australia, whose backend does not run here',
  },
  {
    sub: 'auth0|nowhere-viewer',
    email: 'viewer@nowhere.example',
    name: 'Nora Voss',
    roles: ['viewer'],
    territoryId: 909,
    regionId: 9,
    note: 'a region that does not exist',
  },
  {
    sub: 'auth0|super',
    email: 'super@lumina.example',
    name: 'Simon Perera',
    roles: ['super_admin'],
    note: 'operations, any one territory at a time',
  },
];

/** The claims of a user's access token besides the registered ones. */
export function accessClaimsOf(user: LocalUser): Record<string, unknown> {
  return {
    ...(user.territoryId === undefined ? {} : { territory_id: user.territoryId }),
    ...(user.regionId === undefined ? {} : { region_id: user.regionId }),
    roles: user.roles,
    permissions: permissionsOf(user.roles),
    ...(user.scope === undefined ? {} : { lumina_scope: user.scope }),
  };
}
