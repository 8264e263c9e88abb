import { FormulaError, checkFormula, evaluateFormula, metricDefinition, partDefinition } from '@lumina/contracts';
import type { CheckedFormula, CustomMetric, FormulaLeaf } from '@lumina/contracts';
import { metricValue } from '../evaluate/metric-value.ts';
import type { Vector } from '../tables/part-table.ts';
import type { Measure, MeasureContext } from './measure.ts';
import type { PlannedFormula, ReadParts } from './metric-plan.ts';
import { planMetric } from './plan-metric.ts';
import { prepareFormula } from './prepare.ts';
import { formulaOf, serviceLevelRules } from './preset.ts';
import { QueryRefusal } from './query-error.ts';
import { definitionVersion, withSettings } from './settings-rules.ts';

/** One thing that a formula reads, planned. */
interface PlannedLeaf {
  readonly read: ReadParts;
  readonly valueOf: (vector: Vector | null) => number | null;
}

/**
 * Plans a tenant's formula: each part and metric it names is read as if it stood alone, with its own filters on top of the
 * query's, and the formula is computed from what they are in a bin or over the whole range. Throws `QueryRefusal`.
 */
export async function planCustomMetric(
  { id, version, formula: text, unit }: Pick<CustomMetric, 'id' | 'version' | 'formula' | 'unit'>,
  context: MeasureContext,
): Promise<Measure> {
  const formula = read(id, text, unit);
  const leaves = await Promise.all(formula.leaves.map((leaf) => planLeaf(id, leaf, context)));
  return {
    id,
    definition: {
      version: definitionVersion(
        version,
        formula.leaves.map(({ target }) => target.id),
        context.query.options ?? {},
        context.settings,
      ),
      text,
      rules: '',
    },
    read: () => Promise.all(leaves.map((leaf) => leaf.read())),
    evaluate: (vectors, elapsedMs) => {
      const values = leaves.map((leaf, index) => leaf.valueOf(vectors[index] ?? null));
      return evaluateFormula(formula, values, elapsedMs);
    },
  };
}

/** A formula is checked before it is stored, but the catalogue that it was checked against may have changed. */
function read(id: string, text: string, unit: CustomMetric['unit']): CheckedFormula {
  try {
    return checkFormula(text, unit);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw new QueryRefusal('unknown_metric', `The formula of ${id} no longer holds: ${error.message}`);
  }
}

async function planLeaf(id: string, leaf: FormulaLeaf, context: MeasureContext): Promise<PlannedLeaf> {
  const { query, grid, nowMs, scans, audience, directory, settings } = context;
  const preset = query.options?.preset;
  const options = withSettings({ ...(preset === undefined ? {} : { preset }), ...leaf.options }, settings);
  const rules = serviceLevelRules(options);
  const { target } = leaf;
  const definition = target.kind === 'metric' ? metricDefinition(target.id) : undefined;
  const formula = definition === undefined ? ofPart(leaf) : formulaOf(definition, options);
  const asked = {
    formula,
    name: `${id} (${target.id})`,
    dimensions: definition?.dimensions ?? ['what all of its parts have'],
    filters: [...(query.filters ?? []), ...leaf.filters],
    groupBy: query.groupBy ?? [],
  };
  const prepared = await prepareFormula(asked, grid, audience, directory);
  const isInSeconds = definition?.unit === 's';
  return {
    read: planMetric(formula, { scans, grid, nowMs, options: rules, ...prepared }),
    valueOf: (vector) => {
      if (definition === undefined) return vector === null ? null : (vector[0] ?? 0);
      const { value, num, den } = metricValue(formula, vector, rules);
      // Formulas count in milliseconds, which is what seconds were made of.
      return !isInSeconds || value === null || num === null || den === null ? value : num / den;
    },
  };
}

function ofPart({ target }: FormulaLeaf): PlannedFormula {
  if (target.kind === 'metric') throw new TypeError('A metric has a formula of its own.');
  return partDefinition(target.id).state === undefined
    ? { kind: 'sum', part: target.id }
    : { kind: 'perTime', parts: [target.id] };
}
