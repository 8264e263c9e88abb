import { SERVICE_LEVEL_FORMULAS, isMetricId, metricDefinition } from '@lumina/contracts';
import type { MetricQuery } from '@lumina/contracts';
import { metricValue } from '../evaluate/metric-value.ts';
import type { MetricValue } from '../evaluate/metric-value.ts';
import type { ServiceLevelOptions } from '../evaluate/service-level.ts';
import type { ScanSet } from '../scans/scan-set.ts';
import type { PartTable, Vector } from '../tables/part-table.ts';
import type { Grid } from '../time/grid.ts';
import type { PlannedFormula } from './metric-plan.ts';
import { planMetric } from './plan-metric.ts';
import { prepareFormula } from './prepare.ts';
import type { Audience } from './prepare.ts';
import { formulaOf, serviceLevelRules } from './preset.ts';
import { definitionVersion, rulesByName, withSettings } from './settings-rules.ts';
import type { DefinitionSettings } from './settings-rules.ts';
import { QueryRefusal } from './query-error.ts';
import type { AgentDirectory } from './scope.ts';

/** A metric, or a tenant's formula, ready to be read: tables of parts, and how a value is computed from them last. */
export interface Measure {
  readonly id: string;
  /** `rules` are those that the query chose where the definition leaves a choice. */
  readonly definition: { readonly version: number | string; readonly text: string; readonly rules: string };
  readonly read: () => Promise<readonly PartTable[]>;
  /** One vector per table; null where the store cannot know. */
  readonly evaluate: (vectors: readonly (Vector | null)[], elapsedMs: number) => MetricValue;
}

/** Everything that planning a metric of a query depends on. */
export interface MeasureContext {
  readonly query: Pick<MetricQuery, 'filters' | 'groupBy' | 'options'>;
  readonly grid: Grid;
  readonly nowMs: number;
  readonly scans: ScanSet;
  readonly audience: Audience;
  readonly directory: AgentDirectory;
  /** The rules of the territory, where the query names none. */
  readonly settings: DefinitionSettings;
}

/** Plans a metric of the catalogue; throws `QueryRefusal`. */
export async function planCatalogueMetric(id: string, context: MeasureContext): Promise<Measure> {
  if (!isMetricId(id))
    throw new QueryRefusal('unknown_metric', `There is no metric "${id}"; GET /api/metrics lists them.`);
  const { query, grid, nowMs, scans, audience, directory, settings } = context;
  const definition = metricDefinition(id);
  const chosen = withSettings(query.options ?? {}, settings);
  const options = serviceLevelRules(chosen);
  const formula = formulaOf(definition, chosen);
  const asked = {
    formula,
    name: id,
    dimensions: definition.dimensions,
    filters: query.filters ?? [],
    groupBy: query.groupBy ?? [],
  };
  const prepared = await prepareFormula(asked, grid, audience, directory);
  const read = planMetric(formula, { scans, grid, nowMs, options, ...prepared });
  return {
    id,
    definition: {
      version: definitionVersion(definition.version, [id], query.options ?? {}, settings),
      text: definition.text,
      rules: ruleText(formula, options) + rulesByName(id, chosen.preset),
    },
    read: async () => [await read()],
    evaluate: ([vector = null]) => metricValue(formula, vector, options),
  };
}

/** The rules that gave a number, where the definition leaves a choice. */
function ruleText(formula: PlannedFormula, { formula: id, thresholdMs, shortAbandonMs }: ServiceLevelOptions): string {
  const [thresholdS, shortS] = [thresholdMs / 1000, shortAbandonMs / 1000];
  if (formula.kind === 'serviceLevel') {
    return ` ${id}: ${SERVICE_LEVEL_FORMULAS[id].text}, T = ${thresholdS} s, S = ${shortS} s.`;
  }
  if (formula.kind !== 'abandonRate') return '';
  const outOf = formula.outOf === 'left' ? 'all visits that ended' : 'visits answered or abandoned';
  return ` Out of ${outOf}${formula.excludesShort ? `, without abandons within ${shortS} s` : ''}.`;
}
