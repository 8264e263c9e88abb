import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { defaultSettings, permissionsOf } from '@lumina/contracts';
import type { Problem, SettingsVersion, TerritorySettings } from '@lumina/contracts';
import { openStream } from '../../live/testing/live-client.ts';
import { SEED, startDistributor, startRegional } from '../../testing/fixtures.ts';
import type { TestServer } from '../../testing/http-server.ts';
import { startLocalIssuer } from '../../testing/local-issuer.ts';
import type { LocalIssuer } from '../../testing/local-issuer.ts';
import { codeOf, send } from '../../testing/raw-http.ts';
import type { RawReply } from '../../testing/raw-http.ts';

const OFFICE = '203.0.113.7';
const HOME = '198.51.100.9';
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

let issuer: LocalIssuer;
let regional: TestServer;
let distributor: TestServer;
const tokens = new Map<string, string>();

before(async () => {
  issuer = await startLocalIssuer();
  regional = await startRegional(issuer, SEED);
  // The test is the load balancer in front of the distributor.
  distributor = await startDistributor(issuer, { 1: regional.url }, { trustedProxies: ['127.0.0.1/32'] });
  const person = async (name: string, role: 'viewer' | 'editor' | 'admin', more: object = {}): Promise<void> => {
    const claims = { sub: `auth0|${name}`, roles: [role], permissions: permissionsOf([role]), ...more };
    tokens.set(name, await issuer.sign(claims));
  };
  await person('viewer', 'viewer');
  await person('editor', 'editor');
  await person('admin', 'admin');
  await person('foreign', 'admin', { territory_id: 102 });
  await person('tired', 'viewer', { auth_time: nowSeconds() - 3_600 });
  await person('stale', 'viewer', { iat: nowSeconds() - 3_600 });
  const roles = ['super_admin'];
  const root = { sub: 'auth0|root', territory_id: undefined, region_id: undefined, roles };
  tokens.set('root', await issuer.sign({ ...root, permissions: permissionsOf(roles) }));
});
after(async () => {
  await distributor.close();
  await regional.close();
  issuer.close();
});

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the caller is, as the load balancer says. */
  readonly from?: string;
}

