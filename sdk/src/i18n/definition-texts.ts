import { msg } from '@lit/localize';
import { metricDefinition } from './metric-titles.ts';

/** How a metric is computed, in the current language: the catalogue's text is the English one. */
export function definitionText(metric: string): string | undefined {
  const text = metricDefinition(metric)?.text;
  return text === undefined ? undefined : msg(text, { id: `definition.${metric}` });
}
