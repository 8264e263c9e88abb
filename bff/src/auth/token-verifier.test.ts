import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import type { JWTPayload } from 'jose';
import { CLAIM_NAMESPACE, LOCAL_AUDIENCE } from '@lumina/contracts';
import { HttpProblem } from '../http/problem.ts';
import { authOf } from '../testing/fixtures.ts';
import { startLocalIssuer, viewerClaims } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';
import { createTokenVerifier } from './token-verifier.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { peopleIssuer } from './trusted-issuer.ts';

let issuer: LocalIssuer;
let verifier: TokenVerifier;

before(async () => {
  issuer = await startLocalIssuer();
  verifier = createTokenVerifier({ issuers: [peopleIssuer(authOf(issuer))], claimNamespace: CLAIM_NAMESPACE });
});
after(() => {
  issuer.close();
});

const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const fullClaims = (): Record<string, unknown> => ({
  ...viewerClaims(),
  iss: issuer.issuer,
  aud: LOCAL_AUDIENCE,
  exp: nowSeconds() + 600,
});

async function isRefused(token: string): Promise<void> {
  await assert.rejects(
    verifier.verify(token),
    (error) => error instanceof HttpProblem && error.code === 'unauthenticated',
  );
}

describe('a genuine token', () => {
  it('gives the claims of its plain names', async () => {
    const claims = await verifier.verify(await issuer.sign({ lumina_scope: { queues: ['q_sales'] } }));
    assert.equal(claims.territoryId, 101);
    assert.equal(claims.regionId, 1);
    assert.deepEqual(claims.scope, { queues: ['q_sales'] });
  });

  it('gives the claims of its namespaced names', async () => {
    const plain = viewerClaims();
    const token = await issuer.sign({
      territory_id: undefined,
      region_id: undefined,
      roles: undefined,
      permissions: undefined,
      [`${CLAIM_NAMESPACE}territory_id`]: '202',
      [`${CLAIM_NAMESPACE}region_id`]: '2',
      [`${CLAIM_NAMESPACE}roles`]: plain.roles,
      [`${CLAIM_NAMESPACE}permissions`]: plain.permissions,
    });
    const claims = await verifier.verify(token);
    assert.deepEqual([claims.territoryId, claims.regionId], [202, 2]);
  });

  it('may be of type JWT, as Auth0 writes it', async () => {
    assert.equal((await verifier.verify(await issuer.sign({}, { typ: 'JWT' }))).territoryId, 101);
  });

  it('never reads the scope of OAuth as a scope of rows', async () => {
    const claims = await verifier.verify(await issuer.sign({ scope: 'openid profile' }));
    assert.equal(claims.scope, undefined);
  });

  it('cannot be granted more than its roles allow', async () => {
    const claims = await verifier.verify(
      await issuer.sign({ permissions: ['metrics:read', 'users:write', 'system:read'] }),
    );
    assert.deepEqual(claims.permissions, ['metrics:read']);
  });

  it('is refused once it has expired although it was verified before', async () => {
    const shortLived = await issuer.sign({ exp: nowSeconds() - 2 });
    // Within the tolerance for clocks it is verified, but not remembered as valid.
    await verifier.verify(shortLived);
    await isRefused(await issuer.sign({ exp: nowSeconds() - 60 }));
  });
});

describe('what a token says besides rights', () => {
  it('is when it was issued; one that does not say is older than any rule allows', async () => {
    const iat = nowSeconds() - 60;
    const claims = await verifier.verify(await issuer.sign({ iat, auth_time: iat - 10 }));
    assert.deepEqual([claims.kind, claims.issuedAtSeconds, claims.signedInAtSeconds], ['user', iat, iat - 10]);
    assert.equal((await verifier.verify(await issuer.sign({ iat: undefined }))).issuedAtSeconds, 0);
  });

  it('is a name and an address where they fit; what does not is left out and refuses nobody', async () => {
    const told = await verifier.verify(
      await issuer.sign({ name: ' Ada Byron ', [`${CLAIM_NAMESPACE}email`]: 'ada@uk.example' }),
    );
    assert.deepEqual(told.profile, { name: 'Ada Byron', email: 'ada@uk.example' });
    for (const name of [42, '', 'x'.repeat(201), 'a\u0000b', { first: 'Ada' }])
      assert.equal((await verifier.verify(await issuer.sign({ name }))).profile, undefined);
  });
});

