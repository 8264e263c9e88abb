import { DEFINITION_PRESETS } from '@lumina/contracts';
import type { DefinitionPresetId, MetricQueryOptions, TerritorySettings } from '@lumina/contracts';

/** What the settings of a territory say about the meaning of metrics. */
export interface DefinitionSettings {
  /** The version of the settings that last changed a meaning; 0 = the product's own definitions. */
  readonly definitionsVersion: number;
  readonly body: Pick<TerritorySettings, 'preset' | 'serviceLevel'>;
}

/** The product's own definitions. */
export const PRODUCT_DEFINITIONS: DefinitionSettings = {
  definitionsVersion: 0,
  body: { preset: 'lumina', serviceLevel: {} },
};

/** The metrics whose meaning settings decide. */
const DECIDED: ReadonlySet<string> = new Set([
  'queue_service_level',
  'call_wait_time',
  'queue_abandon_rate',
  'agent_handle_time',
]);

/** The options of a query with what the territory's settings say where it says nothing. A preset it names replaces them. */
export function withSettings(options: MetricQueryOptions, { body }: DefinitionSettings): MetricQueryOptions {
  if (options.preset !== undefined) return options;
  // The product's own definitions are those of the catalogue, which are the cheapest to read.
  const preset = body.preset === 'lumina' ? {} : { preset: body.preset };
  return { ...preset, ...body.serviceLevel, ...options };
}

/**
 * The version of a definition as replies tell it: a number as long as only this release decides what it means, else with
 * the version of the settings that decide it too.
 */
export function definitionVersion(
  version: number,
  metricIds: readonly string[],
  { preset, formula, thresholdS, shortAbandonS }: MetricQueryOptions,
  { definitionsVersion }: DefinitionSettings,
): number | string {
  const decidesAll = formula !== undefined && thresholdS !== undefined && shortAbandonS !== undefined;
  const isDecided = preset === undefined && metricIds.some((id) => DECIDED.has(id) && !isOwn(id, decidesAll));
  return isDecided && definitionsVersion > 0 ? `${version}+settings.${definitionsVersion}` : version;
}

/** What versions of one definition have in common, whatever settings decide. */
export function versionOfProduct(version: number | string): number {
  return Number.parseInt(String(version), 10);
}

/** Whether a query that names all rules of the service level leaves nothing of a metric to the settings. */
const isOwn = (id: string, decidesAll: boolean): boolean => id === 'queue_service_level' && decidesAll;

/** Says whose rules a metric follows that has no words for them of its own. */
export function rulesByName(id: string, preset: DefinitionPresetId | undefined): string {
  if (preset === undefined || (id !== 'call_wait_time' && id !== 'agent_handle_time')) return '';
  const { title, speedOfAnswer, handleTimeIncludesAfterCallWork } = DEFINITION_PRESETS[preset];
  if (id === 'call_wait_time' && speedOfAnswer === 'all') return ` ${title}: the waits of all who left are averaged.`;
  const leavesOut = id === 'agent_handle_time' && !handleTimeIncludesAfterCallWork;
  return leavesOut ? ` ${title}: without the work after the contact.` : '';
}
