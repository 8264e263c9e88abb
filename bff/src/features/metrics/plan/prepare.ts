import { MAGNETIC_RETENTION_DAYS, hasDimension, isThroughDirectory } from '@lumina/contracts';
import type { FactId, MetricFilter, RowScope } from '@lumina/contracts';
import { membershipOf } from '../scans/membership.ts';
import type { Membership } from '../scans/membership.ts';
import type { SliceSelection } from '../tables/slice-groups.ts';
import type { Grid } from '../time/grid.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, QUARTER_MS } from '../time/grid.ts';
import { factsOf } from './facts-of.ts';
import type { PlannedFormula } from './metric-plan.ts';
import { QueryRefusal } from './query-error.ts';
import { QueueGroups, servedBy } from './queue-members.ts';
import { needsOpenSlices, scopeOf } from './scope.ts';
import type { AgentDirectory } from './scope.ts';

/** Who asks, as far as rows are concerned. */
export interface Audience {
  readonly territoryId: number;
  readonly scope?: RowScope | undefined;
  /** An id that a filter names, as facts have it; default: as it is. */
  readonly idOfFacts?: ((id: string) => string) | undefined;
}

/** A formula that is asked for, with its filters and groups. */
export interface AskedFormula {
  readonly formula: PlannedFormula;
  /** How errors call it. */
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly filters: readonly MetricFilter[];
  readonly groupBy: readonly string[];
}

/** The rows that a formula needs, once it was found possible. */
export interface PreparedFormula {
  readonly rowsOf: ReadonlyMap<FactId, SliceSelection>;
  /** Levels that must be counted from open slices. */
  readonly fromSlices: boolean;
}

const FINE_STATE_TIME_MS = 6 * HOUR_MS;
const QUEUE = 'queue_id';

/** Checks a formula against bins, dimensions and scope and settles which rows it reads; throws `QueryRefusal`. */
export async function prepareFormula(
  asked: AskedFormula,
  grid: Grid,
  audience: Audience,
  directory: AgentDirectory,
): Promise<PreparedFormula> {
  const { formula, filters } = asked;
  const levels = factsOf(formula);
  const names = [...asked.groupBy, ...filters.map(({ dim }) => dim)];
  const isScoped = levels.some((fact) => needsOpenSlices(fact, audience.scope));
  const fromSlices = isScoped || (levels.includes('agent_metrics.level') && names.includes(QUEUE));
  if (fromSlices && formula.kind !== 'last') throw peakRefusal(isScoped);
  const facts: FactId[] = fromSlices ? ['agent_metrics.slice'] : levels;
  checkBin(formula, grid, fromSlices);
  const groupBy = [...new Set(asked.groupBy)];
  for (const fact of facts) {
    for (const name of names) checkDimension(asked, fact, name);
  }
  const idOfFacts = audience.idOfFacts ?? ((id: string): string => id);
  const memberships = filters.map((filter) => membershipOf({ ...filter, values: filter.values.map(idOfFacts) }));
  const rowsOf = new Map<FactId, SliceSelection>();
  for (const fact of facts) {
    const limits = await scopeOf(fact, audience.scope, audience.territoryId, directory);
    const rows = { fact, limits, filters: memberships, groupBy };
    const isByQueue = fact === 'agent_metrics.slice' && names.includes(QUEUE);
    rowsOf.set(fact, isByQueue ? await sliceRows(rows, audience, directory) : rows);
  }
  return { rowsOf, fromSlices };
}

function peakRefusal(isScoped: boolean): QueryRefusal {
  return isScoped
    ? new QueryRefusal('out_of_scope', 'Peaks of agents are kept per team; your access is limited to queues or agents.')
    : new QueryRefusal('dimension_unsupported', 'Peaks of agents are kept per team; ask for the average by queue.');
}

/** Slices have no queue: they belong to those that their agent served when they began, as far as the scope shows them. */
async function sliceRows(
  rows: SliceSelection,
  { scope, territoryId }: Audience,
  directory: AgentDirectory,
): Promise<SliceSelection> {
  const members = await directory.queueMembers({ territoryId });
  const isVisible = (id: string): boolean => scope?.queues === undefined || scope.queues.includes(id);
  const filters = rows.filters.map((item) =>
    item.column === QUEUE ? servedBy(members, item.values.filter(isVisible), item.negated) : item,
  );
  if (!rows.groupBy.includes(QUEUE)) return { ...rows, filters };
  return { ...rows, filters, byQueue: new QueueGroups(members, shownQueues(rows.filters, scope)) };
}

/** The queues that groups may name: those that every filter on queues names and the scope shows; undefined where all may. */
function shownQueues(filters: readonly Membership[], scope: RowScope | undefined): ReadonlySet<string> | undefined {
  const named = filters
    .filter(({ column, negated }) => column === QUEUE && !negated)
    .map(({ values }) => new Set(values));
  const sets = scope?.queues === undefined ? named : [...named, new Set(scope.queues)];
  return sets.length === 0 ? undefined : sets.reduce((left, right) => left.intersection(right));
}

function checkDimension({ name: metric, dimensions }: AskedFormula, fact: FactId, name: string): void {
  if (hasDimension(fact, name) || isThroughDirectory(fact, name)) return;
  throw new QueryRefusal(
    'dimension_unsupported',
    `${metric} cannot be filtered or grouped by "${name}"; it knows ${dimensions.join(', ')}.`,
  );
}

function checkBin(formula: PlannedFormula, { stepMs, range }: Grid, fromSlices: boolean): void {
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

/** Refuses a range that begins before what the territory's settings promise, or before the store's memory. */
export function checkRetention(fromMs: number, nowMs: number, retentionDays: number = MAGNETIC_RETENTION_DAYS): void {
  const days = Math.min(retentionDays, MAGNETIC_RETENTION_DAYS);
  if (fromMs >= nowMs - days * DAY_MS) return;
  const why = days < MAGNETIC_RETENTION_DAYS ? 'This territory gives metrics of the last' : 'Metrics are kept for';
  throw new QueryRefusal('beyond_retention', `${why} ${days} days; ask for a later start.`);
}