describe('claims that do not fit', () => {
  const cases: readonly [string, Record<string, unknown>][] = [
    ['text that is no id', { territory_id: '1 OR 1=1' }],
    ['territory 0', { territory_id: 0 }],
    ['a negative territory', { territory_id: -101 }],
    ['a fraction', { territory_id: 101.5 }],
    ['a list of territories', { territory_id: [101, 202] }],
    ['a leading zero', { territory_id: '0101' }],
    ['no territory', { territory_id: undefined }],
    ['no roles', { roles: undefined }],
    ['an empty list of roles', { roles: [] }],
    ['an unknown role', { roles: ['viewer', 'root'] }],
    ['roles as text', { roles: 'super_admin' }],
    ['no permissions', { permissions: undefined }],
    ['no subject', { sub: undefined }],
    ['an instant of issue that is no number', { iat: 'yesterday' }],
    ['an instant of issue before time began', { iat: -1 }],
    ['an issue in the future', { iat: nowSeconds() + 3_600 }],
    ['a subject with NUL', { sub: 'a\u0000b' }],
    ['a subject of two lines', { sub: 'a\nb' }],
    ['half a character in the subject', { sub: 'a\ud800' }],
    ['a subject that is too long', { sub: 'x'.repeat(256) }],
    ['NUL in a scope', { lumina_scope: { queues: ['q\u0000'] } }],
    ['a subject of our own clients', { sub: 'client|r1_abc' }],
    ['a misspelt key of the scope', { lumina_scope: { queue: ['q_sales'] } }],
    ['a scope of the wrong type', { lumina_scope: { queues: 'q_sales' } }],
    ['a scope that is null', { lumina_scope: null }],
    ['plain and namespaced territories that differ', { [`${CLAIM_NAMESPACE}territory_id`]: 202 }],
  ];
  for (const [name, claims] of cases) {
    it(`are refused: ${name}`, async () => {
      await isRefused(await issuer.sign(claims));
    });
  }
});

describe('forged and foreign tokens', () => {
  it('are refused: no signature (alg none, any case)', async () => {
    for (const alg of ['none', 'nOnE', 'None'])
      await isRefused(`${encode({ alg, typ: 'at+jwt' })}.${encode(fullClaims())}.`);
  });

  it('are refused: the public key used as an HMAC secret', async () => {
    const head = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: 'test-key' })}.${encode(fullClaims())}`;
    const signature = createHmac('sha256', await exportSPKI(issuer.publicKey))
      .update(head)
      .digest('base64url');
    await isRefused(`${head}.${signature}`);
  });

  it('are refused: a key of their own in the header, or another key under the known id', async () => {
    const other = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(other.publicKey);
    for (const header of [
      { alg: 'RS256', typ: 'at+jwt', jwk },
      { alg: 'RS256', typ: 'at+jwt', kid: 'test-key' },
      { alg: 'RS256', typ: 'at+jwt', kid: '../../etc/passwd' },
    ]) {
      await isRefused(await new SignJWT(fullClaims()).setProtectedHeader(header).sign(other.privateKey));
    }
  });

  it('are refused: another algorithm of the same family', async () => {
    await isRefused(
      await new SignJWT(fullClaims())
        .setProtectedHeader({ alg: 'PS256', typ: 'at+jwt', kid: 'test-key' })
        .sign(issuer.privateKey)
        .catch(() => 'a.b.c'),
    );
  });

  it('are refused: a payload changed after signing', async () => {
    const [header, , signature] = (await issuer.sign()).split('.');
    await isRefused(`${String(header)}.${encode({ ...fullClaims(), territory_id: 202 })}.${String(signature)}`);
  });

  it('are refused: expired, not yet valid, without expiry, wrong issuer, wrong audience', async () => {
    const claims: JWTPayload[] = [
      { exp: nowSeconds() - 3_600 },
      { nbf: nowSeconds() + 3_600 },
      { iss: 'https://evil.example/' },
      { iss: issuer.issuer.slice(0, -1) },
      { aud: 'https://other.example' },
    ];
    for (const claim of claims) await isRefused(await issuer.sign(claim));
    const { exp: _left, ...timeless } = fullClaims();
    await isRefused(
      await new SignJWT(timeless)
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'test-key' })
        .sign(issuer.privateKey),
    );
  });

  it('are refused: an id token or a token without a type', async () => {
    await isRefused(await issuer.sign({}, { typ: 'id+jwt' }));
    await isRefused(
      await new SignJWT(fullClaims()).setProtectedHeader({ alg: 'RS256', kid: 'test-key' }).sign(issuer.privateKey),
    );
  });

  it('are refused: an unknown critical header, and what is no token at all', async () => {
    const head = encode({ alg: 'RS256', typ: 'at+jwt', kid: 'test-key', crit: ['exp2'], exp2: 1 });
    await isRefused(`${head}.${encode(fullClaims())}.AAAA`);
    for (const text of ['', 'x', 'a.b.c', '....']) await isRefused(text);
  });
});

describe('an identity provider that does not answer', () => {
  it('is our trouble: 503 with Retry-After, never a pass', async () => {
    const lost = createTokenVerifier({
      issuers: [peopleIssuer({ ...authOf(issuer), jwksUrl: 'http://127.0.0.1:9/none' })],
      claimNamespace: CLAIM_NAMESPACE,
    });
    await assert.rejects(
      lost.verify(await issuer.sign()),
      (error) =>
        error instanceof HttpProblem && error.code === 'overloaded' && error.headers['Retry-After'] !== undefined,
    );
  });
});
