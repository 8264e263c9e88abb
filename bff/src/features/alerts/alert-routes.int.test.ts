import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import express, { json } from 'express';
import { pino } from 'pino';
import { permissionsOf } from '@lumina/contracts';
import type { AlertRuleDraft, MetricReply, Role, RowScope } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import { problemHandler } from '../../http/problem-handler.ts';
import { mountRoutes } from '../../http/route.ts';
import { startServer } from '../../testing/http-server.ts';
import type { TestServer } from '../../testing/http-server.ts';
import { alertRuleRoutes } from './alert-routes.ts';
import type { AlertRuleStore, StoredRule } from './alert-rule-store.ts';
import type { Answers } from './ask-rules.ts';
import { webhookRoutes } from './webhook-routes.ts';
import type { WebhookStore } from './webhook-store.ts';

const DRAFT: AlertRuleDraft = {
  name: 'Service level',
  metric: 'queue_service_level',
  window: '15m',
  op: 'lt',
  threshold: 80,
  forS: 60,
  hours: 'always',
  noData: 'keep',
  severity: 'warning',
  enabled: true,
};
const WEBHOOK = {
  id: 'w1',
  version: 1,
  name: 'Pager',
  url: 'https://example.com/secret-path',
  updatedAt: '',
  updatedBy: '',
  formerSecretUntil: null,
};

const stored = (id: string, scope?: RowScope): StoredRule => ({
  id,
  version: 1,
  draft: DRAFT,
  scope,
  updatedAt: '',
  updatedBy: 'u',
});
const RULES = [
  stored('all'),
  stored('sales', { queues: ['q_sales'] }),
  stored('both', { queues: ['q_sales', 'q_service'] }),
];

/** Stores that hold three rules and one endpoint of territory 101, and keep what they are told. */
class Fakes {
  readonly written: [string, string][] = [];
  errors: MetricReply['errors'] = [];

  readonly answers: Answers = {
    query: (request, { scope }) =>
      Promise.resolve({
        data: [],
        aggregations: [],
        errors: this.errors,
        meta: {
          bin: '1m',
          from: 0,
          to: 1,
          timeZone: 'UTC',
          asOf: 1,
          watermark: 1,
          cache: { state: 'miss', fetched: request.queries.length + (scope === undefined ? 0 : 1) },
          definitions: {},
        },
      }),
  };

  readonly rules: AlertRuleStore = {
    list: ({ territoryId }) => Promise.resolve(territoryId === 101 ? RULES : []),
    find: ({ territoryId }, id) =>
      Promise.resolve(territoryId === 101 ? RULES.find((rule) => rule.id === id) : undefined),
    create: (author, draft) => {
      this.written.push(['create', JSON.stringify(author.scope ?? null)]);
      return Promise.resolve(draft.name === 'too many' ? undefined : { ...stored('new', author.scope), draft });
    },
    replace: (_author, id, expectedVersion) => {
      this.written.push(['replace', id]);
      return Promise.resolve(expectedVersion === 1 ? { kind: 'done', rule: stored(id) } : { kind: 'stale' });
    },
    remove: (_author, id) => {
      this.written.push(['remove', id]);
      return Promise.resolve(true);
    },
    history: () => Promise.resolve([]),
    states: () =>
      Promise.resolve(RULES.map(({ id }) => ({ ruleId: id, state: 'normal', since: 1, value: null, problem: null }))),
  };

  readonly webhooks: WebhookStore = {
    list: () => Promise.resolve([WEBHOOK]),
    find: ({ territoryId }, id) => Promise.resolve(territoryId === 101 && id === 'w1' ? WEBHOOK : undefined),
    create: (_actor, draft, secret) => {
      this.written.push(['webhook', secret]);
      return Promise.resolve({ ...WEBHOOK, ...draft });
    },
    replace: (_actor, _id, version) =>
      Promise.resolve(version === 1 ? { kind: 'done', webhook: WEBHOOK } : { kind: 'stale' }),
    rotate: (_actor, id) => Promise.resolve(id === 'w1' ? WEBHOOK : undefined),
    remove: (_actor, id) => Promise.resolve(id === 'w1'),
    deliveries: () => Promise.resolve([]),
    enqueueTest: () => Promise.resolve(undefined),
  };
}

