import { DEFINITION_PRESETS } from '@lumina/contracts';
import type { DefinitionPreset, MetricDefinition, MetricFormula, MetricQueryOptions } from '@lumina/contracts';
import { serviceLevelOptions } from '../evaluate/service-level.ts';
import type { ServiceLevelOptions } from '../evaluate/service-level.ts';
import type { PlannedFormula } from './metric-plan.ts';

const MS_TO_S = 0.001;

/** The rules of a query: those it names, else those of its preset, else those of the product. */
export function serviceLevelRules(options: MetricQueryOptions): ServiceLevelOptions {
  const preset = presetOf(options)?.serviceLevel;
  return serviceLevelOptions({
    formula: options.formula ?? preset?.formula,
    thresholdS: options.thresholdS ?? preset?.thresholdS,
    shortAbandonS: options.shortAbandonS ?? preset?.shortAbandonS,
  });
}

/** The formula of a metric's statistic, or what the preset of the query puts in its place. */
export function formulaOf(definition: MetricDefinition, options: MetricQueryOptions): PlannedFormula {
  const preset = presetOf(options);
  return (preset === undefined ? undefined : ofPreset(definition.id, preset)) ?? ofStat(definition, options.stat);
}

function presetOf({ preset }: MetricQueryOptions): DefinitionPreset | undefined {
  return preset === undefined ? undefined : DEFINITION_PRESETS[preset];
}

function ofPreset(id: string, preset: DefinitionPreset): PlannedFormula | undefined {
  switch (id) {
    case 'call_wait_time':
      return preset.speedOfAnswer === 'answered'
        ? undefined
        : { kind: 'ratio', num: ['visit.wait_ms'], den: ['visit.n'], scale: MS_TO_S };
    case 'queue_abandon_rate':
      return { kind: 'abandonRate', ...preset.abandonRate };
    case 'agent_handle_time':
      return preset.handleTimeIncludesAfterCallWork
        ? undefined
        : { kind: 'ratio', num: ['handle.talk_ms', 'handle.hold_ms'], den: ['handle.n'], scale: MS_TO_S };
    default:
      return undefined;
  }
}

function ofStat(definition: MetricDefinition, stat: MetricQueryOptions['stat']): MetricFormula {
  // A query of several metrics has one `stat`; a metric that does not offer it answers with its own.
  const formula = (stat === undefined ? undefined : definition.stats[stat]) ?? definition.stats[definition.defaultStat];
  if (formula === undefined)
    throw new TypeError(`The metric ${definition.id} has no formula for its default statistic`);
  return formula;
}