function call(
  who: string,
  { method = 'GET', path = '/api/settings', body, headers = {}, from = OFFICE }: Call = {},
): Promise<RawReply> {
  return send(distributor.url, {
    method,
    path,
    headers: {
      Authorization: `Bearer ${tokens.get(who) ?? ''}`,
      'X-Forwarded-For': from,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const parsed = ({ body }: RawReply): SettingsVersion => JSON.parse(body) as SettingsVersion;

async function current(who = 'admin'): Promise<SettingsVersion> {
  const reply = await call(who);
  assert.equal(reply.status, 200, reply.body);
  return parsed(reply);
}

function put(who: string, version: number, body: unknown, more: Call = {}): Promise<RawReply> {
  return call(who, { method: 'PUT', body, headers: { 'If-Match': `"${String(version)}"` }, ...more });
}

/** Changes what stands, and says that it worked. */
async function change(more: Partial<TerritorySettings>): Promise<SettingsVersion> {
  const { version, body } = await current();
  const reply = await put('admin', version, { ...body, ...more });
  assert.equal(reply.status, 200, reply.body);
  return parsed(reply);
}

/** The settings without any limit of networks. */
async function openToAll(): Promise<void> {
  const { version, body } = await current();
  const { ipAllowList: _list, ...open } = body;
  assert.equal((await put('admin', version, open)).status, 200);
}

describe('settings over HTTP', () => {
  it('are the defaults until somebody stores others, under the ETag of their version', async () => {
    const reply = await call('viewer');
    assert.equal(reply.headers.etag, '"0"');
    assert.deepEqual(parsed(reply), {
      version: 0,
      updatedAt: null,
      updatedBy: null,
      body: defaultSettings('Europe/London'),
    });
  });

  it('are changed by administrators only, and a conflict gives both versions back', async () => {
    for (const who of ['viewer', 'editor'])
      assert.equal(codeOf(await put(who, 0, defaultSettings('Europe/London'))), 'forbidden');
    const first = await put('admin', 0, { ...defaultSettings('Europe/London'), retentionDays: 90 });
    assert.deepEqual([first.status, first.headers.etag], [200, '"1"']);
    const mine = { ...defaultSettings('Europe/London'), retentionDays: 30 };
    const second = await put('admin', 0, mine);
    assert.deepEqual([second.status, codeOf(second)], [412, 'conflict']);
    const problem = JSON.parse(second.body) as Problem;
    assert.deepEqual(problem.submitted, mine);
    assert.equal((problem.current as SettingsVersion).body.retentionDays, 90);
    assert.equal((await current()).version, 1);
  });

  it('keep their versions, and an old one put again restores it', async () => {
    await change({ targets: [{ metric: 'queue_service_level', value: 80 }] });
    const { items } = JSON.parse((await call('viewer', { path: '/api/settings/versions' })).body) as {
      items: SettingsVersion[];
    };
    assert.deepEqual(
      items.map(({ version }) => version),
      [2, 1],
    );
    const restored = await put('admin', 2, items[1]?.body);
    assert.deepEqual([restored.status, parsed(restored).version, parsed(restored).body.targets], [200, 3, []]);
  });

  it('refuse what means nothing, and say where', async () => {
    const { version, body } = await current();
    const { monday: _monday, ...noMonday } = body.openingHours;
    const cases: readonly [Record<string, unknown>, RegExp][] = [
      [{ timeZone: 'Europe/Atlantis' }, /body\/timeZone/],
      [{ openingHours: noMonday }, /openingHours/],
      [{ openingHours: { ...body.openingHours, friday: [['09:00', '09:00']] } }, /friday/],
      [
        {
          openingHours: {
            ...body.openingHours,
            friday: [
              ['09:00', '12:00'],
              ['11:00', '13:00'],
            ],
          },
        },
        /overlap/,
      ],
      [
        {
          openingHours: {
            ...body.openingHours,
            friday: [
              ['22:00', '06:00'],
              ['23:00', '23:30'],
            ],
          },
        },
        /overlap/,
      ],
      [{ openingHours: { ...body.openingHours, friday: [['25:00', '26:00']] } }, /friday/],
      [{ holidays: [{ date: '2026-02-30', name: 'None', hours: [] }] }, /holidays\/0\/date/],
      [{ holidays: [0, 1].map((n) => ({ date: '2026-12-25', name: String(n), hours: [] })) }, /twice/],
      [{ targets: [{ metric: 'no_such', value: 1 }] }, /targets\/0\/metric/],
      [{ targets: [0, 1].map((value) => ({ metric: 'call_count', value })) }, /two/],
      [{ retentionDays: 401 }, /retentionDays/],
      [{ ipAllowList: ['10.0.0.1/8'] }, /ipAllowList/],
      [{ ipAllowList: [] }, /ipAllowList/],
      [{ surprise: 1 }, /body/],
    ];
    for (const [more, where] of cases) {
      const reply = await put('admin', version, { ...body, ...more });
      assert.deepEqual([reply.status, codeOf(reply)], [422, 'invalid_request'], reply.body);
      assert.match((JSON.parse(reply.body) as Problem).detail, where);
    }
    assert.equal(codeOf(await call('admin', { method: 'PUT', body })), 'invalid_request');
    assert.equal((await current()).version, version);
  });

  it('of one territory are nobody else’s', async () => {
    await change({ retentionDays: 77 });
    const theirs = await current('foreign');
    assert.deepEqual([theirs.version, theirs.body.retentionDays], [0, 400]);
    assert.equal((await call('foreign', { path: '/api/settings/versions' })).body, '{"items":[]}');
  });

  it('make the zone of the session theirs', async () => {
    await change({ timeZone: 'Asia/Kolkata' });
    const session = await call('viewer', { path: '/api/session' });
    assert.equal((JSON.parse(session.body) as { territory: { timeZone: string } }).territory.timeZone, 'Asia/Kolkata');
  });
});

describe('a list of networks', () => {
  it('never locks out whoever writes it', async () => {
    const { version, body } = await current();
    const reply = await put('admin', version, { ...body, ipAllowList: ['198.51.100.0/24'] });
    assert.equal(codeOf(reply), 'invalid_request');
    assert.match((JSON.parse(reply.body) as Problem).detail, /lock you out.*203\.0\.113\.7/);
  });

  it('lets in its own networks only, whatever a caller writes into a header', async () => {
    await change({ ipAllowList: ['203.0.113.0/24', '2001:db8::/32'] });
    const viewers = (from: string): Promise<RawReply> => call('viewer', { path: '/api/session', from });
    for (const from of [OFFICE, `::ffff:${OFFICE}`, '2001:db8:1::1', `${HOME}, ${OFFICE}`])
      assert.equal((await viewers(from)).status, 200, from);
    for (const from of [HOME, `${OFFICE}, ${HOME}`, '2001:db9::1', 'unknown', '', `${OFFICE}, nonsense`])
      assert.deepEqual(codeOf(await viewers(from)), 'forbidden', from);
    for (const name of ['X-Real-IP', 'Forwarded', 'X-Client-IP', 'X-Lumina-Client-Address', 'True-Client-IP']) {
      const reply = await call('viewer', { path: '/api/session', from: HOME, headers: { [name]: OFFICE } });
      assert.equal(codeOf(reply), 'forbidden', name);
    }
    assert.equal((await call('foreign', { from: HOME })).status, 200, 'another territory is open');
    const acting = { 'X-Territory-Id': '101', 'X-Region-Id': '1', 'X-Reason': 'The list is wrong.' };
    assert.equal((await call('root', { from: HOME, headers: acting })).status, 200, 'whoever must be able to mend it');
  });

  it('is shown to those who decide it', async () => {
    assert.deepEqual((await current()).body.ipAllowList, ['203.0.113.0/24', '2001:db8::/32']);
    assert.equal((await current('editor')).body.ipAllowList, undefined);
    const { body } = await call('viewer', { path: '/api/settings/versions' });
    assert.ok(!body.includes('203.0.113'));
  });

  it('ends streams when it changes; who is outside of it cannot come back', async () => {
    await openToAll();
    const body = { range: { last: '1h' }, queries: [{ ref: 'A', metrics: ['call_count'] }] };
    const token = tokens.get('viewer') ?? '';
    const open = (from: string) => openStream(distributor.url, { token, body, headers: { 'X-Forwarded-For': from } });
    const stream = await open(HOME);
    assert.equal(stream.response.statusCode, 200);
    await change({ ipAllowList: [`${OFFICE}/32`] });
    assert.equal((await stream.frames.until('bye')).reason, 'revoked');
    const again = await open(HOME);
    assert.equal(again.response.statusCode, 403);
    again.leave();
    await openToAll();
  });
});

describe('limits of sessions', () => {
  it('ask for a new sign-in when one is too old, by when it was or when the token was issued', async () => {
    for (const who of ['tired', 'stale']) assert.equal((await call(who)).status, 200);
    await change({ session: { maxStreams: 20, maxAgeMinutes: 30 } });
    for (const who of ['tired', 'stale']) {
      const reply = await call(who);
      assert.deepEqual([reply.status, codeOf(reply)], [401, 'unauthenticated']);
    }
    assert.equal((await call('viewer')).status, 200);
  });

  it('say how many live connections one person may have', async () => {
    await change({ session: { maxStreams: 2 } });
    const body = { range: { last: '1h' }, queries: [{ ref: 'A', metrics: ['call_count'] }] };
    const open = (who: string) => openStream(distributor.url, { token: tokens.get(who) ?? '', body });
    const streams = [await open('viewer'), await open('viewer'), await open('editor')];
    assert.deepEqual(
      streams.map(({ response }) => response.statusCode),
      [200, 200, 200],
    );
    const third = await open('viewer');
    assert.equal(third.response.statusCode, 429);
    for (const { leave } of [...streams, third]) leave();
  });
});