interface Asked {
  readonly method?: string;
  readonly role?: Role;
  readonly scope?: RowScope;
  readonly territoryId?: number;
  readonly body?: unknown;
  readonly version?: number;
}

let fakes: Fakes;
let server: TestServer;
let identity: Identity;

before(async () => {
  const resolve = (): Promise<{ address: string; family: number }[]> =>
    Promise.resolve([{ address: '93.184.215.14', family: 4 }]);
  const app = express();
  app.use((request, _response, next) => {
    request.identity = identity;
    next();
  }, json());
  const forward = {
    rules: new Proxy({} as AlertRuleStore, { get: (_target, name) => fakes.rules[name as keyof AlertRuleStore] }),
    webhooks: new Proxy({} as WebhookStore, { get: (_target, name) => fakes.webhooks[name as keyof WebhookStore] }),
    answers: { query: (...asked: Parameters<Answers['query']>) => fakes.answers.query(...asked) },
  };
  app.use(
    mountRoutes([...webhookRoutes({ ...forward, allowedHosts: new Set(), resolve }), ...alertRuleRoutes(forward)]),
  );
  app.use(problemHandler(pino({ level: 'silent' })));
  server = await startServer(app);
});
after(() => server.close());

async function ask(
  path: string,
  asked: Asked = {},
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const { method = 'GET', role = 'admin', scope, territoryId = 101, body, version } = asked;
  identity = {
    sub: 'somebody',
    kind: 'user',
    territoryId,
    regionId: 1,
    roles: [role],
    permissions: permissionsOf([role]),
    expiresAtSeconds: 4e9,
    issuedAtSeconds: 0,
    ...(scope === undefined ? {} : { scope }),
  };
  const reply = await fetch(`${server.url}/api/alerts${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(version === undefined ? {} : { 'If-Match': `"${String(version)}"` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    headers: reply.headers,
  };
}

const idsOf = ({ body }: { body: Record<string, unknown> }): unknown[] =>
  (body['items'] as Record<string, unknown>[]).map((item) => item['id'] ?? item['ruleId']);
const SALES: RowScope = { queues: ['q_sales'] };

describe('rules', () => {
  before(() => {
    fakes = new Fakes();
  });

  it('are shown to whoever sees at least the rows that they see', async () => {
    for (const path of ['', '/states']) {
      assert.deepEqual(idsOf(await ask(path, { role: 'viewer' })), ['all', 'sales', 'both']);
      assert.deepEqual(idsOf(await ask(path, { role: 'viewer', scope: SALES })), ['sales']);
      assert.deepEqual(idsOf(await ask(path, { role: 'viewer', scope: { teams: ['t'] } })), []);
      assert.deepEqual(idsOf(await ask(path, { role: 'viewer', scope: { queues: [] } })), []);
    }
  });

  it('answer the same where they are out of sight, another territory’s, or not there', async () => {
    const details = [];
    for (const [path, more] of [
      ['/all', { scope: SALES }],
      ['/all', { territoryId: 102 }],
      ['/none', {}],
    ] as const) {
      for (const [method, suffix, body] of [
        ['GET', '', undefined],
        ['GET', '/history', undefined],
        ['PUT', '', DRAFT],
        ['DELETE', '', undefined],
      ] as const) {
        const reply = await ask(`${path}${suffix}`, { method, ...more, body, version: 1 });
        assert.deepEqual([reply.status, reply.body['code']], [404, 'not_found']);
        details.push(String(reply.body['detail']).replace(path.slice(1), 'x'));
      }
    }
    assert.equal(new Set(details).size, 1);
    assert.deepEqual(fakes.written, []);
  });

  it('are written by editors, and see what their editor sees', async () => {
    assert.equal((await ask('', { method: 'POST', role: 'viewer', body: DRAFT })).status, 403);
    const made = await ask('', { method: 'POST', role: 'editor', scope: SALES, body: DRAFT });
    assert.deepEqual([made.status, made.body['limited'], made.headers.get('etag')], [201, true, '"1"']);
    assert.deepEqual(fakes.written, [['create', JSON.stringify(SALES)]]);
    assert.equal(
      (await ask('/sales', { method: 'PUT', role: 'editor', body: DRAFT, version: 7 })).body['code'],
      'conflict',
    );
    assert.equal((await ask('/sales', { method: 'PUT', role: 'editor', body: DRAFT })).status, 400);
    assert.equal((await ask('/sales', { method: 'DELETE', role: 'editor' })).status, 204);
  });

  it('are refused with what is wrong in them', async () => {
    const wrong: [Partial<AlertRuleDraft> | Record<string, unknown>, RegExp][] = [
      [{ window: '25h' }, /body\/window/],
      [{ window: '0m' }, /body\/window/],
      [{ forS: -1 }, /body\/forS/],
      [{ op: 'eq' }, /body\/op/],
      [{ territoryId: 102 }, /territoryId/],
      [{ webhook: 'theirs' }, /no endpoint/],
      [{ metric: 'queue_depth', minVolume: { n: 1 } }, /name what is counted/],
      [
        {
          hours: {
            timeZone: 'Mars/Phobos',
            openingHours: Object.fromEntries(
              ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, []]),
            ),
          },
        },
        /timeZone/,
      ],
      [{ name: 'too many' }, /at most 100/],
    ];
    for (const [more, expected] of wrong) {
      const reply = await ask('', { method: 'POST', body: { ...DRAFT, ...more } });
      assert.equal(reply.body['code'], 'invalid_request', JSON.stringify(more));
      assert.match(String(reply.body['detail']), expected);
    }
    fakes.errors = [{ ref: '0', code: 'out_of_scope', detail: 'Facts belong to no queue.' }];
    const reply = await ask('', { method: 'POST', scope: SALES, body: DRAFT });
    fakes.errors = [];
    assert.match(String(reply.body['detail']), /out_of_scope. Facts belong to no queue/);
  });
});

describe('endpoints', () => {
  before(() => {
    fakes = new Fakes();
  });

  it('are an administrator’s, and whoever only names them sees no path', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const body = { name: 'x', url: 'https://example.com/' };
      const path = method === 'POST' ? '/webhooks' : '/webhooks/w1';
      assert.equal((await ask(path, { method, role: 'editor', body, version: 1 })).status, 403);
    }
    for (const action of ['secret', 'test'])
      assert.equal((await ask(`/webhooks/w1/${action}`, { method: 'POST', role: 'editor' })).status, 403);
    assert.equal((await ask('/webhooks', { role: 'viewer' })).status, 403);
    const urls = async (role: Role): Promise<unknown> =>
      ((await ask('/webhooks', { role })).body['items'] as Record<string, unknown>[])[0]?.['url'];
    assert.equal(await urls('editor'), 'https://example.com');
    assert.equal(await urls('admin'), WEBHOOK.url);
  });

  it('tell their secret once', async () => {
    const made = await ask('/webhooks', { method: 'POST', body: { name: 'x', url: 'https://example.com/' } });
    assert.equal(made.status, 201);
    assert.match(String(made.body['secret']), /^whsec_.{43}$/);
    assert.deepEqual(fakes.written, [['webhook', made.body['secret']]]);
    assert.ok(!JSON.stringify((await ask('/webhooks')).body).includes('whsec_'));
    assert.match(String((await ask('/webhooks/w1/secret', { method: 'POST' })).body['secret']), /^whsec_/);
  });

  it('are refused where they lead to no public address', async () => {
    for (const url of [
      'https://127.0.0.1/',
      'http://example.com/',
      'https://localhost/',
      'https://[::ffff:10.0.0.1]/',
    ]) {
      for (const [method, path] of [
        ['POST', '/webhooks'],
        ['PUT', '/webhooks/w1'],
      ] as const) {
        const reply = await ask(path, { method, body: { name: 'x', url }, version: 1 });
        assert.deepEqual([reply.status, reply.body['code']], [422, 'webhook_address_refused'], url);
      }
    }
  });

  it('are not found where they are not, and not flooded with tests', async () => {
    for (const [method, path] of [
      ['POST', 'secret'],
      ['POST', 'test'],
      ['GET', 'deliveries'],
    ] as const)
      assert.equal((await ask(`/webhooks/other/${path}`, { method })).body['code'], 'not_found');
    assert.equal((await ask('/webhooks/w1/test', { method: 'POST' })).body['code'], 'rate_limited');
  });
});
