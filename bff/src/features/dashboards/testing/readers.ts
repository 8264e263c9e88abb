import fc from 'fast-check';
import { permissionsOf } from '@lumina/contracts';
import type { Role } from '@lumina/contracts';
import { GRANT_LEVELS, VISIBILITIES } from '../dashboard-access.ts';
import type { DashboardGrant, DashboardReader, DashboardSharing } from '../dashboard-access.ts';

/** Somebody of territory 101. */
export function readerOf(sub: string, role: Role = 'editor', more: Partial<DashboardReader> = {}): DashboardReader {
  return { territoryId: 101, sub, roles: [role], permissions: permissionsOf([role]), ...more };
}

export const SUBS = ['u1', 'u2', 'u3'] as const;
export const TEAMS = ['t_a', 't_b'] as const;

/** People of few names, teams and roles, so that what is granted often meets them. */
export const readers: fc.Arbitrary<DashboardReader> = fc
  .record({
    sub: fc.constantFrom(...SUBS),
    role: fc.constantFrom('viewer', 'editor', 'admin'),
    teams: fc.option(fc.subarray([...TEAMS]), { nil: undefined }),
  })
  .map(({ sub, role, teams }) => readerOf(sub, role, teams === undefined ? {} : { scope: { teams } }));

const grants: fc.Arbitrary<DashboardGrant> = fc.oneof(
  fc.record({
    kind: fc.constant('user' as const),
    to: fc.constantFrom(...SUBS),
    may: fc.constantFrom(...GRANT_LEVELS),
  }),
  fc.record({
    kind: fc.constant('team' as const),
    to: fc.constantFrom(...TEAMS),
    may: fc.constantFrom(...GRANT_LEVELS),
  }),
  fc.record({
    kind: fc.constant('role' as const),
    to: fc.constantFrom('viewer', 'editor', 'admin', 'super_admin'),
    may: fc.constantFrom(...GRANT_LEVELS),
  }),
);

/** Whatever can be said of a dashboard. */
export const sharings: fc.Arbitrary<DashboardSharing> = fc.record({
  owner: fc.constantFrom(...SUBS),
  visibility: fc.constantFrom(...VISIBILITIES),
  everyoneMay: fc.constantFrom(...GRANT_LEVELS),
  grants: fc.uniqueArray(grants, { maxLength: 4, selector: ({ kind, to }) => `${kind} ${to}` }),
});
