import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ROLES, isRegionId } from '@lumina/contracts';
import type { Claims } from '@lumina/contracts';
import { resolveRegion } from './resolve-region.ts';

const viewer: Claims = { sub: 'u', territoryId: 101, regionId: 1, roles: ['viewer'], permissions: [], exp: 0 };
const superAdmin: Claims = { sub: 's', roles: ['super_admin'], permissions: [], exp: 0 };

describe('resolveRegion', () => {
  it('takes territory and region from the claim', () => {
    assert.deepEqual(resolveRegion(viewer, {}), { kind: 'resolved', territoryId: 101, regionId: 1 });
  });

  const refusals: readonly [string, Claims, Parameters<typeof resolveRegion>[1], string][] = [
    ['a foreign territory', viewer, { territoryId: '202' }, 'territory_mismatch'],
    ['a foreign region', viewer, { regionId: '2' }, 'territory_mismatch'],
    ['a repeated header', viewer, { territoryId: '101, 202' }, 'territory_mismatch'],
    ['an empty header', viewer, { territoryId: '' }, 'territory_mismatch'],
    ['a padded id', viewer, { territoryId: '0101' }, 'territory_mismatch'],
    ['a region outside the table', { ...viewer, regionId: 9 }, {}, 'region_unknown'],
    ['a foreign region before an unknown one', { ...viewer, regionId: 9 }, { regionId: '1' }, 'territory_mismatch'],
    ['super_admin without headers', superAdmin, {}, 'territory_required'],
    ['super_admin without a region', superAdmin, { territoryId: '101', reason: 'audit' }, 'territory_required'],
    ['super_admin without a territory', superAdmin, { regionId: '1', reason: 'audit' }, 'territory_required'],
    ['super_admin without a reason', superAdmin, { territoryId: '101', regionId: '1' }, 'territory_required'],
    [
      'super_admin with two territories',
      superAdmin,
      { territoryId: '101, 202', regionId: '1', reason: 'audit' },
      'territory_required',
    ],
    [
      'super_admin with an unknown region',
      superAdmin,
      { territoryId: '101', regionId: '9', reason: 'audit' },
      'region_unknown',
    ],
  ];
  for (const [name, claims, headers, code] of refusals) {
    it(`refuses ${name}`, () => {
      const resolution = resolveRegion(claims, headers);
      assert.equal(resolution.kind === 'refused' ? resolution.code : 'resolved', code);
    });
  }

  it('lets super_admin name one territory with a reason', () => {
    const resolution = resolveRegion(superAdmin, { territoryId: '202', regionId: '2', reason: ' ticket 7 ' });
    assert.deepEqual(resolution, { kind: 'resolved', territoryId: 202, regionId: 2, reason: 'ticket 7' });
  });

  const anyHeader = fc.option(
    fc.oneof(fc.string(), fc.nat({ max: 300 }).map(String), fc.constantFrom('101', '1', '101, 101', ' 101')),
    { nil: undefined },
  );
  const tenantRoles = fc.subarray(ROLES.filter((role) => role !== 'super_admin'));

  it('never leaves the claim, whatever the headers say', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -3, max: 12 }),
        tenantRoles,
        anyHeader,
        anyHeader,
        anyHeader,
        (territoryId, regionId, roles, a, b, reason) => {
          const resolution = resolveRegion(
            { ...viewer, territoryId, regionId, roles },
            { territoryId: a, regionId: b, reason },
          );
          if (resolution.kind === 'refused') return;
          assert.equal(resolution.territoryId, territoryId);
          assert.equal(resolution.regionId, regionId);
          assert.ok(a === undefined || a === String(territoryId));
          assert.ok(b === undefined || b === String(regionId));
        },
      ),
    );
  });

  it('only ever resolves to a region of the table', () => {
    fc.assert(
      fc.property(
        fc.subarray([...ROLES]),
        fc.option(fc.integer({ min: -3, max: 12 }), { nil: undefined }),
        anyHeader,
        anyHeader,
        anyHeader,
        (roles, regionId, a, b, reason) => {
          const { territoryId, sub, permissions, exp } = viewer;
          const claims: Claims = {
            sub,
            permissions,
            exp,
            roles,
            ...(territoryId === undefined ? {} : { territoryId }),
            ...(regionId === undefined ? {} : { regionId }),
          };
          const resolution = resolveRegion(claims, { territoryId: a, regionId: b, reason });
          assert.ok(resolution.kind === 'refused' || isRegionId(resolution.regionId));
        },
      ),
    );
  });
});
