import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { permissionsOf } from '@lumina/contracts';
import type { SettingsVersion } from '@lumina/contracts';
import { SEED, startRegional } from '../testing/fixtures.ts';
import type { TestServer } from '../testing/http-server.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';
import { codeOf, send } from '../testing/raw-http.ts';
import type { RawReply } from '../testing/raw-http.ts';

const STRANGE = '203.0.113.9';
/** What only a distributor says, and what somebody might hope that a region believes. */
const CLAIMED: Readonly<Record<string, string>> = {
  'X-Forwarded-For': STRANGE,
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Prefix': '/internal',
  Forwarded: `for=${STRANGE};host=evil.example`,
  'X-Real-IP': STRANGE,
  'X-Lumina-Territory': '102',
  'X-Lumina-Territory-Id': '102',
  'X-Lumina-Roles': 'super_admin',
  'X-Lumina-Permissions': 'settings:write',
  'X-Lumina-Identity': '{"territoryId":102}',
  'X-Original-URL': '/internal/ingest-keys',
  'X-HTTP-Method-Override': 'DELETE',
  'X-Request-Id': 'a\\nname@example.com',
};

describe('somebody who reaches a region past its distributor', () => {
  let issuer: LocalIssuer;
  let region: TestServer;
  const tokens = new Map<string, string>();

  before(async () => {
    issuer = await startLocalIssuer();
    // Nobody here is a proxy of ours.
    region = await startRegional(issuer, SEED, { trustedProxies: ['10.0.0.0/8'] });
    for (const role of ['viewer', 'admin'] as const)
      tokens.set(role, await issuer.sign({ sub: role, roles: [role], permissions: permissionsOf([role]) }));
  });
  after(async () => {
    await region.close();
    issuer.close();
  });

  const ask = (
    role: string,
    path: string,
    headers = {},
    more: { method?: string; body?: string } = {},
  ): Promise<RawReply> =>
    send(region.url, { path, headers: { Authorization: `Bearer ${tokens.get(role) ?? ''}`, ...headers }, ...more });

  for (const path of [
    '/api/directory/agents',
    '/api/dashboards',
    '/api/dashboards/theirs',
    '/api/users',
    '/internal/ingest-keys',
  ])
    it(`is answered the same at ${path}, whatever it says of itself`, async () => {
      const plain = await ask('viewer', path);
      const claiming = await ask('viewer', path, CLAIMED);
      assert.equal(claiming.status, plain.status);
      const told = (reply: RawReply): string => reply.body.replace(/"requestId":"[^"]*"/, '');
      assert.equal(told(claiming), told(plain));
      assert.doesNotMatch(JSON.stringify(claiming), /evil|203\.0\.113|example\.com/);
      assert.match(String(claiming.headers['x-request-id']), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    });

  it('needs a token all the same', async () => {
    const reply = await send(region.url, { path: '/api/dashboards', headers: CLAIMED });
    assert.deepEqual([reply.status, codeOf(reply)], [401, 'unauthenticated']);
  });

  it('is where its connection comes from, and nowhere that it names', async () => {
    const settings = await ask('admin', '/api/settings');
    const { body } = JSON.parse(settings.body) as SettingsVersion;
    const limit = (list: string): Promise<RawReply> =>
      ask(
        'admin',
        '/api/settings',
        { 'Content-Type': 'application/json', 'If-Match': String(settings.headers.etag), 'X-Forwarded-For': STRANGE },
        { method: 'PUT', body: JSON.stringify({ ...body, ipAllowList: [list] }) },
      );
    // Nobody locks themselves out: the address that is named must not pass for their own.
    const refused = await limit(`${STRANGE}/32`);
    assert.equal(refused.status, 422);
    assert.match(refused.body, /ipAllowList|address/i);
    assert.equal((await limit('127.0.0.1/32')).status, 200);
    assert.equal((await ask('viewer', '/api/dashboards', CLAIMED)).status, 200);
  });
});
