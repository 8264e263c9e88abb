import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAuth0Invitations } from './auth0-invitations.ts';
import { InvitationRefusedError } from './invitation-sender.ts';
import type { InvitationSender } from './invitation-sender.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly bearer: string | null;
}

const reply = (status: number, body?: unknown, headers: Record<string, string> = {}): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
const TOKEN = (): Response => reply(200, { access_token: 'm', expires_in: 86_400 });
const USER = (): Response => reply(201, { user_id: 'auth0|new' });
const TICKET = (): Response => reply(201, { ticket: 'https://t.eu.auth0.com/lo/reset?x#' });

/** A tenant that gives these answers in order. */
function tenant(...answers: readonly (() => Response)[]): {
  sender: InvitationSender;
  asked: Asked[];
  waits: number[];
} {
  const asked: Asked[] = [];
  const waits: number[] = [];
  const left = [...answers];
  const sender = createAuth0Invitations(
    { url: 'https://t.eu.auth0.com/', clientId: 'c', clientSecret: 's', connection: 'People' },
    {
      fetch: async (input, init) => {
        const request = new Request(input, init);
        asked.push({
          method: request.method,
          path: new URL(request.url).pathname,
          body: await request.text(),
          bearer: request.headers.get('authorization'),
        });
        return left.shift()?.() ?? reply(500);
      },
      now: () => 1_000_000,
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    },
  );
  return { sender, asked, waits };
}

const person = { email: 'new@uk.example', territoryId: 101, regionId: 1, roles: ['viewer'] as const };

describe('an invitation by Auth0', () => {
  it('is an account with the claims to be, and a ticket, as the client of the Management API', async () => {
    const { sender, asked } = tenant(TOKEN, USER, TICKET);
    const sent = await sender.invite({ ...person, scope: { queues: ['q'] } });
    assert.deepEqual([sent.sub, sent.inviteUrl], ['auth0|new', 'https://t.eu.auth0.com/lo/reset?x#']);
    assert.equal(sent.expiresAt.getTime(), 1_000_000 + 7 * 86_400_000);
    assert.deepEqual(
      asked.map(({ method, path, bearer }) => `${method} ${path} ${bearer ?? ''}`),
      ['POST /oauth/token ', 'POST /api/v2/users Bearer m', 'POST /api/v2/tickets/password-change Bearer m'],
    );
    const asking = new URLSearchParams(asked[0]?.body);
    assert.deepEqual(
      [asking.get('grant_type'), asking.get('audience')],
      ['client_credentials', 'https://t.eu.auth0.com/api/v2/'],
    );
    const { password, ...account } = JSON.parse(asked[1]?.body ?? '') as Record<string, unknown>;
    assert.ok(typeof password === 'string' && password.length > 40);
    assert.deepEqual(account, {
      connection: 'People',
      email: 'new@uk.example',
      email_verified: false,
      verify_email: false,
      app_metadata: { territory_id: 101, region_id: 1, roles: ['viewer'], lumina_scope: { queues: ['q'] } },
    });
  });

  it('keeps its token, and gets another one when that no longer counts', async () => {
    const { sender, asked } = tenant(
      TOKEN,
      () => reply(204),
      () => reply(401),
      TOKEN,
      () => reply(204),
    );
    await sender.withdraw('auth0|a/b');
    await sender.withdraw('auth0|c');
    assert.deepEqual(
      asked.map(({ path }) => path),
      [
        '/oauth/token',
        '/api/v2/users/auth0%7Ca%2Fb',
        '/api/v2/users/auth0%7Cc',
        '/oauth/token',
        '/api/v2/users/auth0%7Cc',
      ],
    );
  });

  it('waits as long as the tenant says, and gives up where that is long or never ends', async () => {
    const limited = (): Response => reply(429, {}, { 'x-ratelimit-reset': '1002' });
    const { sender, waits } = tenant(TOKEN, limited, () => reply(429), USER, TICKET);
    await sender.invite(person);
    assert.deepEqual(waits, [2_000, 500]);
    const long = tenant(TOKEN, () => reply(429, {}, { 'retry-after': '60' }));
    await assert.rejects(long.sender.invite(person), /429/);
    assert.deepEqual(long.waits, []);
    const always = tenant(TOKEN, ...Array.from({ length: 9 }, () => () => reply(429)));
    await assert.rejects(always.sender.invite(person), /429/);
    assert.equal(always.asked.length, 5);
  });

  it('is refused for an address that has an account, and says no address in any error', async () => {
    for (const status of [400, 409]) {
      const { sender } = tenant(TOKEN, () => reply(status, { message: 'new@uk.example exists' }));
      await assert.rejects(sender.invite(person), InvitationRefusedError);
    }
    for (const answers of [[() => reply(403)], [TOKEN, () => reply(500, { message: 'new@uk.example' })]]) {
      await assert.rejects(
        tenant(...answers).sender.invite(person),
        (error) => error instanceof Error && !(error.stack ?? '').includes('new@uk.example'),
      );
    }
  });

  it('leaves no account behind where there is no ticket for it', async () => {
    const { sender, asked } = tenant(
      TOKEN,
      USER,
      () => reply(500),
      () => reply(204),
    );
    await assert.rejects(sender.invite(person), /ticket/);
    assert.deepEqual([asked.at(-1)?.method, asked.at(-1)?.path], ['DELETE', '/api/v2/users/auth0%7Cnew']);
  });
});
