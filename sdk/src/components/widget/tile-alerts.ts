import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { AlertSeverity, MetricFilter } from '@lumina/contracts';
import type { LuminaAlert } from '../../client/alerts.ts';
import type { TileView } from '../../client/tile-view.ts';
import { AlertsController } from '../../controllers/alerts-controller.ts';
import type { LuminaScope } from '../../controllers/lumina-scope.ts';
import { ICONS } from '../icons.ts';
import { BY_GRAVITY, SEVERITY_ICONS, alertText } from './alert-words.ts';
import { requestOf } from './widget-question.ts';
import type { WidgetQuestion } from './widget-question.ts';

/** What fires about the very numbers of a tile, in words. */
export interface TileAlarm {
  /** The gravest of them. */
  readonly severity: AlertSeverity;
  /** One sentence each, the newest first. */
  readonly words: readonly string[];
}

function keyOf(filters: readonly MetricFilter[]): string {
  return JSON.stringify(filters.map(({ dim, op, values }) => [dim, op, ...[...values].sort()].join(' ')).sort());
}

/** The gravest severity among some alerts. */
export function gravestOf(alerts: readonly LuminaAlert[]): AlertSeverity {
  return BY_GRAVITY.find((severity) => alerts.some((alert) => alert.severity === severity)) ?? 'info';
}

/** What a tile knows of itself. */
interface Tile {
  readonly question: WidgetQuestion | undefined;
  readonly view: TileView | undefined;
  readonly scope: LuminaScope | undefined;
  readonly nowMs: number;
}

/**
 * The alerts about what a tile asks for: of one of its metrics, with the filters it asks with. One that looks at more or
 * at less says nothing of the tile, and of one whose filters are not told nobody knows.
 */
export class TileAlerts extends AlertsController {
  /** What fires about a tile; undefined where nothing does. */
  on({ question, view, scope, nowMs }: Tile, locale: string): TileAlarm | undefined {
    const { firing } = this;
    if (firing.length === 0 || question === undefined || scope === undefined) return undefined;
    const asked = keyOf(requestOf(question, scope).queries[0]?.filters ?? []);
    const alerts = firing.filter(
      ({ metric, filters }) =>
        question.query.metrics.includes(metric) && filters !== undefined && keyOf(filters) === asked,
    );
    if (alerts.length === 0) return undefined;
    const timeZone = view?.timeZone ?? scope.timeZone ?? scope.session?.timeZone ?? 'UTC';
    const words = alerts.map((alert) => alertText(alert, { locale, timeZone, nowMs }));
    return { severity: gravestOf(alerts), words };
  }
}

/** The mark beside the title. */
export function alertMark(alerts: TileAlarm | undefined): TemplateResult | typeof nothing {
  if (alerts === undefined) return nothing;
  const words = alerts.words.join('\n');
  return html`<span .className=${`alerting ${alerts.severity}`} part="alert" .title=${words}
    ><svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[SEVERITY_ICONS[alerts.severity]]}</svg
    ><span class="visually-hidden">${words}</span></span
  >`;
}

/** The same words at the end of the menu, for whoever points with a finger or with keys. */
export function alertEntries(words: readonly string[]): TemplateResult {
  return html`${words.map(
    (text) =>
      html`<div class="entry said" role="menuitem" aria-disabled="true" .tabIndex=${-1}>
        <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS.alert}</svg>${text}
      </div>`,
  )}`;
}
