import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import express from 'express';
import type { RequestHandler } from 'express';
import { permissionsOf } from '@lumina/contracts';
import type { ConfigChange, Fact, Role, RowScope } from '@lumina/contracts';
import { createPseudonyms } from '../../auth/pseudonyms.ts';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { OwnedConfigStore } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import { toProblem } from '../../http/problem-handler.ts';
import { mountRoutes } from '../../http/route.ts';
import { viewer } from '../../live/testing/live-identity.ts';
import { configEngines } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import { startServer } from '../../testing/http-server.ts';
import type { TestServer } from '../../testing/http-server.ts';
import { createSqlAuditTrail } from '../audit/sql-audit-trail.ts';
import { directoryBodies } from './directory-bodies.ts';
import { createDirectoryFeed } from './directory-feed.ts';
import { directoryEditRoutes } from './directory-edits.ts';
import { createDirectoryRegistrar } from './directory-registrar.ts';
import type { DirectoryEntry } from './directory-store.ts';
import { directoryRoutes } from './directory.ts';
import { createSqlDirectoryEditor } from './sql-directory-editor.ts';
import { createSqlDirectoryFeedStore } from './sql-directory-feed.ts';
import { createSqlDirectoryRegister } from './sql-directory-register.ts';
import { createSqlDirectoryStore } from './sql-directory-store.ts';

const pseudonyms = createPseudonyms('s');
const NOON_MS = Date.parse('2025-06-02T12:00:00Z');

interface Caller {
  readonly role?: Role;
  readonly territoryId?: number;
  readonly scope?: RowScope;
}
interface Answer {
  readonly status: number;
  readonly etag: string;
  readonly body: {
    readonly items: readonly (DirectoryEntry & { readonly outcome?: string; readonly agentId?: string })[];
    readonly next: string | null;
    readonly detail?: string;
    readonly code?: string;
  };
}

/** The identity that a test asks with stands in a header. */
const asTold: RequestHandler = (request, _response, next) => {
  const { role = 'admin', ...more } = JSON.parse(request.get('x-caller') ?? '{}') as Caller;
  request.identity = viewer({ ...more, roles: [role], permissions: permissionsOf([role]) });
  next();
};

function factOf(values: Readonly<Record<string, string>>, territoryId = 101): Fact {
  return {
    table: 'agent_metrics',
    name: 'handle',
    territoryId,
    regionId: 1,
    dimensions: values,
    timeMs: NOON_MS,
    eid: 'e',
    version: 1,
    measures: { n: 1, eid: 'e' },
  };
}

