import { msg } from '@lit/localize';
import { METRICS } from '@lumina/contracts';
import type { MetricDefinition } from '@lumina/contracts';

/** The catalogue's entry of a metric; undefined for one that this build does not know. */
export function metricDefinition(metric: string): MetricDefinition | undefined {
  return (METRICS as Readonly<Record<string, MetricDefinition>>)[metric];
}

/** The name of a metric in the current language: the catalogue's title is the English text. */
export function metricTitle(metric: string): string {
  const title = metricDefinition(metric)?.title;
  return title === undefined ? metric : msg(title, { id: `metric.${metric}` });
}

const VALUE_TITLES: Readonly<Record<string, () => string>> = {
  inbound: () => msg('Inbound', { id: 'value.inbound' }),
  outbound: () => msg('Outbound', { id: 'value.outbound' }),
  internal: () => msg('Internal', { id: 'value.internal' }),
  answered: () => msg('Answered', { id: 'value.answered' }),
  abandoned: () => msg('Abandoned', { id: 'value.abandoned' }),
};

/** A name for values of closed sets such as directions; undefined for all others. */
export function valueTitle(value: string): string | undefined {
  return VALUE_TITLES[value]?.();
}
