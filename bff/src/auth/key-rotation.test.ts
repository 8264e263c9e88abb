import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { CLAIM_NAMESPACE } from '@lumina/contracts';
import { HttpProblem } from '../http/problem.ts';
import { authOf } from '../testing/fixtures.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';
import { createTokenVerifier } from './token-verifier.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { peopleIssuer } from './trusted-issuer.ts';

const MAX_AGE_MS = 300_000;
const COOLDOWN_MS = 30_000;

let issuer: LocalIssuer;
let verifier: TokenVerifier;

beforeEach(async () => {
  issuer = await startLocalIssuer();
  await issuer.makeKey('second');
  verifier = createTokenVerifier({
    issuers: [peopleIssuer(authOf(issuer), { maxAgeMs: MAX_AGE_MS, cooldownMs: COOLDOWN_MS })],
    claimNamespace: CLAIM_NAMESPACE,
  });
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
});
afterEach(() => {
  mock.timers.reset();
  issuer.close();
});

const isUnauthenticated = (error: unknown): boolean => error instanceof HttpProblem && error.code === 'unauthenticated';

/** Asks until the set that was looked for in the background has arrived. */
async function untilRefused(token: string): Promise<void> {
  for (;;) {
    const outcome = await verifier.verify(token).catch((error: unknown) => error);
    if (isUnauthenticated(outcome)) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('keys that rotate', () => {
  it('are picked up without a restart, and tokens of both are good while both are published', async () => {
    const before = await issuer.sign();
    await verifier.verify(before);
    issuer.publish('second', 'test-key');
    mock.timers.tick(COOLDOWN_MS);
    assert.equal((await verifier.verify(await issuer.sign())).sub, 'auth0|viewer');
    assert.equal((await verifier.verify(before)).sub, 'auth0|viewer');
    assert.equal((await verifier.verify(await issuer.sign({}, { kid: 'test-key' }))).sub, 'auth0|viewer');
  });

  it('end the tokens of a key that was withdrawn, the remembered ones too, once the set is old', async () => {
    const remembered = await issuer.sign({ exp: Math.floor(Date.now() / 1_000) + 3_600 });
    await verifier.verify(remembered);
    issuer.publish('second');
    await verifier.verify(remembered);
    mock.timers.tick(MAX_AGE_MS);
    await untilRefused(remembered);
  });

  it('end them at once where a new key showed that the set had changed', async () => {
    const remembered = await issuer.sign();
    await verifier.verify(remembered);
    issuer.publish('second');
    mock.timers.tick(COOLDOWN_MS);
    await verifier.verify(await issuer.sign());
    await assert.rejects(verifier.verify(remembered), isUnauthenticated);
  });

  it('are asked for once per cool-down, however many made-up keys are named', async () => {
    await verifier.verify(await issuer.sign());
    const asked = issuer.keyRequests();
    const storm = await Promise.all(
      Array.from({ length: 200 }, (_, index) => issuer.sign({}, { kid: `made-up-${String(index)}` })),
    );
    for (const token of storm) await assert.rejects(verifier.verify(token), isUnauthenticated);
    assert.equal(issuer.keyRequests(), asked);
    mock.timers.tick(COOLDOWN_MS);
    await Promise.all(storm.map((token) => assert.rejects(verifier.verify(token), isUnauthenticated)));
    assert.equal(issuer.keyRequests(), asked + 1);
  });

  it('do not sign out whoever is known while the issuer cannot be asked, nor let anybody new in', async () => {
    const remembered = await issuer.sign();
    const unknown = await issuer.sign({ sub: 'auth0|other' });
    await verifier.verify(remembered);
    issuer.close();
    mock.timers.tick(MAX_AGE_MS);
    for (let turn = 0; turn < 3; turn += 1) assert.equal((await verifier.verify(remembered)).sub, 'auth0|viewer');
    await assert.rejects(
      verifier.verify(unknown),
      (error) => error instanceof HttpProblem && error.code === 'overloaded',
    );
  });

  it('never make a remembered token outlive its expiry', async () => {
    const token = await issuer.sign({ exp: Math.floor(Date.now() / 1_000) + 60 });
    await verifier.verify(token);
    mock.timers.tick(66_000);
    await assert.rejects(verifier.verify(token), isUnauthenticated);
  });
});
