import { msg } from '@lit/localize';
import { METRICS } from '@lumina/contracts';
import type {
  AgentState,
  CallDirection,
  CallOutcome,
  EventSource,
  MetricDefinition,
  QueueOutcome,
} from '@lumina/contracts';

/** The catalogue's entry of a metric; undefined for one that this build does not know. */
export function metricDefinition(metric: string): MetricDefinition | undefined {
  return (METRICS as Readonly<Record<string, MetricDefinition>>)[metric];
}

/** The name of a metric in the current language: the catalogue's title is the English text. */
export function metricTitle(metric: string): string {
  const title = metricDefinition(metric)?.title;
  return title === undefined ? metric : msg(title, { id: `metric.${metric}` });
}

type ClosedValue = CallDirection | CallOutcome | QueueOutcome | AgentState | EventSource | '-';

const VALUE_TITLES: Readonly<Record<ClosedValue, () => string>> = {
  inbound: () => msg('Inbound', { id: 'value.inbound' }),
  outbound: () => msg('Outbound', { id: 'value.outbound' }),
  internal: () => msg('Internal', { id: 'value.internal' }),
  answered: () => msg('Answered', { id: 'value.answered' }),
  abandoned: () => msg('Abandoned', { id: 'value.abandoned' }),
  no_answer: () => msg('No answer', { id: 'value.noAnswer' }),
  busy: () => msg('Busy', { id: 'value.busy' }),
  failed: () => msg('Failed', { id: 'value.failed' }),
  timeout: () => msg('Timed out', { id: 'value.timeout' }),
  no_agent: () => msg('No agent', { id: 'value.noAgent' }),
  key: () => msg('Key pressed', { id: 'value.key' }),
  overflow: () => msg('Overflow', { id: 'value.overflow' }),
  callback: () => msg('Callback', { id: 'value.callback' }),
  available: () => msg('Available', { id: 'value.available' }),
  on_contact: () => msg('On contact', { id: 'value.onContact' }),
  acw: () => msg('After-call work', { id: 'value.acw' }),
  away: () => msg('Away', { id: 'value.away' }),
  offline: () => msg('Offline', { id: 'value.offline' }),
  freeswitch: () => msg('FreeSWITCH', { id: 'value.freeswitch' }),
  fsxinetd: () => msg('fsxinetd', { id: 'value.fsxinetd' }),
  platform: () => msg('Platform', { id: 'value.platform' }),
  cai: () => msg('Conversational AI', { id: 'value.cai' }),
  '-': () => msg('None', { id: 'value.none' }),
};

/** A name for values of closed sets such as directions; undefined for all others. */
export function valueTitle(value: string): string | undefined {
  return (VALUE_TITLES as Readonly<Record<string, (() => string) | undefined>>)[value]?.();
}
