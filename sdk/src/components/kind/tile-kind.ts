import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { WidgetOptions } from '@lumina/contracts';
import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import { emit } from '../../events/events.ts';
import type { LuminaSelectDetail } from '../../events/events.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';
import type { Density, ThemeName } from '../../theme/tokens.ts';
import type { TileTable } from './tile-table.ts';

/** Two instants as details of events carry them. */
export function rangeOf(fromMs: number, toMs: number): LuminaSelectDetail['range'] {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

function hasOtherContent(value: unknown, old: unknown): boolean {
  return value !== old && JSON.stringify(value) !== JSON.stringify(old);
}

/**
 * What the tags of all kinds have in common: the data they are given and how it is to look. They draw what they are
 * given; `<lumina-widget>` feeds them.
 *
 * @fires luminaselect - The reader picked a part; a kind without parts never sends it.
 */
export abstract class TileKind extends LitElement {
  /** What to show. */
  @property({ attribute: false }) view: TileView | undefined;

  /** Name and colour of each series of the view, in its order. */
  @property({ attribute: false, hasChanged: hasOtherContent }) labels: readonly SeriesLabel[] = [];

  /** What the tile is about, for its accessible name. */
  @property({ attribute: false }) heading = '';

  /** Language of numbers and times. */
  @property({ attribute: false }) locale = 'en';

  /** Theme of the surroundings; a canvas has to be told. */
  @property({ reflect: true }) theme: ThemeName = 'light';

  /** How much room things take. */
  @property({ reflect: true }) density: Density = 'comfortable';

  /** Set while the values may not be read as current. */
  @property({ type: Boolean, reflect: true }) muted = false;

  /** How to show it; each kind uses what it can. */
  @property({ attribute: false, hasChanged: hasOtherContent }) options: WidgetOptions = {};

  /** Everything shown, as rows of text: for a table, a reader of screens, or a file. */
  abstract toTable(): TileTable;

  /** The name of a series; with several metrics it says which one. */
  protected nameOf(index: number): string {
    const { view } = this;
    const name = this.labels[index]?.name ?? '';
    const series = view?.series[index];
    if (view === undefined || series === undefined || view.metrics.length < 2) return name;
    const title = metricTitle(series.metric);
    if (series.dimension === '') return title;
    return name.includes(title) ? name : `${name} · ${title}`;
  }

  /** The place of a series in the palette; metrics that share a group take places of their own. */
  protected placeOf(index: number): number {
    const { view } = this;
    const series = view?.series[index];
    const place = this.labels[index]?.place ?? index;
    if (view === undefined || series === undefined || view.metrics.length < 2) return place;
    const metricIndex = view.metrics.findIndex(({ id }) => id === series.metric);
    return series.dimension === '' ? metricIndex : place + metricIndex * METRIC_STRIDE;
  }

  /** Tells the page what the reader picked. */
  protected select(detail: LuminaSelectDetail): void {
    emit(this, 'luminaselect', detail);
  }
}

const METRIC_STRIDE = 3;
