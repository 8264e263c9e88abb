import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { LOCAL_AUDIENCE } from '@lumina/contracts';
import type { RegionId } from '@lumina/contracts';
import { HttpProblem } from '../../http/problem.ts';
import { listenLocally } from '../../testing/http-server.ts';
import type { TestServer } from '../../testing/http-server.ts';
import { createTokenVerifier } from '../token-verifier.ts';
import type { TokenVerifier } from '../token-verifier.ts';
import { issueServiceToken } from './issue-token.ts';
import { issuedTokens, ownKeys } from './issued-tokens.ts';
import { createRegionKeys } from './region-keys.ts';
import type { RegionKeys } from './region-keys.ts';
import { openSigningKeys, signingKeysOf } from './signing-keys.ts';
import type { SigningKeys } from './signing-keys.ts';
import { TOKEN_ISSUER } from './token-keys.ts';

const ID = 'r1_AAAAAAAAAAAAAAAAAAAAAA';
let directory: string;
const signing = new Map<RegionId, SigningKeys>();
const servers: TestServer[] = [];
/** What each region publishes; a test may let one lie. */
const published = new Map<RegionId, unknown>();
let isRegion2Down = false;

function keysOf(region: RegionId): SigningKeys {
  const keys = signing.get(region);
  assert.ok(keys);
  return keys;
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lumina-keys-'));
  for (const region of [1, 2] as const) {
    const keys = await openSigningKeys({ kind: 'file', directory: join(directory, String(region)) }, region)();
    signing.set(region, keys);
    published.set(region, { keys: keys.published });
    servers.push(
      await listenLocally(
        createServer((_request, response) => {
          response.statusCode = region === 2 && isRegion2Down ? 500 : 200;
          response.end(JSON.stringify(published.get(region)));
        }),
      ),
    );
  }
});
after(async () => {
  for (const server of servers) await server.close();
  await rm(directory, { recursive: true, force: true });
});

function regionKeys(): RegionKeys {
  const urls = new Map(servers.map(({ url }, index): [RegionId, string] => [(index + 1) as RegionId, url]));
  return createRegionKeys({ urls, onFailure: () => undefined, cooldownMs: 0 });
}

function verifierOf(keys: RegionKeys): TokenVerifier {
  return createTokenVerifier({ issuers: [issuedTokens(LOCAL_AUDIENCE, keys)], claimNamespace: 'https://lumina/' });
}

function tokenOf(region: RegionId): Promise<string> {
  return issueServiceToken(keysOf(region), LOCAL_AUDIENCE, {
    clientId: `r${String(region)}_AAAAAAAAAAAAAAAAAAAAAA`,
    territoryId: region * 101,
    regionId: region,
    permissions: ['metrics:read'],
  });
}

async function isRefused(verifier: TokenVerifier, token: string, why: string): Promise<void> {
  await assert.rejects(
    verifier.verify(token),
    (error) => error instanceof HttpProblem && error.code === 'unauthenticated',
    why,
  );
}

describe('keys', () => {
  it('that the embedded store keeps are made once, for their owner only, and say their region', async () => {
    const source = { kind: 'file', directory: join(directory, '1') } as const;
    const again = await openSigningKeys(source, 1)();
    assert.equal(again.kid, keysOf(1).kid);
    assert.match(again.kid, /^r1-/);
    const { mode } = await stat(join(source.directory, 'token-signing-keys.json'));
    assert.equal(mode & 0o777, 0o600);
    assert.equal(JSON.stringify(again.published).includes('"d"'), false);
  });

  it('that are set are refused when they are public, weak, twice the same or of another region', () => {
    const { privateKey, kid } = keysOf(1);
    const jwk = { ...privateKey.export({ format: 'jwk' }), kid };
    assert.equal(signingKeysOf([jwk], 1).kid, kid);
    const { d: _d, ...publicHalf } = jwk;
    for (const keys of [
      [],
      [publicHalf],
      [jwk, jwk],
      [{ ...jwk, kid: 'r2-x' }],
      [{ ...jwk, n: 'AQAB' }],
      [{ ...jwk, n: keysOf(2).published[0]?.n ?? '' }],
    ])
      assert.throws(() => signingKeysOf(keys, 1), TypeError);
  });

  it('of the regions are known together, each region for itself; what is known stays through an outage', async () => {
    const keys = regionKeys();
    const verifier = verifierOf(keys);
    for (const region of [1, 2] as const) {
      const claims = await verifier.verify(await tokenOf(region));
      assert.deepEqual([claims.kind, claims.regionId, claims.territoryId], ['service', region, region * 101]);
    }
    assert.deepEqual(
      keys.published().map(({ kid }) => kid),
      [keysOf(1).kid, keysOf(2).kid],
    );
    isRegion2Down = true;
    const later = await issueServiceToken(keysOf(2), LOCAL_AUDIENCE, {
      clientId: 'r2_BBBBBBBBBBBBBBBBBBBBBB',
      territoryId: 202,
      regionId: 2,
      permissions: ['metrics:read'],
    });
    assert.equal((await verifier.verify(later)).regionId, 2);
    // A process that has never seen the keys of the region cannot tell, and says so.
    const fresh = verifierOf(regionKeys());
    assert.equal((await fresh.verify(await tokenOf(1))).regionId, 1);
    await assert.rejects(fresh.verify(later), (error) => error instanceof HttpProblem && error.code === 'overloaded');
    isRegion2Down = false;
  });

  it('that a region publishes under the name of another count for nothing', async () => {
    const usual = published.get(2);
    const [theirs] = keysOf(2).published;
    assert.ok(theirs);
    const forged = { ...theirs, kid: keysOf(1).kid };
    published.set(2, { keys: [forged, { ...theirs, kid: 'r1-new' }, theirs] });
    const keys = regionKeys();
    const verifier = verifierOf(keys);
    await verifier.verify(await tokenOf(2));
    await verifier.verify(await tokenOf(1));
    assert.deepEqual(
      keys.published().map(({ kid }) => kid),
      [keysOf(1).kid, keysOf(2).kid],
    );
    published.set(2, usual);
  });
});

