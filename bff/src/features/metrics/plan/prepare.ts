import { MAGNETIC_RETENTION_DAYS, isMetricId, metricDefinition } from '@lumina/contracts';
import type { FactId, MetricDefinition, MetricFormula, MetricQuery, RowScope } from '@lumina/contracts';
import type { RowSelection } from '../scans/scan.ts';
import type { Grid } from '../time/grid.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, QUARTER_MS } from '../time/grid.ts';
import { factsOf } from './facts-of.ts';
import { hasDimension, membershipOf } from './predicates.ts';
import { QueryRefusal } from './query-error.ts';
import { needsOpenSlices, scopeOf } from './scope.ts';
import type { AgentDirectory } from './scope.ts';

/** Who asks, as far as rows are concerned. */
export interface Audience {
  readonly territoryId: number;
  readonly scope?: RowScope | undefined;
}

/** A metric of a query that was found possible, with the rows it needs. */
export interface PreparedMetric {
  readonly definition: MetricDefinition;
  readonly formula: MetricFormula;
  readonly rowsOf: ReadonlyMap<FactId, RowSelection>;
  readonly fromSlices: boolean;
}

const FINE_STATE_TIME_MS = 6 * HOUR_MS;

/** Checks one metric of a query and settles which rows it reads; throws `QueryRefusal`. */
export async function prepareMetric(
  id: string,
  query: Pick<MetricQuery, 'filters' | 'groupBy' | 'options'>,
  grid: Grid,
  audience: Audience,
  directory: AgentDirectory,
): Promise<PreparedMetric> {
  if (!isMetricId(id))
    throw new QueryRefusal('unknown_metric', `There is no metric "${id}"; GET /api/metrics lists them.`);
  const definition = metricDefinition(id);
  const formula = formulaOf(definition, query.options?.stat);
  const levels = factsOf(formula);
  const fromSlices = levels.some((fact) => needsOpenSlices(fact, audience.scope));
  if (fromSlices && formula.kind !== 'last') {
    throw new QueryRefusal(
      'out_of_scope',
      'Peaks of agents are kept per team; your access is limited to queues or agents.',
    );
  }
  const facts: FactId[] = fromSlices ? ['agent_metrics.slice'] : levels;
  checkBin(formula, grid, fromSlices);
  const groupBy = [...new Set(query.groupBy ?? [])];
  for (const fact of facts) {
    for (const name of [...groupBy, ...(query.filters ?? []).map(({ dim }) => dim)])
      checkDimension(definition, fact, name);
  }
  const filters = (query.filters ?? []).map(membershipOf);
  const rowsOf = new Map<FactId, RowSelection>();
  for (const fact of facts) {
    const limits = await scopeOf(fact, audience.scope, audience.territoryId, directory);
    rowsOf.set(fact, { fact, where: [...filters, ...limits], groupBy });
  }
  return { definition, formula, rowsOf, fromSlices };
}

function formulaOf(definition: MetricDefinition, stat: keyof MetricDefinition['stats'] | undefined): MetricFormula {
  // A query of several metrics has one `stat`; a metric that does not offer it answers with its own.
  const formula = (stat === undefined ? undefined : definition.stats[stat]) ?? definition.stats[definition.defaultStat];
  if (formula === undefined)
    throw new TypeError(`The metric ${definition.id} has no formula for its default statistic`);
  return formula;
}

function checkDimension(definition: MetricDefinition, fact: FactId, name: string): void {
  if (hasDimension(fact, name)) return;
  throw new QueryRefusal(
    'dimension_unsupported',
    `${definition.id} cannot be filtered or grouped by "${name}"; it knows ${definition.dimensions.join(', ')}.`,
  );
}

function checkBin(formula: MetricFormula, { stepMs, range }: Grid, fromSlices: boolean): void {
  if (formula.kind === 'stock' && stepMs % MINUTE_MS !== 0) {
    throw new QueryRefusal(
      'bin_too_small',
      'An average over waiting time needs bins of whole minutes; use 1m or more.',
    );
  }
  const isStateTime = formula.kind === 'perTime' || formula.kind === 'stateRatio' || fromSlices;
  if (isStateTime && stepMs % QUARTER_MS !== 0 && range.toMs - range.fromMs > FINE_STATE_TIME_MS) {
    throw new QueryRefusal(
      'bin_too_small',
      'State time in bins below 15 minutes is given for at most 6 hours; use 15m or more.',
    );
  }
}

/** Refuses a range that begins before the store's memory. */
export function checkRetention(fromMs: number, nowMs: number): void {
  if (fromMs < nowMs - MAGNETIC_RETENTION_DAYS * DAY_MS) {
    throw new QueryRefusal(
      'beyond_retention',
      `Metrics are kept for ${MAGNETIC_RETENTION_DAYS} days; ask for a later start.`,
    );
  }
}
