import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { STANDALONE_CLIENT_ID } from './provider.ts';
import { startIdp } from './server.ts';
import type { RunningIdp } from './server.ts';
import { LOCAL_USERS } from './users.ts';

const PAGE = 'http://127.0.0.1:8080/';
const AUDIENCE = 'https://api.lumina.local';

interface TokenReply {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
}

/** A browser of three lines: it keeps cookies and follows nothing by itself. */
class Visitor {
  readonly #cookies = new Map<string, string>();

  async fetch(
    url: string | URL,
    init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of reply.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return reply;
  }
}

const locationOf = (reply: Response, base: string): URL => {
  const location = reply.headers.get('location');
  assert.ok(location !== null, `expected a redirect, got ${String(reply.status)}`);
  return new URL(location, base);
};

describe('the local identity provider', () => {
  let idp: RunningIdp;
  let dataDir: string;

  const config = () => ({
    host: '127.0.0.1',
    port: 0,
    dataDir,
    pageOrigins: ['http://127.0.0.1:8080'],
    accessTokenSeconds: 120,
  });
  const at = (path: string): string => new URL(path, idp.issuer).href;

  const startLogin = async (visitor: Visitor, more: Record<string, string> = {}) => {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: STANDALONE_CLIENT_ID,
      redirect_uri: PAGE,
      response_type: 'code',
      response_mode: 'query',
      scope: 'openid profile email offline_access',
      audience: AUDIENCE,
      auth0Client: 'eyJuYW1lIjoidGVzdCJ9',
      state: 's1',
      nonce: 'n1',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    });
    const reply = await visitor.fetch(at(`/authorize?${query.toString()}`));
    return { verifier, reply };
  };

  const submit = async (visitor: Visitor, login: URL, email: string, password: string): Promise<Response> =>
    visitor.fetch(login, { method: 'POST', body: new URLSearchParams({ email, password }) });

  const codeFor = async (visitor: Visitor, email: string): Promise<{ code: string; verifier: string }> => {
    const { verifier, reply } = await startLogin(visitor);
    const login = locationOf(reply, idp.issuer);
    const page = await visitor.fetch(login);
    assert.match(await page.text(), /name="password"/);
    let next = await submit(visitor, login, email, 'lumina');
    while (!locationOf(next, idp.issuer).href.startsWith(PAGE)) {
      next = await visitor.fetch(locationOf(next, idp.issuer));
    }
    const back = locationOf(next, idp.issuer);
    assert.equal(back.searchParams.get('state'), 's1');
    return { code: back.searchParams.get('code') ?? '', verifier };
  };

  const tokenRequest = (fields: Record<string, string>): Promise<Response> =>
    fetch(at('/oauth/token'), {
      method: 'POST',
      headers: { origin: 'http://127.0.0.1:8080' },
      body: new URLSearchParams({ client_id: STANDALONE_CLIENT_ID, ...fields }),
    });

  const logIn = async (visitor: Visitor, email: string): Promise<TokenReply> => {
    const { code, verifier } = await codeFor(visitor, email);
    const reply = await tokenRequest({
      grant_type: 'authorization_code',
      code,
      redirect_uri: PAGE,
      code_verifier: verifier,
    });
    assert.equal(reply.status, 200, await reply.clone().text());
    assert.equal(reply.headers.get('access-control-allow-origin'), 'http://127.0.0.1:8080');
    return (await reply.json()) as TokenReply;
  };

  const verify = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(at('/.well-known/jwks.json'))), {
      issuer: idp.issuer,
      audience: AUDIENCE,
      algorithms: ['RS256'],
    });

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lumina-idp-'));
    idp = await startIdp(config());
  });

  after(async () => {
    await idp.close();
    await rm(dataDir, { recursive: true });
  });

  test('discovery names the paths of an Auth0 tenant', async () => {
    const found = (await (await fetch(at('/.well-known/openid-configuration'))).json()) as Record<string, string>;
    assert.equal(found['issuer'], idp.issuer);
    assert.equal(found['authorization_endpoint'], at('/authorize'));
    assert.equal(found['token_endpoint'], at('/oauth/token'));
    assert.equal(found['jwks_uri'], at('/.well-known/jwks.json'));
    assert.equal(found['end_session_endpoint'], at('/oidc/logout'));
  });

  test('a code flow with PKCE ends in tokens for the API, with the claims of the user', async () => {
    const tokens = await logIn(new Visitor(), 'viewer@uk.example');
    const { payload } = await verify(tokens.access_token);
    assert.equal(payload['territory_id'], 101);
    assert.equal(payload['region_id'], 1);
    assert.deepEqual(payload['roles'], ['viewer']);
    assert.deepEqual(payload['permissions'], ['metrics:read', 'dashboards:read', 'directory:read', 'facts:read']);
    const profile = decodeJwt(tokens.id_token);
    assert.equal(profile['email'], 'viewer@uk.example');
    assert.equal(profile['name'], 'Vera Ashworth');
    assert.equal(profile.nonce, 'n1');
  });

  test('a wrong verifier gets no token', async () => {
    const { code } = await codeFor(new Visitor(), 'viewer@uk.example');
    const reply = await tokenRequest({
      grant_type: 'authorization_code',
      code,
      redirect_uri: PAGE,
      code_verifier: randomBytes(32).toString('base64url'),
    });
    assert.equal(reply.status, 400);
  });

  test('a login without PKCE is refused', async () => {
    const { reply } = await startLogin(new Visitor(), { code_challenge: '', code_challenge_method: '' });
    assert.equal(locationOf(reply, idp.issuer).searchParams.get('error'), 'invalid_request');
  });

  test('refresh tokens rotate, and a used one ends the whole line', async () => {
    const first = await logIn(new Visitor(), 'viewer@us.example');
    const renewed = await tokenRequest({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    const second = (await renewed.json()) as TokenReply;
    assert.equal((await verify(second.access_token)).payload['territory_id'], 202);
    assert.notEqual(second.refresh_token, first.refresh_token);
    const reused = await tokenRequest({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    assert.equal(reused.status, 400);
    const after = await tokenRequest({ grant_type: 'refresh_token', refresh_token: second.refresh_token });
    assert.equal(after.status, 400);
  });

  test('a reload logs in silently in a frame, by web_message', async () => {
    const visitor = new Visitor();
    await logIn(visitor, 'viewer@uk.example');
    const { reply } = await startLogin(visitor, { prompt: 'none', response_mode: 'web_message' });
    assert.equal(reply.status, 200);
    const page = await reply.text();
    assert.match(page, /postMessage/);
    assert.match(page, /"code"/);
    const { reply: stranger } = await startLogin(new Visitor(), { prompt: 'none', response_mode: 'web_message' });
    assert.match(await stranger.text(), /login_required/);
  });

  test('a wrong password says so and keeps the address', async () => {
    const visitor = new Visitor();
    const { reply } = await startLogin(visitor);
    const login = locationOf(reply, idp.issuer);
    const answer = await submit(visitor, login, 'viewer@uk.example', 'wrong');
    assert.equal(answer.status, 401);
    const page = await answer.text();
    assert.match(page, /role="alert"/);
    assert.match(page, /value="viewer@uk\.example"/);
  });

  test('the path /v2/logout ends the session', async () => {
    const visitor = new Visitor();
    await logIn(visitor, 'viewer@uk.example');
    const query = new URLSearchParams({ client_id: STANDALONE_CLIENT_ID, returnTo: PAGE });
    const form = await visitor.fetch(locationOf(await visitor.fetch(at(`/v2/logout?${query.toString()}`)), idp.issuer));
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
    const done = await visitor.fetch(at('/oidc/logout/confirm'), {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    });
    assert.equal(locationOf(done, idp.issuer).href, PAGE);
    const { reply } = await startLogin(visitor, { prompt: 'none', response_mode: 'web_message' });
    assert.match(await reply.text(), /login_required/);
  });

  const devToken = (email: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(at('/dev/token'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ email }),
    });

  test('commands get the token of each user, with exactly its territory and region', async () => {
    for (const user of LOCAL_USERS) {
      const { access_token: token } = (await (await devToken(user.email)).json()) as TokenReply;
      const { payload } = await verify(token);
      assert.equal(payload['territory_id'], user.territoryId);
      assert.equal(payload['region_id'], user.regionId);
      assert.deepEqual(payload['roles'], user.roles);
      assert.equal('territory_id' in payload, user.territoryId !== undefined);
      assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 120, 'the configured life');
    }
  });

  test('the token of somebody who sees a part says which', async () => {
    const claimOf = async (email: string): Promise<unknown> => {
      const { access_token: token } = (await (await devToken(email)).json()) as TokenReply;
      return (await verify(token)).payload['lumina_scope'];
    };
    assert.deepEqual(await claimOf('lead@uk.example'), { teams: ['t_uk_a'] });
    assert.deepEqual(await claimOf('queues@uk.example'), { queues: ['q_sales', 'q_retention'] });
    assert.equal(await claimOf('viewer@uk.example'), undefined);
  });

  test('nobody manages accounts where there is no secret for it', async () => {
    const reply = await fetch(at('/api/v2/users/auth0%7Cuk-viewer'), { method: 'DELETE' });
    assert.equal(reply.status, 404);
    const fields = { grant_type: 'client_credentials', client_id: 'lumina-management', client_secret: '' };
    assert.notEqual((await tokenRequest(fields)).status, 200);
  });

  test('a page cannot get a token by that way, nor a stranger', async () => {
    assert.equal((await devToken('viewer@uk.example', { origin: 'http://127.0.0.1:8080' })).status, 403);
    assert.equal((await devToken('viewer@uk.example', { 'content-type': 'text/plain' })).status, 403);
    assert.equal((await devToken('nobody@uk.example')).status, 404);
  });

  test('a token outlives a restart, and the key is readable by its owner alone', async () => {
    const { access_token: token } = (await (await devToken('admin@uk.example')).json()) as TokenReply;
    assert.equal((await stat(join(dataDir, 'keys.json'))).mode & 0o777, 0o600);
    const { issuer } = idp;
    await idp.close();
    idp = await startIdp({ ...config(), issuer });
    const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${String(idp.port)}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { issuer, audience: AUDIENCE });
    assert.equal(payload.sub, 'auth0|uk-admin');
  });
});