describe('a token', () => {
  const now = Math.floor(Date.now() / 1000);
  const good = {
    iss: TOKEN_ISSUER,
    aud: LOCAL_AUDIENCE,
    sub: `client|${ID}`,
    iat: now,
    exp: now + 600,
    territory_id: 101,
    region_id: 1,
    roles: ['viewer'],
    permissions: ['metrics:read'],
  };
  const sign = (by: RegionId, claims: JWTPayload, header: { kid?: string; typ?: string } = {}): Promise<string> =>
    new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: keysOf(by).kid, ...header })
      .sign(keysOf(by).privateKey);

  it('counts only where its key, its region and its client belong together', async () => {
    const verifier = verifierOf(regionKeys());
    assert.equal((await verifier.verify(await sign(1, {}))).clientId, ID);
    const r1 = keysOf(1).kid;
    const r2 = keysOf(2).kid;
    const forged: readonly (readonly [string, Promise<string>])[] = [
      ['region 2 signs for region 1', sign(2, {})],
      ['region 2 signs for region 1 under its own client', sign(2, { sub: 'client|r2_AAAAAAAAAAAAAAAAAAAAAA' })],
      ['region 2 signs under the name of a key of region 1', sign(2, {}, { kid: r1 })],
      ['region 1 signs under the name of a key of region 2', sign(1, { region_id: 2 }, { kid: r2 })],
      ['region 1 signs for region 2', sign(1, { region_id: 2 })],
      ['region 1 signs for a client of region 2', sign(1, { sub: 'client|r2_AAAAAAAAAAAAAAAAAAAAAA' })],
      ['region 1 signs for a person', sign(1, { sub: 'auth0|admin' })],
      ['a key of no region', sign(1, {}, { kid: 'test-key' })],
      ['a region that is not there', sign(1, {}, { kid: r1.replace('r1-', 'r9-') })],
      ['a key name with a path', sign(1, {}, { kid: 'r1-../../r2' })],
      ['a super_admin', sign(1, { roles: ['super_admin'], permissions: ['system:read'] })],
      ['another type', sign(1, {}, { typ: 'JWT' })],
      ['an embedding', sign(1, {}, { typ: 'lumina-embed+jwt' })],
      ['another audience', sign(1, { aud: 'https://elsewhere.example' })],
      ['another issuer', sign(1, { iss: 'urn:lumina:other' })],
      ['no territory', sign(1, { territory_id: undefined })],
      ['expired', sign(1, { exp: now - 60 })],
      ['a scope that is null', sign(1, { lumina_scope: null })],
    ];
    for (const [why, token] of forged) await isRefused(verifier, await token, why);
  });

  it('of another region is nothing to a regional BFF, whose keys are its own', async () => {
    const own = createTokenVerifier({
      issuers: [
        issuedTokens(
          LOCAL_AUDIENCE,
          ownKeys(() => Promise.resolve(keysOf(1))),
        ),
      ],
      claimNamespace: 'https://lumina/',
    });
    assert.equal((await own.verify(await sign(1, {}))).regionId, 1);
    await isRefused(own, await tokenOf(2), 'region 2');
    const keyless = createTokenVerifier({
      issuers: [issuedTokens(LOCAL_AUDIENCE, ownKeys(undefined))],
      claimNamespace: 'https://lumina/',
    });
    await isRefused(keyless, await sign(1, {}), 'no keys');
  });
});
