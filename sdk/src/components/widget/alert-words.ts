import { msg, str } from '@lit/localize';
import type { AlertSeverity } from '@lumina/contracts';
import type { LuminaAlert } from '../../client/alerts.ts';
import { formatTime, formatValueText } from '../../i18n/format.ts';
import { metricDefinition, metricTitle } from '../../i18n/metric-titles.ts';
import type { IconName } from '../icons.ts';
import { toneWord } from '../kind/tones.ts';

/** The sign of a severity; each has a shape of its own. */
export const SEVERITY_ICONS: Readonly<Record<AlertSeverity, IconName>> = {
  critical: 'stop',
  warning: 'alert',
  info: 'info',
};

/** From the gravest down. */
export const BY_GRAVITY = ['critical', 'warning', 'info'] as const satisfies readonly AlertSeverity[];

/** How times and numbers of alerts are told. */
export interface AlertTerms {
  readonly locale: string;
  readonly timeZone: string;
  /** Now, by the service's clock. */
  readonly nowMs: number;
}

/** Since when it fires, with the day where that is not today. */
function sinceText(sinceMs: number, { locale, timeZone, nowMs }: AlertTerms): string {
  const isToday = formatTime(sinceMs, locale, timeZone, 'day') === formatTime(nowMs, locale, timeZone, 'day');
  const time = formatTime(sinceMs, locale, timeZone, isToday ? 'minutes' : 'dayMinutes');
  return msg(str`since ${time}`, { id: 'alert.since' });
}

/** Since when, and the value with which it began: the one that is now stands on the tiles. */
export function alertDetail({ metric, since, value }: LuminaAlert, terms: AlertTerms): string {
  const title = metricTitle(metric);
  const number = formatValueText(value, metricDefinition(metric)?.unit ?? 'count', terms.locale);
  const what =
    value === null
      ? msg(str`${title} without data`, { id: 'alert.noData' })
      : msg(str`${title} ${number} at first`, { id: 'alert.value' });
  return `${sinceText(since, terms)} · ${what}`;
}

/** An alert in one sentence, for tooltips and screen readers. */
export function alertText(alert: LuminaAlert, terms: AlertTerms): string {
  return `${toneWord(alert.severity)}: ${alert.name} · ${alertDetail(alert, terms)}`;
}

/** How many there are. */
export function alertCount(count: number): string {
  return msg(str`${count} alerts`, { id: 'alert.count' });
}
