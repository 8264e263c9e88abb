import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { METRIC_IDS, factDefinition, metricDefinition } from '@lumina/contracts';
import type { FactId, MetricQuery, MetricReply, MetricStat, RowScope } from '@lumina/contracts';
import { evaluateScan } from './fold/evaluate-scan.ts';
import { rowOfFact } from './fold/fact-key.ts';
import { isBeatOf, textOf } from './fold/fact-row.ts';
import type { FactRow } from './fold/fact-row.ts';
import { factsOf } from './plan/facts-of.ts';
import type { QueueMember } from './plan/queue-members.ts';
import type { ScanReaderFactory } from './scans/scan.ts';
import { MetricService } from './service.ts';
import { drawBeats } from './testing/drawn-beats.ts';
import { drawRows } from './testing/drawn-rows.ts';
import { seeded } from './testing/world.ts';
import { HOUR_MS, MINUTE_MS } from './time/grid.ts';

const NOW = Date.parse('2026-03-02T12:03:00Z');
const SPAN = { fromMs: NOW - 3 * HOUR_MS, toMs: NOW };
const EVERY_AGENT = ['-', 'a', 'b', "it's"];
/** Agents change their queues in the middle of bins; one has left before, one serves two, one none. */
const MEMBERS: readonly QueueMember[] = [
  { queueId: 'a', agentId: 'a', fromMs: 0, toMs: NOW - 70 * MINUTE_MS - 1 },
  { queueId: 'b', agentId: 'a', fromMs: NOW - 100 * MINUTE_MS, toMs: null },
  { queueId: 'a', agentId: 'b', fromMs: NOW - 50 * MINUTE_MS + 7, toMs: null },
  { queueId: "it's", agentId: 'b', fromMs: 0, toMs: null },
];
const TEAMS: Readonly<Record<string, readonly string[]>> = { a: ['a', "it's"], b: ['b'] };
const SCOPES: readonly (RowScope | undefined)[] = [
  undefined,
  {},
  { queues: ['a'] },
  { queues: ['b', "it's"] },
  { queues: [] },
  { teams: ['a'] },
  { teams: ['a', 'b'] },
  { teams: [] },
  { agents: ['a', "it's"] },
  { agents: [] },
  { queues: ['a', 'b'], teams: ['a'] },
  { queues: ['a'], agents: ['b'] },
  { teams: ['b'], agents: ['a', 'b'] },
  { queues: ['a', "it's"], teams: ['a', 'b'], agents: ['b', '-'] },
];

const OF_NOBODY: ReadonlySet<FactId> = new Set<FactId>([
  'call_metrics.start',
  'call_metrics.level',
  'call_metrics.ivr',
  'call_metrics.cai',
  'system_metrics.trunk',
  'system_metrics.api',
  'system_metrics.admin',
  'system_metrics.ingest',
  'system_metrics.source',
]);
const QUEUE_FACTS = ['queue_metrics.join', 'queue_metrics.visit', 'queue_metrics.resume', 'queue_metrics.level'];

const serves = (queues: readonly string[], agent: string, atMs: number): boolean =>
  MEMBERS.some(
    ({ queueId, agentId, fromMs, toMs }) =>
      queues.includes(queueId) && agentId === agent && fromMs <= atMs && (toMs === null || atMs < toMs),
  );

/** What a scope leaves of the store, told row by row. */
function isAllowed(row: FactRow, { queues, teams, agents }: RowScope): boolean {
  const { series } = factDefinition(row.fact);
  if (series !== undefined && isBeatOf(row, series)) return true;
  const [queue, team, agent] = ['queue_id', 'team_id', 'agent_id'].map((name) => textOf(row, name));
  const isIn = (ids: readonly string[] | undefined, id = '-'): boolean => ids?.includes(id) ?? true;
  if (QUEUE_FACTS.includes(row.fact) || row.fact === 'call_metrics.event') return isIn(queues, queue);
  if (row.fact === 'agent_metrics.level') return isIn(teams, team);
  if (row.fact === 'call_metrics.call') {
    const ofTeams = teams?.flatMap((id) => TEAMS[id] ?? []);
    return isIn(queues, queue) && isIn(ofTeams, agent) && isIn(agents, agent);
  }
  if (row.fact === 'agent_metrics.slice')
    return (
      (queues === undefined || serves(queues, agent ?? '', row.timeMs)) && isIn(teams, team) && isIn(agents, agent)
    );
  return isIn(queues, queue) && isIn(teams, team) && isIn(agents, agent);
}

function serviceOver(rows: readonly FactRow[], members: readonly QueueMember[]): MetricService {
  const readers: ScanReaderFactory = () => ({
    read: (scan, range) => Promise.resolve(evaluateScan(scan, rows, range)),
    watermark: () => Promise.resolve(NOW),
    account: () => ({ state: 'miss', fetched: 1 }),
  });
  const directory = {
    timeZoneOf: () => Promise.resolve('UTC'),
    agentsOfTeams: (_: unknown, teams: readonly string[]) => Promise.resolve(teams.flatMap((id) => TEAMS[id] ?? [])),
    queueMembers: () => Promise.resolve(members),
  };
  return new MetricService({ readers, directory, clock: () => NOW });
}

