import type { RowScope } from './identity.ts';
import type { Dashboard, DashboardVariable, MetricFilter } from './schemas/index.ts';

/** What a variable of a dashboard chooses. */
export const VARIABLE_KINDS = ['queue', 'team', 'agent'] as const;
/** What one variable chooses. */
export type VariableKind = (typeof VARIABLE_KINDS)[number];
/** Values of one filter, and of one variable, at most. */
export const MAX_FILTER_VALUES = 100;
/** As a value of a filter or of a variable: what the viewer's own scope names; without a limit there, everything. */
export const MY_SCOPE = '@my';

/** The dimension that a variable of a kind limits. */
export const DIMENSION_OF_VARIABLE = { queue: 'queue_id', team: 'team_id', agent: 'agent_id' } as const;

const SCOPE_OF_DIMENSION: Readonly<Record<string, keyof RowScope>> = {
  queue_id: 'queues',
  team_id: 'teams',
  agent_id: 'agents',
};
const REFERENCE = /^\$([a-z][A-Za-z0-9_]*)$/;

/** Chosen values by the name of a variable: absent = its default, empty = everything. */
export type VariableValues = Readonly<Record<string, readonly string[]>>;

/** What variables are resolved with. */
export interface VariableTerms {
  readonly variables: readonly DashboardVariable[];
  readonly values: VariableValues;
  /** The viewer's; absent = the whole territory. */
  readonly scope: RowScope | undefined;
}

/** Something wrong in a dashboard; `place` is its path in the JSON. */
export interface DashboardFault {
  readonly place: string;
  readonly message: string;
}

/** The values that hold for a variable: those chosen, else its default; empty = everything. */
export function valuesOfVariable(variable: DashboardVariable, values: VariableValues): readonly string[] {
  const chosen = Object.hasOwn(values, variable.name) ? (values[variable.name] ?? []) : (variable.default ?? []);
  return variable.multiple === true ? chosen : chosen.slice(0, 1);
}

/** Undefined = no limit. */
type Resolved = readonly string[] | undefined;

function mine(dim: string, scope: RowScope | undefined): Resolved {
  const part = SCOPE_OF_DIMENSION[dim];
  const ids = part === undefined ? undefined : scope?.[part];
  // The service limits every query to the scope anyway: a list that a filter cannot hold is left to it.
  return ids === undefined || ids.length === 0 || ids.length > MAX_FILTER_VALUES ? undefined : ids;
}

function resolvedValue(dim: string, value: string, terms: VariableTerms): Resolved {
  if (value === MY_SCOPE) return mine(dim, terms.scope);
  if (value.startsWith('$$') || value.startsWith('@@')) return [value.slice(1)];
  const name = REFERENCE.exec(value)?.[1];
  const variable = name === undefined ? undefined : terms.variables.find((one) => one.name === name);
  // What no variable bears this name for was saved before there were any, and means itself.
  if (variable === undefined) return [value];
  const chosen = valuesOfVariable(variable, terms.values);
  if (chosen.length === 0) return undefined;
  const ids = chosen.map((one) => (one === MY_SCOPE ? mine(dim, terms.scope) : [one]));
  return ids.some((one) => one === undefined) ? undefined : ids.flatMap((one) => one ?? []);
}

function resolvedFilter(filter: MetricFilter, terms: VariableTerms): MetricFilter | undefined {
  const parts = filter.values.map((value) => resolvedValue(filter.dim, value, terms));
  if (parts.some((part) => part === undefined)) return undefined;
  const values = [...new Set(parts.flatMap((part) => part ?? []))].slice(0, MAX_FILTER_VALUES);
  return { ...filter, op: filter.op === 'eq' && values.length > 1 ? 'in' : filter.op, values };
}

/**
 * A query with the values of its variables: `$queue`, `$team` and others of the dashboard, `@my`; `$$` and `@@` at the
 * beginning stand for `$` and `@` themselves. A filter that limits nothing is left out. The same for whoever asks, the
 * page or the service: what may be seen is not decided here, since the service limits every query to the scope.
 */
export function resolveVariables<Q extends { readonly filters?: MetricFilter[] }>(query: Q, terms: VariableTerms): Q {
  if (query.filters === undefined) return query;
  const { filters, ...rest } = query;
  const resolved = filters.flatMap((filter) => resolvedFilter(filter, terms) ?? []);
  return (resolved.length === 0 ? rest : { ...rest, filters: resolved }) as Q;
}

function faultsOfVariables(variables: readonly DashboardVariable[]): DashboardFault[] {
  const names = new Set<string>();
  return variables.flatMap(({ name, multiple, default: initial }, index) => {
    const place = `variables/${String(index)}`;
    const faults: DashboardFault[] = [];
    if (names.has(name)) {
      faults.push({ place: `${place}/name`, message: 'is the name of another variable; each needs its own.' });
    }
    names.add(name);
    if (multiple !== true && (initial?.length ?? 0) > 1) {
      faults.push({ place: `${place}/default`, message: 'has several values; say multiple, or keep one.' });
    }
    return faults;
  });
}

function faultOfValue(
  { dim, op }: MetricFilter,
  value: string,
  variables: readonly DashboardVariable[],
): string | undefined {
  const name = REFERENCE.exec(value)?.[1];
  if (name === undefined && value !== MY_SCOPE) return undefined;
  if (op === 'ne') return `names ${value}, which goes with eq and in only.`;
  if (name === undefined) {
    return SCOPE_OF_DIMENSION[dim] === undefined
      ? `names ${MY_SCOPE}, which goes with ${Object.keys(SCOPE_OF_DIMENSION).join(', ')} only.`
      : undefined;
  }
  const variable = variables.find((one) => one.name === name);
  if (variable === undefined) {
    return `names the variable ${value}, which the dashboard does not have; add it, or write $${value} for the text itself.`;
  }
  const own = DIMENSION_OF_VARIABLE[variable.kind];
  return own === dim ? undefined : `names ${value}, which chooses a ${variable.kind} and goes with ${own} only.`;
}

/** What is wrong with the variables of a dashboard that meets its schema, and with the filters that name them. */
export function variableFaults({ variables = [], widgets }: Dashboard): readonly DashboardFault[] {
  const ofFilters = widgets.flatMap(({ query }, widget) =>
    (query.filters ?? []).flatMap((filter, index) =>
      filter.values.flatMap((value, at) => {
        const message = faultOfValue(filter, value, variables);
        const place = `widgets/${String(widget)}/query/filters/${String(index)}/values/${String(at)}`;
        return message === undefined ? [] : [{ place, message }];
      }),
    ),
  );
  return [...faultsOfVariables(variables), ...ofFilters];
}
