import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createPseudonyms, scopeOfFacts } from '../../auth/pseudonyms.ts';
import { RowService } from './rows/row-service.ts';
import { storeScanReaders } from './scans/store-scan-reader.ts';
import { MetricService } from './service.ts';

const NOW = Date.parse('2026-03-02T10:00:17Z');
const ADDRESS = 'bob.smith@example.com';
/** What ingestion stores for the address in territory 101 under the secret `s`; a test of ingestion expects the same. */
const PSEUDONYM = 'a_ac7d44b97907c54988add235210e496c';

const pseudonyms = createPseudonyms('s');
const identity = { sub: 'u', territoryId: 101, regionId: 1, permissions: [] };
const directory = {
  timeZoneOf: (): Promise<undefined> => Promise.resolve(undefined),
  agentsOfTeams: (): Promise<string[]> => Promise.resolve([]),
  queueMembers: (): Promise<never[]> => Promise.resolve([]),
  list: (): Promise<[]> => Promise.resolve([]),
};
let statements: string[] = [];
const store = {
  query: (sql: string): Promise<[]> => {
    statements.push(sql);
    return Promise.resolve([]);
  },
};
const readers = storeScanReaders(store);

beforeEach(() => {
  statements = [];
});

/** What every statement must name, and none may. */
function assertFiltered(): void {
  const limited = statements.filter((sql) => sql.includes('agent_id'));
  assert.ok(limited.length > 0, statements.join('\n'));
  for (const sql of limited) assert.ok(sql.includes(`'${PSEUDONYM}'`), sql);
  assert.ok(!statements.join('\n').includes('bob'));
}

test('a raw id has the pseudonym that ingestion gives it, in its own territory', () => {
  assert.equal(pseudonyms(101)(ADDRESS), PSEUDONYM);
  assert.notEqual(pseudonyms(102)(ADDRESS), PSEUDONYM);
  assert.deepEqual(['ag_1', PSEUDONYM, `m-1:${ADDRESS}:1772532009`].map(pseudonyms(101)), [
    'ag_1',
    PSEUDONYM,
    `m-1:${PSEUDONYM}:1772532009`,
  ]);
});

test('filters of metrics take the raw id', async () => {
  const service = new MetricService({ readers, directory, pseudonyms, clock: () => NOW });
  const filters = [{ dim: 'agent_id', op: 'in' as const, values: [ADDRESS, 'ag_1'] }];
  const request = { range: { last: '1h' }, queries: [{ ref: 'A', metrics: ['agent_handle_time'], filters }] };
  assert.deepEqual((await service.query(request, identity)).errors, []);
  assertFiltered();
});

test('filters of rows take the raw id', async () => {
  const audit = { factsRead: (): Promise<void> => Promise.resolve() };
  const rows = new RowService({ store, readers, directory, audit, pseudonyms, clock: () => NOW });
  await rows.query({ rows: 'calls', filters: [{ dim: 'agent_id', op: 'eq', values: [ADDRESS] }] }, identity);
  assertFiltered();
});

test('a scope that names people limits to what facts call them, and stays as wide as it was', () => {
  const idOfFacts = pseudonyms(101);
  assert.deepEqual(scopeOfFacts({ agents: [ADDRESS, 'ag_1'], teams: [] }, idOfFacts), {
    agents: [PSEUDONYM, 'ag_1'],
    teams: [],
  });
  assert.deepEqual(scopeOfFacts({}, idOfFacts), {});
  assert.deepEqual(scopeOfFacts({ queues: ['support@pbx.example.com'] }, idOfFacts), {
    queues: [idOfFacts('support@pbx.example.com')],
  });
});