interface Asked extends MetricQuery {
  readonly facts: readonly FactId[];
  readonly isPeak: boolean;
}

/** Every metric and statistic, by every grouping and filter that it offers. */
const ASKED = METRIC_IDS.filter((metric) => metric !== 'ingest_lag').flatMap((metric) => {
  const { dimensions, stats } = metricDefinition(metric);
  const groupings = [[], ...dimensions.map((dim) => [dim]), dimensions.slice(-2), dimensions.slice(0, 3)];
  const filters: NonNullable<MetricQuery['filters']>[] = dimensions.flatMap((dim) => [
    [{ dim, op: 'eq' as const, values: ['a'] }],
    [{ dim, op: 'ne' as const, values: ['b', "it's"] }],
  ]);
  const shapes: Pick<MetricQuery, 'groupBy' | 'filters'>[] = [
    ...groupings.map((groupBy) => ({ groupBy })),
    ...filters.map((own) => ({ filters: own })),
    ...dimensions.map((dim, index) => ({ groupBy: [dim], filters: filters[2 * index] ?? [] })),
  ];
  return (Object.keys(stats) as MetricStat[]).flatMap((stat) =>
    shapes.map((shape, index): Asked => {
      const formula = stats[stat];
      assert.ok(formula);
      const ref = `${metric} ${stat} ${String(index)}`;
      return { ref, metrics: [metric], ...shape, options: { stat }, facts: factsOf(formula), isPeak: stat === 'peak' };
    }),
  );
});

async function ask(service: MetricService, scope: RowScope | undefined, bin: '5m' | '1h'): Promise<MetricReply> {
  const queries = ASKED.map(({ facts: _facts, isPeak: _isPeak, ...query }): MetricQuery => query);
  const identity = { territoryId: 101, regionId: 1, permissions: ['metrics:read'] as const };
  return service.query(
    { range: { last: '2h' }, bin, queries },
    scope === undefined ? identity : { ...identity, scope },
  );
}

type OfRef = Readonly<Record<'data' | 'aggregations' | 'errors', readonly unknown[]>>;
function byRef({ data, aggregations, errors }: MetricReply): (ref: string) => OfRef {
  const [ofData, ofTotals, ofErrors] = [data, aggregations, errors].map((list: readonly { readonly ref: string }[]) =>
    Map.groupBy(list, ({ ref }) => ref),
  );
  return (ref) => ({
    data: ofData?.get(ref) ?? [],
    aggregations: ofTotals?.get(ref) ?? [],
    errors: (ofErrors?.get(ref) ?? []).map((error) => (error as unknown as { code: string }).code),
  });
}

describe('a scope', () => {
  const chance = seeded(2_027);
  const beats = drawBeats(chance, 101, SPAN).flatMap((fact) => {
    const id = `${fact.table}.${fact.name}` as FactId;
    return [rowOfFact(id, fact).row];
  });
  const rows = [...drawRows(chance, 3_000, SPAN), ...beats];

  for (const scope of SCOPES) {
    it(`leaves of every metric what the rows in it give: ${scope === undefined ? 'none' : JSON.stringify(scope)}`, async () => {
      const isLimited = scope !== undefined && Object.keys(scope).length > 0;
      const isByAgent = scope?.queues !== undefined || scope?.agents !== undefined;
      const allowed = scope === undefined ? rows : rows.filter((row) => isAllowed(row, scope));
      const visible = MEMBERS.filter(({ queueId }) => scope?.queues?.includes(queueId) ?? true);
      const bin = isByAgent ? '1h' : '5m';
      // Agents now are counted from their slices under such a scope; so they are for who may see every agent there is.
      const counted = isByAgent ? { agents: EVERY_AGENT } : undefined;
      const oracle = serviceOver(allowed, visible);
      const [own, plain, bySlices] = await Promise.all([
        ask(serviceOver(rows, MEMBERS), scope, bin),
        ask(oracle, undefined, bin),
        ask(oracle, counted, bin),
      ]);
      const [ofOwn, ofPlain, ofSlices] = [byRef(own), byRef(plain), byRef(bySlices)];
      let points = 0;
      for (const { ref, facts, isPeak } of ASKED) {
        const isOfLevels = facts.includes('agent_metrics.level');
        const expected = isOfLevels && isByAgent ? ofSlices(ref) : ofPlain(ref);
        const given = ofOwn(ref);
        const isOut = isLimited && (facts.some((fact) => OF_NOBODY.has(fact)) || (isPeak && isOfLevels && isByAgent));
        if (isOut && expected.errors[0] !== 'dimension_unsupported')
          assert.deepEqual(given, { data: [], aggregations: [], errors: ['out_of_scope'] }, ref);
        else assert.deepEqual(given, expected, ref);
        points += given.data.length;
      }
      assert.ok(points > 100, 'much is asked for');
    });
  }
});