function contract(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`changes of the directory on ${name}`, () => {
    let engine: ConfigEngine;
    let store: OwnedConfigStore;
    let server: TestServer;
    let nowMs = NOON_MS;
    const failures: unknown[] = [];

    async function ask(method: string, path: string, body?: unknown, caller: Caller = {}, etag = ''): Promise<Answer> {
      const isText = typeof body === 'string';
      const response = await fetch(`${server.url}/api/directory/${path}`, {
        method,
        headers: {
          'x-caller': JSON.stringify(caller),
          ...(etag === '' ? {} : { 'if-none-match': etag }),
          ...(body === undefined ? {} : { 'content-type': isText ? 'application/x-ndjson' : 'application/json' }),
        },
        ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed = (text === '' ? {} : JSON.parse(text)) as Answer['body'];
      return { status: response.status, etag: response.headers.get('etag') ?? '', body: parsed };
    }
    const outcomes = ({ body }: Answer): (string | undefined)[] => body.items.map(({ outcome }) => outcome);
    const entry = async (kind: string, id: string, caller: Caller = {}): Promise<DirectoryEntry | undefined> =>
      (await ask('GET', kind, undefined, caller)).body.items.find((one) => one.id === id);
    const ids = async (path: string, caller: Caller = {}): Promise<string[]> =>
      (await ask('GET', path, undefined, caller)).body.items.map(({ id }) => id);

    const meet = (...facts: readonly Fact[]): Promise<void> | void =>
      createDirectoryRegistrar({
        register: createSqlDirectoryRegister(store),
        onFailure: (error) => failures.push(error),
      }).take({
        shardId: 's',
        sequence: '1',
        records: [{ v: 1, source: 's/0', seq: 1, watermark: 0, facts }],
      });
    async function tell(externalId: string, atMs: number, change: ConfigChange['change']): Promise<void> {
      const feed = createDirectoryFeed({
        store: createSqlDirectoryFeedStore(store),
        onRefused: (_what, reason) => failures.push(reason),
      });
      const time = new Date(atMs).toISOString();
      const event = { v: 1, id: `${externalId}${time}`, type: 'CONFIG_CHANGE', source: 'platform', time } as const;
      const changes: ConfigChange[] = [
        { ...event, territoryId: 101, regionId: 1, entity: 'agent', externalId, change },
      ];
      const records = [{ v: 1, source: 's/0', seq: 1, watermark: 0, facts: [], changes } as const];
      await feed.take({ shardId: 'shard-0', sequence: '1', records });
    }

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      await store.migrate();
      await importSeed(store, SEED);
      const directory = createSqlDirectoryStore(store);
      const editor = createSqlDirectoryEditor(store, createSqlAuditTrail(store));
      const app = express();
      app.use(asTold);
      app.use('/api', directoryBodies());
      app.use(
        mountRoutes([
          ...directoryRoutes(directory, pseudonyms),
          ...directoryEditRoutes({ store: directory, editor, pseudonyms, clock: () => nowMs }),
        ]),
      );
      const told: express.ErrorRequestHandler = (error: unknown, _request, response, _next) => {
        const problem = toProblem(error);
        if (problem.code === 'internal') failures.push(error);
        response.status(problem.status).json(problem.toBody('r'));
      };
      app.use(told);
      server = await startServer(app);
    });
    after(async () => {
      await server.close();
      await store.close();
      await engine.stop();
      assert.deepEqual(failures, []);
    });

    it('takes lists and lines, tells what became of each, and changes nothing twice', async () => {
      const items = [
        { id: 'q_sales', name: 'Sales desk', timeZone: 'Europe/London' },
        { id: 'q_more', name: 'More', externalId: 'x-1' },
      ];
      assert.deepEqual(outcomes(await ask('PUT', 'queues?dryRun=true', items)), ['updated', 'created']);
      assert.equal((await entry('queues', 'q_sales'))?.name, 'Sales');
      assert.deepEqual(outcomes(await ask('PUT', 'queues', items)), ['updated', 'created']);
      assert.deepEqual(await entry('queues', 'q_sales'), {
        id: 'q_sales',
        name: 'Sales desk',
        timeZone: 'Europe/London',
      });
      const lines = items.map((item) => JSON.stringify(item)).join('\n');
      assert.deepEqual(outcomes(await ask('PUT', 'queues', lines)), ['unchanged', 'unchanged']);
      assert.equal((await ask('PUT', 'queues', '{"id":"a"}\n{"id"')).status, 400);
      assert.equal((await entry('queues', 'q_sales', { territoryId: 102 }))?.name, 'Ventes');
    });

    it('keeps all of a list or nothing of it', async () => {
      const bad = [{ id: 'q_good', name: 'Good' }, { id: 'q_bad', timeZone: 'Mars/Olympus' }, { id: 'q_good' }];
      const refused = await ask('PUT', 'queues', bad);
      assert.equal(refused.status, 422);
      assert.match(refused.body.detail ?? '', /item 1 \(q_bad\).*item 2 \(q_good\) is named more than once/);
      assert.deepEqual(outcomes(await ask('PUT', 'queues?dryRun=true', bad)), ['refused', 'refused']);
      assert.equal(await entry('queues', 'q_good'), undefined);
      assert.equal((await ask('PUT', 'queues', [{ id: 'q', teamId: 't_a' }])).status, 422);
      const many = Array.from({ length: 5_001 }, (_, index) => ({ id: `q_${String(index)}` }));
      assert.equal((await ask('PUT', 'queues', many)).status, 422);
    });

    it('is for administrators of the whole territory', async () => {
      const item = [{ id: 'q_sales', name: 'Mine' }];
      for (const role of ['viewer', 'editor'] as const)
        assert.equal((await ask('PUT', 'queues', item, { role })).status, 403);
      assert.equal((await ask('PUT', 'queues', item, { scope: { queues: ['q_sales'] } })).status, 403);
      assert.equal((await ask('DELETE', 'agents/ag_1/person', undefined, { role: 'editor' })).status, 403);
      assert.equal((await ask('DELETE', 'agents/ag_1/person', undefined, { territoryId: 102 })).status, 404);
      assert.equal((await ask('PUT', 'queues/q_service/members', { members: [] }, { territoryId: 102 })).status, 404);
      assert.equal((await ask('PUT', 'queues', item, { territoryId: 999 })).status, 404);
      assert.equal((await ask('PUT', 'customers', item)).status, 404);
    });

    it('believes the later of two statements, whoever made it', async () => {
      await tell('ag_2', NOON_MS + 5_000, { name: 'Ben Later', queueIds: ['q_sales'] });
      nowMs = NOON_MS + 1_000;
      const early = await ask('PUT', 'agents', [{ id: 'ag_2', name: 'Ben Earlier', queueIds: [] }]);
      assert.deepEqual(outcomes(early), ['superseded']);
      nowMs = NOON_MS + 9_000;
      assert.deepEqual(outcomes(await ask('PUT', 'agents', [{ id: 'ag_2', name: 'Ben', queueIds: ['q_service'] }])), [
        'updated',
      ]);
      await tell('ag_2', NOON_MS + 8_000, { name: 'Ben Replayed', queueIds: ['q_sales'] });
      const { name: called, queueIds } = (await entry('agents', 'ag_2')) ?? {};
      assert.deepEqual([called, queueIds], ['Ben', ['q_service']]);
      // Both queues keep what was: the change of the feed lasted four seconds.
      const { body } = await ask('GET', 'queues/q_sales/members');
      assert.deepEqual(
        body.items.filter(({ agentId }) => agentId === 'ag_2'),
        [{ agentId: 'ag_2', validFrom: '2025-06-02T12:00:05.000Z', validTo: '2025-06-02T12:00:09.000Z' }],
      );
    });

    it('retires what a list that replaces everything does not name', async () => {
      const replaced = await ask('PUT', 'trunks?mode=replace', [{ id: 'tr_9', name: 'Nine' }]);
      assert.deepEqual(
        replaced.body.items.map(({ id, outcome }) => [id, outcome]),
        [
          ['tr_9', 'created'],
          ['tr_1', 'retired'],
        ],
      );
      assert.deepEqual(await entry('trunks', 'tr_1'), { id: 'tr_1', name: 'London one', retired: true });
    });

    it('keeps from when to when agents serve a queue, without overlaps, and what was before', async () => {
      nowMs = NOON_MS + 60_000;
      const put = (members: readonly object[], mode = 'merge'): Promise<Answer> =>
        ask('PUT', `queues/q_more/members?mode=${mode}`, { members });
      const at = (hour: number): string => `2025-06-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
      assert.equal((await put([{ agentId: 'ag_1', validFrom: at(8), validTo: at(10) }])).status, 204);
      assert.equal((await put([{ agentId: 'ag_1', validFrom: at(12) }, { agentId: 'ag_new' }])).status, 204);
      const overlapping = [
        { agentId: 'ag_1', validFrom: at(1), validTo: at(3) },
        { agentId: 'ag_1', validFrom: at(2) },
      ];
      assert.equal((await put(overlapping)).status, 422);
      assert.equal((await put([{ agentId: 'ag_1', validFrom: at(3), validTo: at(3) }])).status, 422);
      assert.deepEqual((await ask('GET', 'queues/q_more/members')).body.items, [
        { agentId: 'ag_1', validFrom: at(8), validTo: at(10) },
        { agentId: 'ag_1', validFrom: at(12), validTo: null },
        { agentId: 'ag_new', validFrom: '2025-06-02T12:01:00.000Z', validTo: null },
      ]);
      assert.equal((await entry('agents', 'ag_new'))?.unnamed, true);
      await put([{ agentId: 'ag_1', validFrom: at(9) }], 'replace');
      assert.deepEqual((await ask('GET', 'queues/q_more/members')).body.items, [
        { agentId: 'ag_1', validFrom: at(8), validTo: at(9) },
        { agentId: 'ag_1', validFrom: at(9), validTo: null },
        { agentId: 'ag_new', validFrom: '2025-06-02T12:01:00.000Z', validTo: '2025-06-02T12:01:00.000Z' },
      ]);
      const ofTeam = await ask('GET', 'queues/q_more/members', undefined, { scope: { teams: ['t_b'] } });
      assert.deepEqual(ofTeam.body.items, []);
      assert.equal(
        (await ask('GET', 'queues/q_more/members', undefined, { scope: { queues: ['q_sales'] } })).status,
        404,
      );
    });

    it('knows what facts have named, lets it be named later, and finds it by either', async () => {
      const pseudonym = pseudonyms(101)('jane.doe@example.com');
      await meet(
        factOf({ agent_id: pseudonym, queue_id: 'q_met', team_id: 't_met' }),
        factOf({ agent_id: 'ag_1', queue_id: '-', team_id: '*' }),
        factOf({ agent_id: 'ag_other', queue_id: 'q_theirs', team_id: '-' }, 102),
        factOf({ agent_id: 'ag_x', queue_id: 'q_x', team_id: '-' }, 999),
        factOf({ agent_id: 'ag_0', queue_id: 'q_0', team_id: '-' }, 0),
      );
      await meet(factOf({ agent_id: pseudonym, queue_id: 'q_met', team_id: 't_met' }));
      assert.deepEqual(await entry('queues', 'q_met'), { id: 'q_met', name: 'q_met', unnamed: true });
      const met = await entry('agents', pseudonym);
      assert.equal(met?.name, `Unnamed agent ${pseudonym.slice(2, 8)}`);
      assert.deepEqual([met.unnamed, met.teamId], [true, 't_met']);
      assert.equal((await entry('agents', 'ag_1'))?.name, 'Amelia Ward');
      assert.equal(await entry('queues', 'q_theirs'), undefined);
      // Whoever may see only a part sees no more of what has no name.
      assert.deepEqual(await ids('queues', { scope: { queues: ['q_sales'] } }), ['q_sales']);
      assert.deepEqual(await ids('agents?q=a_', { scope: { teams: ['t_a'] } }), []);
      assert.deepEqual(await ids('agents?q=a_', { scope: { teams: ['t_met'] } }), [pseudonym]);
      assert.deepEqual(await ids('agents?q=jane.doe@example.com'), [pseudonym]);
      const named = [
        { id: 'jane.doe@example.com', name: 'Jane Doe', externalId: '+44 7700 900123', queueIds: ['q_met'] },
      ];
      assert.deepEqual(outcomes(await ask('PUT', 'agents', named)), ['updated']);
      const known = await entry('agents', pseudonym);
      assert.deepEqual([known?.name, known?.unnamed, known?.queueIds], ['Jane Doe', undefined, ['q_met']]);
      assert.match(known?.externalId ?? '', /^a_/);
      assert.deepEqual(await ids('agents?q=jane%20d'), [pseudonym]);
      const kept = await store.withTenant({ territoryId: 101 }, (transaction) =>
        transaction.selectFrom('agents').selectAll().execute(),
      );
      assert.doesNotMatch(JSON.stringify(kept), /example\.com|7700/);
    });

    it('forgets a person, whatever is told again', async () => {
      nowMs = NOON_MS + 120_000;
      const before = await ask('GET', 'agents?q=Amelia');
      assert.equal((await ask('DELETE', 'agents/ag_1/person')).status, 204);
      const erased = await entry('agents', 'ag_1');
      assert.deepEqual([erased?.name, erased?.externalId, erased?.erased], ['Erased agent', undefined, true]);
      assert.deepEqual((await ask('GET', 'agents?q=Amelia', undefined, {}, before.etag)).body.items, []);
      await tell('ag_1', nowMs - 1, { name: 'Amelia Ward', externalId: '0055g' });
      await importSeed(store, SEED);
      await meet(factOf({ agent_id: 'ag_1', queue_id: '-', team_id: '-' }));
      assert.equal((await entry('agents', 'ag_1'))?.name, 'Erased agent');
      assert.equal((await entry('agents', 'ag_1'))?.externalId, undefined);
      assert.ok((await entry('agents', 'ag_1'))?.queueIds?.includes('q_sales'), 'memberships stay by id');
      const audited = await store.withTenant({ territoryId: 101 }, (transaction) =>
        transaction.selectFrom('audit_events').select(['action', 'target_id', 'detail']).execute(),
      );
      assert.equal(audited.filter(({ action }) => action === 'person_erased').length, 1);
      assert.doesNotMatch(JSON.stringify(audited), /Amelia|Jane|Ben/);
    });

    it('gives long lists in pages, and nothing again that has not changed', async () => {
      const many = Array.from({ length: 1_203 }, (_, index) => ({
        id: `t_${String(index)}`,
        name: `Team ${String(index % 7)}`,
      }));
      assert.equal((await ask('PUT', 'teams', many)).status, 200);
      const seen: string[] = [];
      let cursor = '';
      do {
        const { body } = await ask('GET', `teams?limit=500${cursor}`);
        seen.push(...body.items.map(({ id }) => id));
        cursor = body.next === null ? '' : `&cursor=${body.next}`;
      } while (cursor !== '');
      assert.equal(new Set(seen).size, seen.length);
      assert.ok(many.every(({ id }) => seen.includes(id)));
      assert.equal((await ask('GET', 'teams')).body.items.length, 1_000);
      assert.equal((await ask('GET', 'teams?cursor=e30')).status, 422);
      const { etag } = await ask('GET', 'queues');
      assert.equal((await ask('GET', 'queues', undefined, {}, etag)).status, 304);
      assert.equal((await ask('GET', 'queues', undefined, { scope: { queues: [] } }, etag)).status, 200);
      assert.equal((await ask('GET', 'queues', undefined, { territoryId: 102 }, etag)).status, 200);
      await ask('PUT', 'queues', [{ id: 'q_sales', name: 'Renamed' }]);
      assert.equal((await ask('GET', 'queues', undefined, {}, etag)).status, 200);
    });

    it('remembers who served what while nothing changes', async () => {
      const directory = createSqlDirectoryStore(store);
      const ours = { territoryId: 101 };
      const first = await directory.queueMembers(ours);
      assert.equal(await directory.queueMembers(ours), first);
      await ask('PUT', 'queues/q_more/members', { members: [{ agentId: 'ag_2' }] });
      const second = await directory.queueMembers(ours);
      assert.notEqual(second, first);
      assert.ok(
        second.some(({ queueId, agentId, toMs }) => queueId === 'q_more' && agentId === 'ag_2' && toMs === null),
      );
      assert.deepEqual(await directory.queueMembers({ territoryId: 102 }), []);
    });
  });
}

for (const [name, startEngine] of configEngines()) contract(name, startEngine);
