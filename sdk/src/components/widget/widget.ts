import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { property } from 'lit/decorators.js';
import type { MetricFilter, MetricQueryOptions, WidgetKind, WidgetOptions } from '@lumina/contracts';
import { errorFromQuery } from '../../client/lumina-error.ts';
import type { LuminaError } from '../../client/lumina-error.ts';
import { listOf, metricRequestOf } from '../../client/metric-request.ts';
import { coveredUntilMs, seriesName, tileViewOf } from '../../client/tile-view.ts';
import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import { LATE_AFTER_MS, STALE_AFTER_MS, isCurrent, widgetStateOf } from '../../client/widget-state.ts';
import type { WidgetState } from '../../client/widget-state.ts';
import { MetricQueryController } from '../../controllers/metric-query-controller.ts';
import { SecondTicker } from '../../controllers/second-ticker.ts';
import { emit } from '../../events/events.ts';
import { formatAge, zoneName } from '../../i18n/format.ts';
import { metricTitle, valueTitle } from '../../i18n/metric-titles.ts';
import { rangeTitle } from '../../i18n/range-titles.ts';
import { baseStyles, themeStyles } from '../../theme/theme-styles.ts';
import type { ThemeName } from '../../theme/tokens.ts';
import { ICONS } from '../icons.ts';
import { jsonConverter } from './json-converter.ts';
import { kindElement } from './kind-element.ts';
import { STATE_ICONS, adviceOf, ageText, announcementOf, whatOf } from './state-texts.ts';
import { widgetStyles } from './widget.styles.ts';

let nextId = 1;

/**
 * A tile: one metric, live, with its age and state. Stands anywhere below a `<lumina-provider>`.
 *
 * @summary A live tile for one metric.
 * @fires luminaready - The first data is shown.
 * @fires luminastate - The state changed.
 * @fires luminaerror - A request failed or was refused.
 */
@localized()
export class LuminaWidget extends LitElement {
  static override styles = [themeStyles, baseStyles, widgetStyles];

  /** `stat` shows one number, `line` its course over the range. */
  @property({ reflect: true }) kind: WidgetKind = 'stat';

  /** A metric of the catalogue, e.g. `queue_depth`. */
  @property() metric = '';

  /** Dimensions to group by, separated by commas; lines only. */
  @property({ attribute: 'group-by' }) groupBy = '';

  /** How far back: `15m`, `1h`, `1d`, or a calendar range such as `today`. */
  @property() range = '1h';

  /** Width of a point: `auto`, `10s`, `1m`, `5m`, `15m`, `1h`, `1d`. */
  @property() bin = 'auto';

  /** Filters of the query; as an attribute JSON. */
  @property({ converter: jsonConverter<readonly MetricFilter[]>([]) }) filters: readonly MetricFilter[] = [];

  /** Options of the query such as `{"stat": "now"}`; as an attribute JSON. */
  @property({ converter: jsonConverter<MetricQueryOptions>({}) }) options: MetricQueryOptions = {};

  /** Title of the tile; default the name of the metric. */
  @property() heading = '';

  /** Small text beside the title; default the range. */
  @property() subtitle = '';

  /** How the kind shows its data: target, thresholds, orientation, columns and so on; as an attribute JSON. */
  @property({ converter: jsonConverter<WidgetOptions>({}) }) display: WidgetOptions = {};

  /** Value to reach. */
  @property({ type: Number }) target: number | undefined;

  /** Reporting zone of this tile alone. */
  @property({ attribute: 'time-zone' }) timeZone = '';

  /** From which age on data is called late, in ms. */
  @property({ type: Number, attribute: 'late-after-ms' }) lateAfterMs = LATE_AFTER_MS;

  /** From which age on data is called stale, in ms. */
  @property({ type: Number, attribute: 'stale-after-ms' }) staleAfterMs = STALE_AFTER_MS;

  /** What the tile shows; set by the tile. */
  @property({ reflect: true }) state: WidgetState = 'loading';

  /** The provider's theme; set by the tile. */
  @property({ reflect: true }) theme: ThemeName = 'light';

