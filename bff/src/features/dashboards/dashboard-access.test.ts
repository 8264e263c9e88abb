import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allows, dashboardAccess, rolesWithin } from './dashboard-access.ts';
import type { DashboardSharing } from './dashboard-access.ts';
import { readerOf, readers, sharings } from './testing/readers.ts';

const PRIVATE: DashboardSharing = { owner: 'u1', visibility: 'private', everyoneMay: 'edit', grants: [] };

test('who may do what', () => {
  const cases: readonly [Parameters<typeof dashboardAccess>, string][] = [
    [[readerOf('u1'), [], PRIVATE], 'manage'],
    [[readerOf('u2'), [], PRIVATE], 'none'],
    [[readerOf('u1', 'viewer'), [], PRIVATE], 'view'],
    [[readerOf('u9', 'admin'), [], PRIVATE], 'manage'],
    [[readerOf('u2'), [], { ...PRIVATE, grants: [{ kind: 'user', to: 'u2', may: 'edit' }] }], 'none'],
    [
      [readerOf('u2'), [], { ...PRIVATE, visibility: 'groups', grants: [{ kind: 'user', to: 'u2', may: 'edit' }] }],
      'edit',
    ],
    [
      [readerOf('u2'), ['t'], { ...PRIVATE, visibility: 'groups', grants: [{ kind: 'team', to: 't', may: 'view' }] }],
      'view',
    ],
    [
      [readerOf('u2'), [], { ...PRIVATE, visibility: 'groups', grants: [{ kind: 'team', to: 't', may: 'view' }] }],
      'none',
    ],
    // A subject, a team and a role of one name are three.
    [
      [readerOf('u2'), ['u3'], { ...PRIVATE, visibility: 'groups', grants: [{ kind: 'user', to: 'u3', may: 'view' }] }],
      'none',
    ],
    [
      [readerOf('u2'), [], { ...PRIVATE, visibility: 'groups', grants: [{ kind: 'role', to: 'viewer', may: 'view' }] }],
      'view',
    ],
    [
      [
        readerOf('u2', 'viewer'),
        [],
        { ...PRIVATE, visibility: 'groups', grants: [{ kind: 'role', to: 'editor', may: 'view' }] },
      ],
      'none',
    ],
    [[readerOf('u2'), [], { ...PRIVATE, visibility: 'territory' }], 'edit'],
    [[readerOf('u2'), [], { ...PRIVATE, visibility: 'territory', everyoneMay: 'view' }], 'view'],
    [[{ ...readerOf('u1'), permissions: ['metrics:read'] }, [], PRIVATE], 'none'],
    // A token narrower than its role does not manage what the role would.
    [[{ ...readerOf('u9', 'admin'), permissions: ['dashboards:read', 'dashboards:write'] }, [], PRIVATE], 'none'],
  ];
  for (const [asked, expected] of cases) assert.equal(dashboardAccess(...asked), expected, JSON.stringify(asked));
});

test('roles include the weaker ones, and nothing includes everything', () => {
  assert.deepEqual(rolesWithin([]), []);
  assert.deepEqual(rolesWithin(['editor', 'viewer']), ['viewer', 'editor']);
});

test('whoever may not write never edits; more of anything never gives less; private is the owner and who manages all', () => {
  fc.assert(
    fc.property(readers, fc.subarray(['t_a', 't_b']), sharings, sharings, (reader, teams, sharing, other) => {
      const access = dashboardAccess(reader, teams, sharing);
      if (!reader.permissions.includes('dashboards:write')) assert.ok(!allows(access, 'edit'));
      const isManager = reader.sub === sharing.owner || reader.permissions.includes('shares:write');
      assert.equal(allows(access, 'manage'), isManager && reader.permissions.includes('dashboards:write'));
      if (sharing.visibility === 'private') assert.equal(access !== 'none', isManager);
      const more = { ...sharing, grants: [...sharing.grants, ...other.grants] };
      assert.ok(allows(dashboardAccess(reader, [...teams, 't_a'], more), access));
      const wider = { ...sharing, visibility: 'territory' as const };
      assert.ok(allows(dashboardAccess(reader, teams, wider), access));
    }),
  );
});
