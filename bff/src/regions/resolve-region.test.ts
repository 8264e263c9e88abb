import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { REGIONS, ROLES, isRegionId } from '@lumina/contracts';
import type { Claims } from '@lumina/contracts';
import { regionOfPrefixedId, resolveRegion } from './resolve-region.ts';

const viewer: Claims = {
  sub: 'u',
  territoryId: 101,
  regionId: 1,
  roles: ['viewer'],
  permissions: [],
  exp: 0,
  issuedAtSeconds: 0,
};
const superAdmin: Claims = { sub: 's', roles: ['super_admin'], permissions: [], exp: 0, issuedAtSeconds: 0 };

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
          const { territoryId, sub, permissions, exp, issuedAtSeconds } = viewer;
          const claims: Claims = {
            sub,
            permissions,
            exp,
            issuedAtSeconds,
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

const REGION_IDS = Object.keys(REGIONS).map(Number).filter(isRegionId);

/** Ways to write a number that some parser takes for it. */
function tricksOf(id: number): string[] {
  const plain = String(id);
  return [
    `0${plain}`,
    `+${plain}`,
    `-${plain}`,
    ` ${plain}`,
    `${plain} `,
    `${plain}\n`,
    `${plain}\0`,
    `${plain}.0`,
    `${plain}e0`,
    `${plain}n`,
    `0x${id.toString(16)}`,
    `0b${id.toString(2)}`,
    `0o${id.toString(8)}`,
    `${plain}, ${plain}`,
    `${plain},202`,
    `${plain};202`,
    `[${plain}]`,
    `${plain}_0`,
    `%3${plain}`,
    String(2 ** 32 + id),
    String(2n ** 64n + BigInt(id)),
    '9'.repeat(400),
    // Arabic-Indic, full-width and mathematical digits.
    ...[0x660, 0xff10, 0x1d7ce].map((zero) =>
      plain.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit))),
    ),
  ];
}

describe('numeric tricks', () => {
  const number = fc.integer({ min: 0, max: 2 ** 31 });

  it('in a header never pass for the number of the claim', () => {
    fc.assert(
      fc.property(number, fc.constantFrom(...REGION_IDS), (territoryId, regionId) => {
        for (const trick of tricksOf(territoryId)) {
          const resolution = resolveRegion({ ...viewer, territoryId, regionId }, { territoryId: trick });
          assert.equal(resolution.kind === 'refused' ? resolution.code : trick, 'territory_mismatch');
        }
        for (const trick of tricksOf(regionId)) {
          const resolution = resolveRegion({ ...viewer, territoryId, regionId }, { regionId: trick });
          assert.equal(resolution.kind === 'refused' ? resolution.code : trick, 'territory_mismatch');
        }
      }),
    );
  });

  it('never name a territory or a region for super_admin', () => {
    fc.assert(
      fc.property(number, fc.constantFrom(...REGION_IDS), (territory, region) => {
        const named = { territoryId: String(territory), regionId: String(region), reason: 'audit' };
        for (const trick of tricksOf(territory).filter((text) => !/^[1-9]\d{0,9}$/.test(text)))
          assert.equal(resolveRegion(superAdmin, { ...named, territoryId: trick }).kind, 'refused', trick);
        for (const trick of tricksOf(region))
          assert.equal(resolveRegion(superAdmin, { ...named, regionId: trick }).kind, 'refused', trick);
      }),
    );
  });

  it('never make a prefix', () => {
    const rest = 'abcdefghijklmnopqrstuv';
    for (const region of REGION_IDS) {
      assert.equal(regionOfPrefixedId(`r${String(region)}_${rest}`), region);
      const tricks = tricksOf(region).filter((text) => text !== `${String(region)}_0`);
      for (const trick of tricks) assert.equal(regionOfPrefixedId(`r${trick}_${rest}`), undefined, trick);
    }
  });
});

describe('regionOfPrefixedId', () => {
  const rest = fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/);

  it('reads the region of an id of the table, and nothing else of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), rest, (region, random) => {
        const expected = isRegionId(region) ? region : undefined;
        assert.equal(regionOfPrefixedId(`r${String(region)}_${random}`), expected);
      }),
    );
  });

  it('refuses what is almost one', () => {
    const id = 'r2_abcdefghijklmnopqrstuv';
    const others = ['R2_abcdefghijklmnopqrstuv', 'r2-abcdefghijklmnopqrstuv', 'r_abcdefghijklmnopqrstuv', 'r2_short'];
    const wrapped = [`${id}\n`, ` ${id}`, `${id} `, `${id}\0`, `x${id}`, `${id}/../r1_`, `${id},${id}`, `${id}é`];
    for (const text of ['', ...others, ...wrapped, `r2_${'a'.repeat(65)}`])
      assert.equal(regionOfPrefixedId(text), undefined, JSON.stringify(text));
  });

  it('never answers anything outside the table, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.string(), rest).map(([a, b]) => `r${a}_${b}`),
        ),
        (text) => {
          const region = regionOfPrefixedId(text);
          assert.ok(region === undefined || (isRegionId(region) && text.startsWith(`r${String(region)}_`)));
        },
      ),
    );
  });
});
