import { MAGNETIC_RETENTION_DAYS, hasDimension } from '@lumina/contracts';
import type { FactId, MetricFilter, RowScope } from '@lumina/contracts';
import { membershipOf } from '../scans/membership.ts';
import type { RowSelection } from '../scans/sum-merge.ts';
import type { Grid } from '../time/grid.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, QUARTER_MS } from '../time/grid.ts';
import { factsOf } from './facts-of.ts';
import type { PlannedFormula } from './metric-plan.ts';
import { QueryRefusal } from './query-error.ts';
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
  readonly rowsOf: ReadonlyMap<FactId, RowSelection>;
  /** Levels that must be counted from open slices. */
  readonly fromSlices: boolean;
}

const FINE_STATE_TIME_MS = 6 * HOUR_MS;

/** Checks a formula against bins, dimensions and scope and settles which rows it reads; throws `QueryRefusal`. */
export async function prepareFormula(
  asked: AskedFormula,
  grid: Grid,
  audience: Audience,
  directory: AgentDirectory,
): Promise<PreparedFormula> {
  const { formula, filters } = asked;
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
  const groupBy = [...new Set(asked.groupBy)];
  for (const fact of facts) {
    for (const name of [...groupBy, ...filters.map(({ dim }) => dim)]) checkDimension(asked, fact, name);
  }
  const idOfFacts = audience.idOfFacts ?? ((id: string): string => id);
  const memberships = filters.map((filter) => membershipOf({ ...filter, values: filter.values.map(idOfFacts) }));
  const rowsOf = new Map<FactId, RowSelection>();
  for (const fact of facts) {
    const limits = await scopeOf(fact, audience.scope, audience.territoryId, directory);
    rowsOf.set(fact, { fact, limits, filters: memberships, groupBy });
  }
  return { rowsOf, fromSlices };
}

function checkDimension({ name: metric, dimensions }: AskedFormula, fact: FactId, name: string): void {
  if (hasDimension(fact, name)) return;
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
