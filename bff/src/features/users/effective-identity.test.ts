import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ROLES, permissionsOf } from '@lumina/contracts';
import type { RowScope } from '@lumina/contracts';
import type { AccessRecord } from './access-register.ts';
import { effectiveIdentity, intersectScopes, isWithinScope } from './effective-identity.ts';
import { tokenIdentity } from './testing/identities.ts';

const OPEN: AccessRecord = { isTerritoryKnown: true, isDisabled: false };
const IDS = ['a', 'b', 'c', '', '__proto__'];
const anyIds = fc.option(fc.array(fc.constantFrom(...IDS), { maxLength: 6 }), { nil: undefined });

const anyScope: fc.Arbitrary<RowScope | undefined> = fc.option(
  fc.record({ queues: anyIds, teams: anyIds, agents: anyIds }).map(({ queues, teams, agents }): RowScope => ({
    ...(queues === undefined ? {} : { queues }),
    ...(teams === undefined ? {} : { teams }),
    ...(agents === undefined ? {} : { agents }),
  })),
  { nil: undefined },
);

const allows = (scope: RowScope | undefined, key: keyof RowScope, id: string): boolean =>
  scope?.[key]?.includes(id) ?? true;

const anyRecord: fc.Arbitrary<AccessRecord> = fc
  .record({
    isTerritoryKnown: fc.boolean(),
    isDisabled: fc.boolean(),
    validFromSeconds: fc.option(fc.constantFrom(0, 999.5, 1_000, 1_000.001, 2_000), { nil: undefined }),
    roles: fc.option(fc.subarray([...ROLES], { minLength: 1 }), { nil: undefined }),
    scope: anyScope,
  })
  .map(({ isTerritoryKnown, isDisabled, ...rest }) => ({
    isTerritoryKnown,
    isDisabled,
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<AccessRecord>),
  }));

describe('the intersection of scopes', () => {
  it('allows an id exactly where both allow it, key by key', () => {
    fc.assert(
      fc.property(anyScope, anyScope, (one, other) => {
        const both = intersectScopes(one, other);
        for (const key of ['queues', 'teams', 'agents'] as const)
          for (const id of [...IDS, 'elsewhere'])
            assert.equal(allows(both, key, id), allows(one, key, id) && allows(other, key, id));
      }),
    );
  });

  it('is within both, whichever comes first, and changes nothing a second time', () => {
    fc.assert(
      fc.property(anyScope, anyScope, (one, other) => {
        const both = intersectScopes(one, other);
        assert.ok(isWithinScope(both, one) && isWithinScope(both, other));
        assert.ok(isWithinScope(both, intersectScopes(other, one)));
        const again = intersectScopes(both, both);
        assert.ok(isWithinScope(again, both) && isWithinScope(both, again));
      }),
    );
  });

  it('never reads nothing as everything', () => {
    assert.deepEqual(intersectScopes({ queues: [] }, undefined), { queues: [] });
    assert.deepEqual(intersectScopes(undefined, { queues: [] }), { queues: [] });
    assert.deepEqual(intersectScopes({ queues: ['a'] }, { queues: ['b'], teams: ['t'] }), { queues: [], teams: ['t'] });
    assert.equal(isWithinScope(undefined, { agents: [] }), false);
    assert.equal(isWithinScope({}, { agents: [] }), false);
  });
});

describe('the identity that holds', () => {
  it('never is super_admin by a grant, never sees more than the token, never comes in disabled or with an old token', () => {
    fc.assert(
      fc.property(anyRecord, anyScope, fc.constantFrom('viewer', 'editor', 'admin'), (record, scope, role) => {
        const token = tokenIdentity({ roles: [role], ...(scope === undefined ? {} : { scope }) });
        const identity = effectiveIdentity(token, record);
        if (record.isDisabled || token.issuedAtSeconds < (record.validFromSeconds ?? 0)) {
          assert.equal(typeof identity, 'string');
          return;
        }
        assert.ok(typeof identity !== 'string');
        assert.ok(!identity.roles.includes('super_admin') && !identity.permissions.includes('system:read'));
        assert.ok(isWithinScope(identity.scope, token.scope) && isWithinScope(identity.scope, record.scope));
        const granted = (record.roles ?? token.roles).filter((granting) => granting !== 'super_admin');
        assert.deepEqual(identity.permissions, permissionsOf(granted));
        assert.deepEqual([identity.sub, identity.territoryId], [token.sub, token.territoryId]);
      }),
    );
  });

  it('keeps what a token narrowed where no roles are granted', () => {
    const narrowed = tokenIdentity({ roles: ['admin'], permissions: ['metrics:read'] });
    assert.deepEqual(effectiveIdentity(narrowed, OPEN), narrowed);
  });

  it('is under no orders of the territory that it visits, but can only visit one that is there', () => {
    const visitor = tokenIdentity({ roles: ['super_admin'], reason: 'ticket 7' });
    const ordered: AccessRecord = { ...OPEN, isDisabled: true, roles: ['viewer'], scope: { queues: [] } };
    assert.deepEqual(effectiveIdentity(visitor, ordered), visitor);
    assert.equal(effectiveIdentity(visitor, { ...OPEN, isTerritoryKnown: false }), 'unknown_territory');
  });

  it('is refused to a token that does not say when it was issued, once that matters', () => {
    const silent = tokenIdentity({ issuedAtSeconds: 0 });
    assert.notEqual(effectiveIdentity(silent, OPEN), 'outdated');
    assert.equal(effectiveIdentity(silent, { ...OPEN, validFromSeconds: 1 }), 'outdated');
  });
});
