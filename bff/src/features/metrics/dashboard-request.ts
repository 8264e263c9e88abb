import type { Request } from 'express';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { DashboardVersionError, MAX_FILTER_VALUES, resolveVariables, upgradeDashboard } from '@lumina/contracts';
import type { Bin, DashboardVariable, MetricQuery, QueryRange, RowScope, VariableValues } from '@lumina/contracts';
import {
  DashboardSchema,
  IdSchema,
  MAX_QUERIES,
  MetricQueryRequestSchema,
  MetricQuerySchema,
} from '@lumina/contracts/schemas';
import { HttpProblem } from '../../http/problem.ts';

const dashboardCheck = Compile(DashboardSchema);
/** A board without widgets asks nothing, and that is no mistake. */
export const dashboardRequestCheck = Compile(
  Type.Object(
    {
      ...MetricQueryRequestSchema.properties,
      queries: Type.Array(MetricQuerySchema, { maxItems: MAX_QUERIES }),
    },
    { additionalProperties: false },
  ),
);
const valuesCheck = Compile(Type.Array(IdSchema, { maxItems: MAX_FILTER_VALUES }));
const DEFAULT_RANGE = { last: '1h' } as const;
/** `?var-queue=q1&var-queue=q2` chooses values of the variable `queue`; an empty value chooses everything. */
const VARIABLE_PREFIX = 'var-';

function chosenValues(query: Request['query'], variables: readonly DashboardVariable[]): VariableValues {
  const entries = Object.entries(query).flatMap(([key, value]): [string, readonly string[]][] => {
    if (!key.startsWith(VARIABLE_PREFIX)) return [];
    const name = key.slice(VARIABLE_PREFIX.length);
    if (!variables.some((variable) => variable.name === name)) {
      throw new HttpProblem('invalid_request', `query/${key} names a variable that the dashboard does not have.`);
    }
    const values = [value].flat().filter((one) => one !== '');
    if (!valuesCheck.Check(values)) {
      throw new HttpProblem(
        'invalid_request',
        `query/${key} takes at most ${String(MAX_FILTER_VALUES)} ids; repeat it for each.`,
      );
    }
    return [[name, values]];
  });
  return Object.fromEntries(entries);
}

/** What widgets with the same range, bins and zone ask together. */
export interface WidgetsRequest {
  readonly range: QueryRange;
  readonly bin?: Bin;
  readonly timeZone?: string;
  readonly queries: readonly MetricQuery[];
}

/**
 * What the widgets of a stored dashboard ask, with the values of its variables: first those that follow the dashboard (or
 * `timeRange` in its place), though there may be none, then those with a range, bins or a zone of their own. Not yet
 * checked against {@link dashboardRequestCheck}.
 */
export function requestsOfDashboard(
  body: unknown,
  query: Request['query'],
  scope: RowScope | undefined,
): readonly WidgetsRequest[] {
  const dashboard = currentDashboard(body);
  if (!dashboardCheck.Check(dashboard))
    throw new HttpProblem('invalid_request', 'The stored dashboard is not valid; open and save it again.');
  const variables = dashboard.variables ?? [];
  const terms = { variables, values: chosenValues(query, variables), scope };
  const { timeRange } = query;
  const common: Omit<WidgetsRequest, 'queries'> = {
    range: typeof timeRange === 'string' ? { last: timeRange } : (dashboard.range ?? DEFAULT_RANGE),
    ...(dashboard.timeZone === undefined ? {} : { timeZone: dashboard.timeZone }),
  };
  const requests = new Map<string, WidgetsRequest>([[JSON.stringify(common), { ...common, queries: [] }]]);
  for (const { id, query: own, options = {} } of dashboard.widgets) {
    const { range = common.range, bin, timeZone = common.timeZone } = options;
    const frame = { range, ...(timeZone === undefined ? {} : { timeZone }), ...(bin === undefined ? {} : { bin }) };
    const key = JSON.stringify(frame);
    // Widgets name their queries for themselves; here the widget's id tells them apart.
    const queries = [...(requests.get(key)?.queries ?? []), { ...resolveVariables(own, terms), ref: id }];
    requests.set(key, { ...frame, queries });
  }
  return [...requests.values()];
}

function currentDashboard(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  try {
    return upgradeDashboard({ ...body });
  } catch (error) {
    if (!(error instanceof DashboardVersionError)) throw error;
    throw new HttpProblem('invalid_request', error.message, { cause: error });
  }
}
