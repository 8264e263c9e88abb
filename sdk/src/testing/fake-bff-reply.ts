import { METRICS } from '@lumina/contracts';
import type {
  MetricAggregation,
  MetricDefinition,
  MetricQuery,
  MetricQueryRequest,
  MetricReply,
  MetricSeries,
  QueryError,
} from '@lumina/contracts';
import { FAKE_SESSION, fakeValuesOf } from './fake-bff-directory.ts';
import type { FakeDirectory } from './fake-bff-directory.ts';
import { fakeCompareShiftMs, fakeGridOf } from './fake-bff-range.ts';
import type { FakeGrid } from './fake-bff-range.ts';
import { behaviourOf, lagMsOf } from './fake-bff-scenario.ts';
import type { FakeBehaviour, FakeMetricScenario } from './fake-bff-scenario.ts';
import { fakePoints, fakeTotal } from './fake-bff-values.ts';

/** A value put by a test in place of the invented one: the newest bucket and the total of one series. */
export interface FakePut {
  readonly metric: string;
  readonly value: number | null;
  /** The group's values joined by `,`; empty for the total. */
  readonly group: string;
}

/** What a reply is made from. */
export interface FakeWorld extends FakeBehaviour {
  readonly directory: FakeDirectory;
  /** Points returned as gaps, by index from the newest. */
  readonly gaps: readonly number[];
  readonly puts: readonly FakePut[];
  readonly nowMs: number;
  /** What replies say of the budget for queries. */
  readonly budget?: MetricReply['meta']['budget'];
}

type Group = Readonly<Record<string, string>>;
interface Out {
  readonly data: MetricSeries[];
  readonly aggregations: MetricAggregation[];
  readonly errors: QueryError[];
}

/** Answers a request as the service would. */
export function fakeReply(world: FakeWorld, request: MetricQueryRequest): MetricReply {
  const grid = fakeGridOf(request, world.nowMs);
  const out: Out = { data: [], aggregations: [], errors: [] };
  for (const query of request.queries) answerQuery(world, query, grid, out);
  const metrics = request.queries.flatMap((query) => query.metrics);
  return {
    ...out,
    meta: {
      bin: grid.bin,
      from: grid.fromMs,
      to: grid.toMs,
      timeZone: request.timeZone ?? FAKE_SESSION.territory.timeZone,
      asOf: world.nowMs,
      watermark: world.nowMs - lagMsOf(world, metrics),
      cache: { state: 'hit', fetched: 0 },
      ...(world.budget === undefined ? {} : { budget: world.budget }),
      definitions: definitionsOf(metrics),
    },
  };
}

function definitionsOf(metrics: readonly string[]): MetricReply['meta']['definitions'] {
  const known = METRICS as Readonly<Record<string, MetricDefinition>>;
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const definition = known[metric];
      return definition === undefined ? [] : [[metric, { version: definition.version, text: definition.text }]];
    }),
  );
}

function errorOf(world: FakeWorld, query: QueryError['ref'], metric: string): QueryError | undefined {
  const own = behaviourOf(world, metric);
  if (own === 'denied') return { ref: query, code: 'out_of_scope', detail: 'That lies outside of what you may see.' };
  if (own === 'error') return { ref: query, code: 'bin_too_small', detail: 'The bins are too small for this metric.' };
  if (world.scenario === 'refused') {
    return { ref: query, code: 'unknown_metric', detail: 'There is no such metric.' };
  }
  return undefined;
}

function answerQuery(world: FakeWorld, query: MetricQuery, grid: FakeGrid, out: Out): void {
  for (const metric of query.metrics) {
    const error = errorOf(world, query.ref, metric);
    if (error !== undefined) {
      out.errors.push(error);
      continue;
    }
    const groups = topGroups(world, query, metric, grid);
    for (const group of groups) addSeries(world, { query, metric, group, grid }, out);
    const { compare } = query;
    if (compare === undefined) continue;
    const shiftMs = fakeCompareShiftMs(compare, grid);
    for (const group of groups) addSeries(world, { query, metric, group, grid, shiftMs, compare }, out);
  }
}

interface SeriesRequest {
  readonly query: MetricQuery;
  readonly metric: string;
  readonly group: Group;
  readonly grid: FakeGrid;
  readonly shiftMs?: number;
  readonly compare?: NonNullable<MetricQuery['compare']>;
}

function addSeries(
  world: FakeWorld,
  { query, metric, group, grid, shiftMs = 0, compare }: SeriesRequest,
  out: Out,
): void {
  const name = Object.values(group).join(',');
  const scenario = behaviourOf(world, metric);
  const points = fakePoints(
    scenario,
    metric,
    name,
    grid.starts.map((at) => at - shiftMs),
  );
  for (const point of points) point[0] += shiftMs;
  for (const fromEnd of world.gaps) {
    const gap = points.at(-1 - fromEnd);
    if (gap !== undefined) gap[1] = null;
  }
  let total = fakeTotal(scenario, metric, points);
  const put = compare === undefined ? putOf(world, metric, name) : undefined;
  if (put !== undefined) {
    const last = points.at(-1);
    if (last !== undefined) last[1] = put.value;
    total = put.value;
  }
  const common = { ref: query.ref, metric, group, ...(compare === undefined ? {} : { compare }) };
  out.data.push({ ...common, points });
  out.aggregations.push({ ...common, value: total, num: total, den: total === null ? 0 : 1 });
}

function putOf(world: FakeWorld, metric: string, group: string): FakePut | undefined {
  return world.puts.filter((put) => put.metric === metric && put.group === group).at(-1);
}

function topGroups(world: FakeWorld, query: MetricQuery, metric: string, grid: FakeGrid): readonly Group[] {
  const groups = groupsOf(world, query);
  if (query.top === undefined || groups.length <= query.top) return groups;
  const scenario: FakeMetricScenario = behaviourOf(world, metric);
  const rank = (group: Group): number => {
    const name = Object.values(group).join(',');
    return fakeTotal(scenario, metric, fakePoints(scenario, metric, name, grid.starts)) ?? -1;
  };
  const other = Object.fromEntries(Object.keys(groups[0] ?? {}).map((dimension) => [dimension, 'other']));
  return [...[...groups].sort((a, b) => rank(b) - rank(a)).slice(0, query.top), other];
}

function groupsOf(world: FakeWorld, query: MetricQuery): readonly Group[] {
  let groups: Group[] = [{}];
  for (const dimension of query.groupBy ?? []) {
    const values = fakeValuesOf(world.directory, dimension).filter((value) => passes(query, dimension, value));
    groups = groups.flatMap((group) => values.map((value) => ({ ...group, [dimension]: value })));
  }
  return groups;
}

function passes(query: MetricQuery, dimension: string, value: string): boolean {
  return (query.filters ?? []).every(
    ({ dim, op, values }) => dim !== dimension || (op === 'ne' ? !values.includes(value) : values.includes(value)),
  );
}
