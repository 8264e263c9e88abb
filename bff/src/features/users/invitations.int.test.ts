import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LOCAL_AUDIENCE } from '@lumina/contracts';
import type { Invitation } from '@lumina/contracts/schemas';
import { SEED, startRegional } from '../../testing/fixtures.ts';
import type { TestServer } from '../../testing/http-server.ts';

const PROVIDER = fileURLToPath(new URL('../../../../local/idp/src/main.ts', import.meta.url));
const PAGE = 'http://127.0.0.1:8080';
const SECRET = 'management-secret';

let provider: ChildProcess;
let issuer: string;
let directory: string;
let region: TestServer;
let admin: string;
const output: string[] = [];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lumina-invite-'));
  provider = spawn(process.execPath, [PROVIDER], {
    env: {
      PORT: '0',
      LUMINA_IDP_DIR: directory,
      LUMINA_PAGE_ORIGINS: PAGE,
      LUMINA_IDP_MANAGEMENT_SECRET: SECRET,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  provider.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  assert.ok(provider.stdout !== null);
  const lines = createInterface({ input: provider.stdout });
  lines.on('line', (line) => output.push(line));
  const [ready] = (await once(lines, 'line')) as [string];
  issuer = (JSON.parse(ready) as { issuer: string }).issuer;
  region = await startRegional({ issuer, jwksUrl: `${issuer}.well-known/jwks.json` }, SEED, {
    management: { url: issuer, clientId: 'lumina-management', clientSecret: SECRET, connection: 'People' },
  });
  admin = await devToken('admin@uk.example');
});
after(async () => {
  await region.close();
  provider.kill('SIGTERM');
  if (provider.exitCode === null) await once(provider, 'exit');
  await rm(directory, { recursive: true, force: true });
});

const at = (path: string): string => new URL(path, issuer).href;

async function devToken(email: string): Promise<string> {
  const reply = await fetch(at('dev/token'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  assert.equal(reply.status, 200, email);
  return ((await reply.json()) as { access_token: string }).access_token;
}

function api(token: string, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(region.url + path, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

interface NewInvitation {
  readonly invitation: Invitation;
  readonly inviteUrl: string;
  readonly warnings: string[];
}

async function invite(email: string, more: object = {}): Promise<NewInvitation> {
  const reply = await api(admin, 'POST', '/api/users/invitations', { email, roles: ['editor'], ...more });
  assert.equal(reply.status, 201, await reply.clone().text());
  return (await reply.json()) as NewInvitation;
}

async function open(): Promise<Invitation[]> {
  return ((await (await api(admin, 'GET', '/api/users/invitations')).json()) as { items: Invitation[] }).items;
}

/** Logs in as a page does, and gives the access token; undefined where the password is not taken. */
async function logIn(email: string, password: string): Promise<string | undefined> {
  const cookies = new Map<string, string>();
  const visit = async (url: URL, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of reply.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split('=', 2);
      cookies.set(name, value);
    }
    return reply;
  };
  const next = (reply: Response): URL => new URL(reply.headers.get('location') ?? '', issuer);
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'lumina-standalone',
    redirect_uri: `${PAGE}/`,
    response_type: 'code',
    scope: 'openid profile email',
    audience: LOCAL_AUDIENCE,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const login = next(await visit(new URL(`authorize?${query.toString()}`, issuer)));
  let reply = await visit(login, { method: 'POST', body: new URLSearchParams({ email, password }) });
  if (reply.status === 401) return undefined;
  while (next(reply).origin !== PAGE) reply = await visit(next(reply));
  const tokens = await fetch(at('oauth/token'), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'lumina-standalone',
      redirect_uri: `${PAGE}/`,
      code: next(reply).searchParams.get('code') ?? '',
      code_verifier: verifier,
    }),
  });
  return ((await tokens.json()) as { access_token: string }).access_token;
}

describe('an invited person', () => {
  it('chooses a password, logs in and works with what the invitation says', async () => {
    const { invitation, inviteUrl, warnings } = await invite('New.Person@uk.example', {
      scope: { queues: ['q_sales', 'q_none'] },
    });
    assert.deepEqual(warnings, ['scope/queues: the directory has no q_none.']);
    assert.deepEqual([invitation.roles, invitation.email], [['editor'], 'New.Person@uk.example']);
    assert.equal(await logIn('new.person@uk.example', 'lumina'), undefined);
    assert.match(await (await fetch(inviteUrl)).text(), /Choose a password/);
    const choose = (password: string): Promise<Response> =>
      fetch(inviteUrl, { method: 'POST', body: new URLSearchParams({ password }) });
    assert.equal((await choose('short')).status, 400);
    assert.equal((await choose('correct horse')).status, 200);
    assert.equal((await choose('another one')).status, 410);

    const token = await logIn('new.person@uk.example', 'correct horse');
    assert.ok(token !== undefined);
    const session = (await (await api(token, 'GET', '/api/session')).json()) as Record<string, unknown>;
    assert.deepEqual(session['roles'], ['editor']);
    assert.deepEqual(session['scope'], { queues: ['q_sales', 'q_none'] });
    assert.equal((session['territory'] as { id: number }).id, 101);
    const names = (await (await api(token, 'GET', '/api/directory/queues')).json()) as { items: { id: string }[] };
    assert.deepEqual(
      names.items.map(({ id }) => id),
      ['q_sales'],
    );
    // Once seen it is a person, and no longer an invitation.
    while ((await open()).some(({ id }) => id === invitation.id)) await api(token, 'GET', '/api/session');
    assert.equal((await api(admin, 'DELETE', `/api/users/invitations/${invitation.id}`)).status, 404);
  });

  it('stays out once the invitation is revoked, account and all', async () => {
    const { invitation, inviteUrl } = await invite('revoked@uk.example');
    assert.ok((await open()).some(({ id }) => id === invitation.id));
    assert.equal((await api(admin, 'DELETE', `/api/users/invitations/${invitation.id}`)).status, 204);
    assert.equal((await fetch(inviteUrl)).status, 410);
    assert.ok(!(await open()).some(({ id }) => id === invitation.id));
    assert.equal((await api(admin, 'DELETE', `/api/users/invitations/${invitation.id}`)).status, 404);
    await invite('revoked@uk.example');
  });
});

describe('inviting', () => {
  it('is refused for addresses that have an account, without saying so, and for what is no address', async () => {
    const taken = await api(admin, 'POST', '/api/users/invitations', { email: 'viewer@us.example', roles: ['viewer'] });
    assert.equal(taken.status, 422);
    assert.doesNotMatch(await taken.text(), /exist|viewer@us/);
    for (const email of [
      '',
      'x',
      'a@b',
      'a b@c.example',
      'a@b.example,c@d.example',
      '<a@b.example>',
      'a@b.example\n',
      7,
    ])
      assert.equal((await api(admin, 'POST', '/api/users/invitations', { email, roles: ['viewer'] })).status, 422);
  });

  it('needs the rights that it gives', async () => {
    const body = { email: 'third@uk.example', roles: ['viewer'] };
    for (const email of ['viewer@uk.example', 'editor@uk.example', 'lead@uk.example'])
      assert.equal((await api(await devToken(email), 'POST', '/api/users/invitations', body)).status, 403);
    const roles = ['super_admin'];
    assert.equal((await api(admin, 'POST', '/api/users/invitations', { ...body, roles })).status, 422);
  });

  it('is audited by subject, and leaves the address in no log', async () => {
    const { invitation } = await invite('quiet@uk.example');
    const audit = await (await api(admin, 'GET', '/api/audit?action=user_invited')).text();
    assert.ok(audit.includes(invitation.sub));
    assert.doesNotMatch(audit, /quiet@/);
    assert.doesNotMatch(output.join('\n'), /quiet@|correct horse/);
    const kept = await readFile(join(directory, 'accounts.json'), 'utf8');
    assert.doesNotMatch(kept, /correct horse/);
  });
});

describe('managing accounts', () => {
  const managementToken = async (fields: Record<string, string>): Promise<Response> =>
    fetch(at('oauth/token'), {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'lumina-management', ...fields }),
    });

  it('is for the client with the secret, and its token is for nothing else', async () => {
    const audience = `${issuer}api/v2/`;
    assert.equal((await managementToken({ client_secret: 'guess', audience })).status, 401);
    assert.notEqual((await managementToken({ client_secret: SECRET, audience: LOCAL_AUDIENCE })).status, 200);
    const reply = await managementToken({ client_secret: SECRET, audience });
    const { access_token: token } = (await reply.json()) as { access_token: string };
    assert.equal((await api(token, 'GET', '/api/session')).status, 401);
    for (const bearer of [admin, '', 'x.y.z'])
      assert.equal(
        (await fetch(at('api/v2/users/auth0%7Cuk-viewer'), { headers: { Authorization: `Bearer ${bearer}` } })).status,
        401,
      );
    const path = at('api/v2/users/auth0%7Cuk-lead');
    const block = (blocked: boolean): Promise<Response> =>
      fetch(path, {
        method: 'PATCH',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ blocked }),
      });
    assert.equal((await block(true)).status, 200);
    assert.equal(await logIn('lead@uk.example', 'lumina'), undefined);
    assert.equal((await block(false)).status, 200);
    assert.ok((await logIn('lead@uk.example', 'lumina')) !== undefined);
  });
});
