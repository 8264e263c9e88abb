import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MetricFilter, MetricQuery, RowKind, RowScope } from '@lumina/contracts';
import { tokenize } from '../../../../local/timestream/src/sql/lexer.ts';
import { LiteralError } from '../../timestream/sql/literal.ts';
import type { QueueMember } from './plan/queue-members.ts';
import { encodeCursor, questionHash } from './rows/cursor.ts';
import { RowService } from './rows/row-service.ts';
import { storeScanReaders } from './scans/store-scan-reader.ts';
import { MetricService } from './service.ts';

const NOW = Date.parse('2026-03-02T10:00:17Z');
const LITERALS = 10_000;

/** Values of one attempt: two of a filter, one of the scope, one of a cursor. */
type Values = readonly [string, string, string, string];

let statements: string[] = [];
/** The values of the attempt. */
let foreign: readonly string[] = [];
const store = {
  query: (sql: string): Promise<[]> => {
    statements.push(sql);
    return Promise.resolve([]);
  },
};
const directory = {
  timeZoneOf: (): Promise<string> => Promise.resolve('Europe/London'),
  agentsOfTeams: (_: unknown, teams: readonly string[]): Promise<readonly string[]> => Promise.resolve(teams),
  // Whoever is called like a queue serves it: some always, and some for as long as the range lasts and less.
  queueMembers: (): Promise<readonly QueueMember[]> =>
    Promise.resolve(
      foreign.flatMap((id) => [
        { queueId: id, agentId: id, fromMs: 0, toMs: null },
        { queueId: id, agentId: `${id}~`, fromMs: NOW - 3_000_000, toMs: null },
      ]),
    ),
  list: (): Promise<[]> => Promise.resolve([]),
};
const readers = storeScanReaders(store);
const metrics = new MetricService({ readers, directory, clock: () => NOW });
const rows = new RowService({
  store,
  readers,
  directory,
  audit: { factsRead: () => Promise.resolve() },
  clock: () => NOW,
});

const filterOf = (dim: string, op: MetricFilter['op'], values: readonly string[]): MetricFilter => ({
  dim,
  op,
  values: [...values],
});
const identityOf = (scope: RowScope): { territoryId: number; regionId: number; scope: RowScope } => ({
  territoryId: 101,
  regionId: 1,
  scope,
});

function askMetrics(query: Partial<MetricQuery>, scope: RowScope): Promise<unknown> {
  return metrics.query(
    { range: { last: '2h' }, bin: '15m', queries: [{ ref: 'A', metrics: ['call_count'], ...query }] },
    { ...identityOf(scope), permissions: ['metrics:read'] },
  );
}

function askRows(kind: RowKind, filters: MetricFilter[], scope: RowScope, key?: string): Promise<unknown> {
  const order = { column: 'wait_ms', isDescending: false };
  const question = questionHash([kind, filters, order, null]);
  const range = { fromMs: NOW - 3_600_000, toMs: NOW };
  const cursor =
    key === undefined ? {} : { order: 'wait_ms', cursor: encodeCursor({ after: { value: 7, key }, range }, question) };
  return rows.query({ rows: kind, filters, ...cursor }, { ...identityOf(scope), sub: 'u', permissions: [] });
}

/** Every way in which foreign text reaches a statement. */
const ways: readonly ((values: Values) => Promise<unknown>)[] = [
  ([a, b, c]) => askMetrics({ filters: [filterOf('queue_id', 'in', [a, b])], groupBy: ['direction'] }, { queues: [c] }),
  ([a, b, c]) =>
    askMetrics({ metrics: ['queue_service_level'], filters: [filterOf('queue_id', 'ne', [a, b])] }, { queues: [c] }),
  ([, , c, d]) => askMetrics({ metrics: ['queue_depth'] }, { queues: [c, d] }),
  ([a, , c]) =>
    askMetrics(
      { metrics: ['queue_depth'], filters: [filterOf('queue_id', 'eq', [a])], options: { stat: 'peak' } },
      { queues: [c] },
    ),
  ([a, b, c]) => askMetrics({ metrics: ['occupancy'], filters: [filterOf('team_id', 'in', [a, b])] }, { teams: [c] }),
  ([a, b, c]) =>
    askMetrics({ metrics: ['occupancy'], filters: [filterOf('queue_id', 'in', [a, c])] }, { queues: [a, b, c] }),
  ([a, , c]) =>
    askMetrics(
      { metrics: ['agent_available_count'], filters: [filterOf('queue_id', 'ne', [a])], options: { stat: 'now' } },
      { queues: [a, c] },
    ),
  ([a, b, c]) =>
    askMetrics({ metrics: ['agent_handle_time'], filters: [filterOf('agent_id', 'in', [a, b])] }, { agents: [c] }),
  ([a, , c]) => askRows('waiting', [filterOf('queue_id', 'eq', [a])], { queues: [c] }),
  ([a, b, c, d]) => askRows('calls', [filterOf('call_id', 'in', [a, b])], { agents: [c] }, d),
  ([a, b, c, d]) => askRows('visits', [filterOf('outcome', 'ne', [a, b])], { queues: [c] }, d),
];

/** The statements of one attempt as tokens, texts but for their place left out; undefined where a value was refused. */
async function structureOf(way: (values: Values) => Promise<unknown>, values: Values): Promise<string[] | undefined> {
  statements = [];
  foreign = values;
  try {
    await way(values);
  } catch (error) {
    if (error instanceof LiteralError) return undefined;
    throw error;
  }
  return statements.map((sql) =>
    tokenize(sql)
      .map(({ kind, text }) => (kind === 'string' ? kind : text))
      .join(' '),
  );
}

const fragments = fc.constantFrom(
  ...[
    "'",
    "''",
    '"',
    '\\',
    "\\'",
    '--',
    '/*',
    '*/',
    ';',
    ')',
    '(',
    '@p',
    '%',
    '_',
    '$',
    '`',
    '{{',
    '}}',
    '\u2019',
    '\uff07',
  ],
  ...[
    "' OR 1=1 --",
    "'); DROP TABLE x; --",
    "U&'\\0027",
    'x\u02bcy',
    '101',
    "' UNION SELECT ",
    'territory_id',
    '\u00a0',
  ],
);
const literal = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  fc.string({ minLength: 1, maxLength: 256 }),
  fc.array(fragments, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
);

test(`no value changes what a statement is made of, in ${String(LITERALS)} attempts`, async () => {
  const expected: (string[] | undefined)[] = [];
  for (const way of ways) expected.push(await structureOf(way, ['a', 'b', 'c', 'd']));
  assert.ok(expected.every((structure) => structure !== undefined && structure.length >= 2));
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(literal, { minLength: 4, maxLength: 4 }),
      fc.nat(ways.length - 1),
      async ([a = '', b = '', c = '', d = ''], at) => {
        const way = ways[at];
        assert.ok(way !== undefined);
        const structure = await structureOf(way, [a, b, c, d]);
        if (structure === undefined) return;
        taken += 1;
        assert.deepEqual(structure, expected[at]);
      },
    ),
    { numRuns: LITERALS / 4 },
  );
  // Refusing everything would be safe too, and useless.
  assert.ok(taken > LITERALS / 20, `${String(taken)} attempts were taken`);
});