  readonly #widgetId = `w${String(nextId++)}`;
  readonly #query = new MetricQueryController(this, (scope) =>
    metricRequestOf({
      metric: this.metric,
      range: this.range,
      bin: this.bin,
      groupBy: listOf(this.groupBy),
      filters: this.filters,
      options: this.options,
      ...this.#zoneOption(scope.timeZone),
    }),
  );
  #view: TileView | undefined;
  #viewedReply: unknown;
  #reportedError: LuminaError | undefined;

  constructor() {
    super();
    new SecondTicker(this);
  }

  protected override willUpdate(): void {
    const { reply, scope } = this.#query;
    this.theme = scope?.theme ?? this.theme;
    if (reply !== this.#viewedReply) {
      this.#viewedReply = reply;
      this.#refusal = undefined;
      this.#view =
        reply === undefined ? undefined : tileViewOf(reply, { metrics: listOf(this.metric), stat: this.options.stat });
    }
    this.state = widgetStateOf({
      hasData: reply !== undefined,
      hasValues: this.#view?.hasValues ?? false,
      ageMs: this.#ageMs() ?? 0,
      error: this.#error(),
      lateAfterMs: this.lateAfterMs,
      staleAfterMs: this.staleAfterMs,
    });
  }

  protected override updated(changed: PropertyValues<this>): void {
    const error = this.#error();
    if (changed.has('state')) {
      const from = changed.get('state') ?? 'loading';
      emit(this, 'luminastate', { widgetId: this.#widgetId, from, to: this.state });
      if (from === 'loading' && this.#view !== undefined) emit(this, 'luminaready', { widgetId: this.#widgetId });
    }
    if (error !== this.#reportedError) this.#report(error);
  }

  protected override render(): TemplateResult {
    const heading = this.#heading();
    return html`
      <section class="tile" .ariaLabel=${heading} .ariaBusy=${this.state === 'loading' ? 'true' : 'false'}>
        <div class="edge"></div>
        <header>
          <h3 .title=${heading}>${heading}</h3>
          <span class="subtitle">${this.subtitle || rangeTitle(this.range)}</span>
        </header>
        <div class="body">${this.#body(heading)}</div>
        ${this.#footer()}
        <p class="visually-hidden" role="status">${announcementOf(this.state, heading, this.#error())}</p>
      </section>
    `;
  }

  #heading(): string {
    return this.heading || metricTitle(this.metric);
  }

  #zoneOption(providerZone: string | undefined): { timeZone?: string } {
    const timeZone = this.timeZone || providerZone;
    return timeZone === undefined ? {} : { timeZone };
  }

  /** The first thing wrong: the session's or the query's error, else the service's word on this one query. */
  #error(): LuminaError | undefined {
    if (this.#query.error !== undefined) return this.#query.error;
    const [refused] = this.#query.reply?.errors ?? [];
    if (refused === undefined) return undefined;
    // One object per reply, so that it is reported once.
    this.#refusal ??= errorFromQuery(refused);
    return this.#refusal;
  }

  #refusal: LuminaError | undefined;

  #ageMs(): number | undefined {
    const { reply, scope } = this.#query;
    const untilMs = reply === undefined ? undefined : coveredUntilMs(reply);
    if (untilMs === undefined || scope === undefined) return undefined;
    return Math.max(0, scope.client.clock.nowMs() - untilMs);
  }

  #report(error: LuminaError | undefined): void {
    this.#reportedError = error;
    if (error === undefined) return;
    emit(this, 'luminaerror', {
      widgetId: this.#widgetId,
      code: error.code,
      retryable: error.retryable,
      ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    });
  }

  #body(heading: string): TemplateResult {
    const error = this.#error();
    if (this.state === 'loading') return this.#skeleton();
    if (error !== undefined && (this.state === 'error' || this.state === 'denied' || this.#view === undefined)) {
      return this.#notice(error);
    }
    const view = this.#view;
    if (view === undefined) return this.#skeleton();
    if (this.kind !== 'stat' && !view.hasValues) return this.#emptyNotice();
    return this.#shown(view, heading);
  }

  #shown(view: TileView, heading: string): TemplateResult {
    return kindElement(this.kind, {
      view,
      labels: this.#labels(view),
      heading,
      locale: this.#query.scope?.locale ?? 'en',
      theme: this.theme,
      density: 'comfortable',
      muted: !isCurrent(this.state) && this.state !== 'late',
      options: this.#display(),
      cursor: this.#query.scope?.cursor,
    });
  }

  #display(): WidgetOptions {
    return this.target === undefined ? this.display : { ...this.display, target: this.target };
  }

  #labels(view: TileView): readonly SeriesLabel[] {
    const { scope } = this.#query;
    if (scope === undefined) return [];
    return view.series.map((series) => {
      scope.colours.seed(series.dimension, scope.names.idsOf(series.dimension));
      return {
        name: seriesName(series, scope.names, valueTitle, msg('Total', { id: 'series.total' })),
        place: series.dimension === '' ? 0 : scope.colours.placeOf(series.dimension, series.value),
      };
    });
  }

  #footer(): TemplateResult | typeof nothing {
    if (this.state === 'error' || this.state === 'denied') return nothing;
    const { scope } = this.#query;
    const locale = scope?.locale ?? 'en';
    const ageMs = this.#ageMs();
    const age = ageMs === undefined ? undefined : formatAge(ageMs, locale);
    return html`<footer>
      <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[STATE_ICONS[this.state]]}</svg>
      <span class="age">${ageText(this.state, age)}</span>
      ${
        this.#view === undefined
          ? nothing
          : html`<span class="zone">${zoneName(this.#view.timeZone, locale, this.#view.toMs)}</span>`
      }
    </footer>`;
  }

  #notice(error: LuminaError): TemplateResult {
    return html`<div .className=${`notice ${this.state}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[STATE_ICONS[this.state]]}</svg>
      <p class="what">${whatOf(error)}</p>
      <p>${adviceOf(error)}</p>
      <p class="code">${error.problem ?? error.code}${error.requestId === undefined ? '' : ` · ${error.requestId}`}</p>
      <button type="button" @click=${this.#onRetry}>${msg('Try again', { id: 'action.retry' })}</button>
    </div>`;
  }

  #emptyNotice(): TemplateResult {
    return html`<div class="notice">
      <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS.empty}</svg>
      <p class="what">${msg('No data in this period', { id: 'stat.noData' })}</p>
      <p>${msg('New data appears here by itself.', { id: 'empty.do' })}</p>
    </div>`;
  }

  #skeleton(): TemplateResult {
    return this.kind === 'line'
      ? html`<div class="skeleton legend"></div>
          <div class="skeleton plot"></div>`
      : html`<div class="skeleton number"></div>
          <div class="skeleton spark"></div>`;
  }

  readonly #onRetry = (): void => {
    this.#query.retry();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-widget': LuminaWidget;
  }
}
