import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { DEFAULT_SERVICE_LEVEL_FORMULA, SERVICE_LEVEL_FORMULAS } from '@lumina/contracts';
import type { MetricQueryOptions, MetricReply } from '@lumina/contracts';
import { metricDefinition, metricTitle } from '../../i18n/metric-titles.ts';
import { definitionText } from '../../i18n/definition-texts.ts';

/** What a definition panel tells of. */
export interface DefinitionInputs {
  readonly metrics: readonly string[];
  readonly options: MetricQueryOptions;
  /** What the service itself says of its metrics; outranks this build's catalogue where their versions differ. */
  readonly served: MetricReply['meta']['definitions'];
  /** E.g. `last 1 h, Europe/London`. */
  readonly range: string;
}

function formula(metric: string, { formula: chosen, thresholdS, shortAbandonS }: MetricQueryOptions) {
  if (metric !== 'queue_service_level') return undefined;
  const id = chosen ?? DEFAULT_SERVICE_LEVEL_FORMULA;
  const { text, source } = SERVICE_LEVEL_FORMULAS[id];
  const limits = `T = ${String(thresholdS ?? 20)} s, S = ${String(shortAbandonS ?? 5)} s`;
  return { text: `${id}: ${text}`, limits, source };
}

function one(metric: string, { served, options }: DefinitionInputs): TemplateResult {
  const known = metricDefinition(metric);
  const version = served[metric]?.version ?? known?.version;
  const isKnownVersion = known !== undefined && version === known.version;
  const text = isKnownVersion ? definitionText(metric) : served[metric]?.text;
  // Where settings of the territory decide too, only the service knows the rules.
  const special = isKnownVersion ? formula(metric, options) : undefined;
  const source = special?.source ?? known?.source;
  return html`<div class="definition-of">
    <h4>${metricTitle(metric)}</h4>
    <p>${text ?? msg('The service does not say how this is computed.', { id: 'definition.none' })}</p>
    ${
      special === undefined
        ? nothing
        : html`<p class="formula"><span>${special.text}</span> <span class="limits">${special.limits}</span></p>`
    }
    <p class="origin">
      ${version === undefined ? nothing : html`<span>${msg(str`Version ${version}`, { id: 'definition.version' })}</span>`}
      ${source === undefined ? nothing : html`<span>${msg(str`Source: ${source}`, { id: 'definition.source' })}</span>`}
    </p>
  </div>`;
}

/** How the numbers of a tile come about. */
export function definitionPanel(inputs: DefinitionInputs): TemplateResult {
  return html`${inputs.metrics.map((metric) => one(metric, inputs))}
    <p class="origin">${inputs.range}</p>`;
}
