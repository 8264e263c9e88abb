import { msg, str } from '@lit/localize';
import type { MetricFilter, QueryRange } from '@lumina/contracts';
import { seriesName } from '../../client/tile-view.ts';
import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import type { LuminaScope } from '../../controllers/lumina-scope.ts';
import { metricTitle, valueTitle } from '../../i18n/metric-titles.ts';
import { formatTime } from '../../i18n/format.ts';
import { rangeTitle } from '../../i18n/range-titles.ts';
import type { WidgetQuestion } from './widget-question.ts';

/** Names and places in the palette of all series of a view. */
export function labelsOf(view: TileView, scope: LuminaScope | undefined): readonly SeriesLabel[] {
  if (scope === undefined) return [];
  return view.series.map((series) => {
    scope.colours.seed(series.dimension, scope.names.idsOf(series.dimension));
    return {
      name: seriesName(series, scope.names, valueTitle, msg('Total', { id: 'series.total' })),
      place: series.dimension === '' ? 0 : scope.colours.placeOf(series.dimension, series.value),
    };
  });
}

/** The title of a tile that was given none: its metrics. */
export function headingOf(metrics: readonly string[]): string {
  return metrics.map((metric) => metricTitle(metric)).join(', ');
}

const MOST_NAMES = 2;

function filterText(filter: MetricFilter, scope: LuminaScope | undefined): string {
  const shown = filter.values
    .slice(0, MOST_NAMES)
    .map((value) => scope?.names.nameOf(filter.dim, value) ?? valueTitle(value) ?? value);
  const more = filter.values.length - shown.length;
  const names = `${shown.join(', ')}${more > 0 ? ` +${String(more)}` : ''}`;
  return filter.op === 'ne' ? msg(str`without ${names}`, { id: 'filter.without' }) : names;
}

function rangeWords(range: QueryRange, locale: string, timeZone: string): string {
  if ('last' in range) return rangeTitle(range.last);
  if ('calendar' in range) return rangeTitle(range.calendar);
  const [from, to] = [Date.parse(range.from), Date.parse(range.to)];
  const isOneDay = formatTime(from, locale, timeZone, 'day') === formatTime(to, locale, timeZone, 'day');
  const end = formatTime(to, locale, timeZone, isOneDay ? 'minutes' : 'dayMinutes');
  return `${formatTime(from, locale, timeZone, 'dayMinutes')} – ${end}`;
}

/** What of a tile its small texts speak of. */
export interface TileSubject {
  readonly question: WidgetQuestion | undefined;
  readonly view: TileView | undefined;
  readonly scope: LuminaScope | undefined;
}

/** The range of a tile in words: `last 1 h`, `today`, or its two ends. */
export function rangeText({ question, view, scope }: TileSubject, locale: string): string {
  if (question === undefined) return '';
  const timeZone = view?.timeZone ?? question.timeZone ?? scope?.session?.timeZone ?? 'UTC';
  return rangeWords(question.range, locale, timeZone);
}

/** The small text beside the title: what the tile is limited to, and its range. */
export function subtitleOf(tile: TileSubject, locale: string): string {
  const filters = (tile.question?.query.filters ?? []).map((filter) => filterText(filter, tile.scope));
  return [...filters, rangeText(tile, locale)].join(' · ');
}
