import { LitElement, html } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { property, query, state } from 'lit/decorators.js';
import type { MetricFilter, MetricQuery, MetricQueryOptions, WidgetKind, WidgetOptions } from '@lumina/contracts';
import type { LuminaError } from '../../client/lumina-error.ts';
import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import type { GetToken } from '../../client/token-source.ts';
import { LATE_AFTER_MS, STALE_AFTER_MS, isCurrent } from '../../client/widget-state.ts';
import type { WidgetState } from '../../client/widget-state.ts';
import { BlockSizeController } from '../../controllers/block-size-controller.ts';
import { PopoverController } from '../../controllers/popover-controller.ts';
import { emit } from '../../events/events.ts';
import { usableLocale } from '../../i18n/locale-choice.ts';
import type { ThemePreference } from '../../theme/theme-preference.ts';
import { baseStyles, themeStyles } from '../../theme/theme-styles.ts';
import type { Density, ThemeName } from '../../theme/tokens.ts';
import { copyCsv } from './copy-csv.ts';
import { displayOf, showsTarget } from './display-of.ts';
import { isSignedOut, whatOf } from './error-texts.ts';
import { jsonConverter } from './json-converter.ts';
import { noticeStyles } from './notice.styles.ts';
import { ownConnectionOf } from './own-connection.ts';
import { panelStyles } from './panel.styles.ts';
import { skeletonStyles } from './skeleton.styles.ts';
import { announcementOf } from './state-texts.ts';
import type { TableContents, Tabled } from './table-view.ts';
import { TileAlerts } from './tile-alerts.ts';
import { tileBody } from './tile-body.ts';
import { TileController } from './tile-controller.ts';
import { tileFooter, tileHeader } from './tile-frame.ts';
import { headingOf, labelsOf, rangeText, subtitleOf } from './tile-labels.ts';
import { focusFirstEntry } from './tile-menu.ts';
import type { TileAction } from './tile-menu.ts';
import { TileSlots } from './tile-slots.ts';
import { widgetStyles } from './widget.styles.ts';

let nextId = 1;

/**
 * A tile: one metric or several, live, with its age and state. Stands anywhere below a `<lumina-provider>`, or alone
 * with `base-url` and `getToken` of its own.
 *
 * @summary A live tile: a number, lines, bars, a gauge or a table.
 * @fires luminaready - The first data is shown.
 * @fires luminastate - The state changed.
 * @fires luminaerror - A request failed or was refused.
 * @fires luminaselect - The reader picked a series.
 * @fires luminarange - The reader marked a stretch of time.
 * @fires luminanavigate - The reader wants to sign in again (`{kind: 'sign-in', id: ''}`); cancelable by a host that does it.
 * @fires luminaresize - The height changed.
 * @fires luminaexport - The data was copied as CSV.
 * @slot loading - Replaces the placeholder while the first data is on its way.
 * @slot empty - Replaces the notice of a period without data.
 * @slot error - Replaces the notice of an error.
 * @slot denied - Replaces the notice of a refusal.
 * @csspart tile - The whole tile.
 * @csspart header - Title, subtitle and menu.
 * @csspart heading - The title.
 * @csspart alert - Beside the title: an alert about these numbers fires.
 * @csspart subtitle - What the tile is limited to, and its range.
 * @csspart body - What lies between header and footer.
 * @csspart footer - Age, zone and definition.
 * @csspart age - How old the data is, in words.
 * @csspart note - What to know of numbers that are true all the same: a level carried on, rarer news.
 * @csspart zone - The reporting zone, where it differs from the page's.
 * @csspart notice - What stands in place of data.
 * @csspart button - The button of a notice.
 * @csspart menu-button - Opens the menu.
 * @csspart menu - The menu.
 * @csspart definition-button - Opens the definition.
 * @csspart definition - How the numbers come about.
 * @csspart value - The big number of a stat or gauge.
 * @csspart legend - The legend of a chart.
 * @csspart plot - The drawing of a chart.
 * @csspart table - The table of the kind `table`.
 * @cssproperty [--lumina-tile-min-height] - Least height of the tile; default by kind and density.
 */
@localized()
export class LuminaWidget extends LitElement {
  static override styles = [themeStyles, baseStyles, widgetStyles, noticeStyles, skeletonStyles, panelStyles];

  /** `stat` one number, `line` its course, `bar` a comparison of groups, `gauge` a number before its target, `table`. */
  @property({ reflect: true }) kind: WidgetKind = 'stat';

  /** A metric of the catalogue, e.g. `queue_depth`, or several, separated by commas. */
  @property() metric = '';

  /** Dimensions to group by, separated by commas. */
  @property({ attribute: 'group-by' }) groupBy = '';

  /** How far back: `15m`, `1h`, `1d`, a calendar range such as `today`, or `from/to` in ISO 8601. */
  @property() range = '1h';

  /** Width of a point: `auto`, `10s`, `1m`, `5m`, `15m`, `1h`, `1d`. */
  @property() bin = 'auto';

  /** Filters of the query; as an attribute JSON. */
  @property({ type: Array, converter: jsonConverter<readonly MetricFilter[]>([]) }) filters: readonly MetricFilter[] =
    [];

  /** Options of the query such as `{"stat": "now"}`; as an attribute JSON. */
  @property({ type: Object, converter: jsonConverter<MetricQueryOptions>({}) }) options: MetricQueryOptions = {};

  /** What to compare with: `previous`, `1d` or `7d`. */
  @property() compare = '';

  /** A whole query, as dashboards hold it; outranks the attributes that say the same. */
  @property({ attribute: false }) query: MetricQuery | undefined;

  /** How the kind shows its data, as dashboards hold it; as an attribute JSON. Its range, bin and zone outrank others. */
  @property({ type: Object, converter: jsonConverter<WidgetOptions>({}) }) display: WidgetOptions = {};

  /** Title of the tile; default the names of its metrics. */
  @property() heading = '';

  /** Small text beside the title; default what the tile is limited to, and its range. */
  @property() subtitle = '';

  /** Value to reach. */
  @property({ type: Number }) target: number | undefined;

  /** Tones by value, e.g. `[{"from": 0, "tone": "good"}, {"from": 10, "tone": "critical"}]`; as an attribute JSON. */
  @property({ type: Array, converter: jsonConverter<WidgetOptions['thresholds']>(undefined) })
  thresholds: WidgetOptions['thresholds'];

  /** Reporting zone of this tile alone. */
  @property({ attribute: 'time-zone' }) timeZone = '';

  /** From which age on data is called late, in ms. */
  @property({ type: Number, attribute: 'late-after-ms' }) lateAfterMs = LATE_AFTER_MS;

  /** From which age on data is called stale, in ms. */
  @property({ type: Number, attribute: 'stale-after-ms' }) staleAfterMs = STALE_AFTER_MS;

  /** Address of the API, for a tile without a provider; default the page's own. */
  @property({ attribute: 'base-url' }) baseUrl = '';

  /** Gives access tokens, for a tile without a provider; tiles with the same address and callback share a connection. */
  @property({ attribute: false }) getToken: GetToken | undefined;

  /** A `fetch` of the host's own, for a tile without a provider. */
  @property({ attribute: false }) fetch: typeof fetch | undefined;

  /** Language of numbers, for a tile without a provider. */
  @property() locale = '';

  /** `auto`, `light`, `dark`, `contrast` or `slds`, for a tile without a provider. */
  @property({ attribute: 'preferred-theme' }) preferredTheme: ThemePreference = 'auto';

  /** How much room things take; the provider's, where there is one. */
  @property({ reflect: true }) density: Density = 'comfortable';

  /** What the tile shows; set by the tile. */
  @property({ reflect: true }) state: WidgetState = 'idle';

  /** The theme that applies; set by the tile. */
  @property({ reflect: true }) theme: ThemeName = 'light';

  @state() private isTable = false;
  @state() private table: TableContents | undefined;
  @query('.kind') private kindElement: Tabled | undefined;

  readonly #widgetId = `w${String(nextId++)}`;
  readonly #menu = new PopoverController(this, '.menu', focusFirstEntry);
  readonly #definition = new PopoverController(this, '.definition', (panel) => {
    panel.focus();
  });
  readonly #slots = new TileSlots(this);
  readonly #tile = new TileController(this, () => ({
    words: this,
    own: ownConnectionOf(this),
    lateAfterMs: this.lateAfterMs,
    staleAfterMs: this.staleAfterMs,
  }));
  readonly #alerts = new TileAlerts(this, () => this.#tile.scope);
  #announcement = '';
  #saidState: WidgetState = 'idle';
  #reportedError: LuminaError | undefined;
  #isReadyTold = false;

  constructor() {
    super();
    new BlockSizeController(this);
  }

  /** What is shown, e.g. for an export; undefined before the first answer. */
  get view(): TileView | undefined {
    return this.#tile.view;
  }

  /** Names and places in the palette of the view's series, in its order. */
  get labels(): readonly SeriesLabel[] {
    return this.view === undefined ? [] : labelsOf(this.view, this.#tile.scope);
  }

  /** Asks again now; after a failed sign-in that means a new token first. */
  refresh(): void {
    this.#tile.retry();
  }

  protected override update(changed: PropertyValues<this>): void {
    const { scope, state: next } = this.#tile;
    this.theme = scope?.theme ?? this.theme;
    this.density = scope?.density ?? this.density;
    if (next !== this.state) {
      this.#announcement = announcementOf(this.#saidState, next, this.#heading(), this.#what());
      // Loading lies between bad news and good ones, which are worth a word all the same.
      if (next !== 'loading') this.#saidState = next;
      this.state = next;
    }
    super.update(changed);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { error, view } = this.#tile;
    if (changed.has('state')) {
      emit(this, 'luminastate', { widgetId: this.#widgetId, from: changed.get('state') ?? 'idle', to: this.state });
    }
    if (!this.#isReadyTold && view !== undefined && this.state !== 'denied' && this.state !== 'error') {
      this.#isReadyTold = true;
      emit(this, 'luminaready', { widgetId: this.#widgetId });
    }
    if (error !== this.#reportedError) this.#report(error);
    if (this.isTable) this.#readTable();
  }

  protected override render(): TemplateResult {
    const heading = this.#heading();
    const isSilent = this.state === 'error' || this.state === 'denied' || this.state === 'idle';
    return html`
      <section class="tile" part="tile" .ariaLabel=${heading} .ariaBusy=${this.state === 'loading' ? 'true' : 'false'}>
        <div class="edge"></div>
        ${tileHeader({
          heading,
          subtitle: this.#subtitle(),
          alerts: this.#alerts.on(this.#tile, this.#locale()),
          menu: {
            isTable: this.isTable,
            isOpen: this.#menu.isOpen,
            onToggle: this.#menu.onToggle,
            onAction: this.#onAction,
          },
        })}
        <div part="body" .className=${this.isTable ? 'body as-table' : 'body'}>${this.#body(heading)}</div>
        ${
          isSilent
            ? html``
            : tileFooter({
                state: this.state,
                tile: this.#tile,
                locale: this.#locale(),
                definition: {
                  metrics: this.#metrics(),
                  options: this.#tile.question?.query.options ?? {},
                  served: this.#tile.definitions,
                  range: rangeText(this.#tile, this.#locale()),
                },
                isDefinitionOpen: this.#definition.isOpen,
                onDefinitionToggle: this.#definition.onToggle,
              })
        }
        <p class="visually-hidden" role="status">${this.#announcement}</p>
      </section>
    `;
  }

  #locale(): string {
    return this.#tile.scope?.locale ?? usableLocale(this.locale);
  }

  #metrics(): readonly string[] {
    return this.#tile.question?.query.metrics ?? [];
  }

  #heading(): string {
    return this.heading || headingOf(this.#metrics()) || this.metric || msg('Tile', { id: 'tile.unnamed' });
  }

  #subtitle(): string {
    return this.subtitle || this.display.subtitle || subtitleOf(this.#tile, this.#locale());
  }

  #what(): string {
    const { error } = this.#tile;
    return error === undefined ? '' : whatOf(error, this.#metrics());
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

  #body(heading: string): TemplateResult | HTMLSlotElement {
    const tile = this.#tile;
    return tileBody({
      state: this.state,
      kind: this.kind,
      tile,
      slots: this.#slots,
      table: this.isTable ? this.table : undefined,
      kindInputs: {
        labels: this.labels,
        heading,
        locale: this.#locale(),
        theme: this.theme,
        density: this.density,
        muted: !isCurrent(this.state) && this.state !== 'late',
        options: displayOf(this, showsTarget(this.kind) ? tile.target : undefined),
        cursor: tile.scope?.cursor,
      },
      onRetry: this.#onRetry,
    });
  }

  /** The element of the kind knows its contents once it has been given them. */
  #readTable(): void {
    const table = this.kindElement?.toTable?.();
    if (JSON.stringify(table) !== JSON.stringify(this.table)) this.table = table;
  }

  readonly #onRetry = (): void => {
    const { error } = this.#tile;
    const wantsSignIn = error !== undefined && isSignedOut(error);
    if (wantsSignIn && !emit(this, 'luminanavigate', { kind: 'sign-in', id: '' })) return;
    this.#tile.retry();
  };

  readonly #onAction = (action: TileAction): void => {
    this.#menu.close();
    switch (action) {
      case 'refresh':
        this.#tile.retry();
        break;
      case 'table':
        this.isTable = !this.isTable;
        break;
      case 'copy':
        void this.#copy();
        break;
    }
  };

  async #copy(): Promise<void> {
    const heading = this.#heading();
    const rows = await copyCsv(this.view, this.labels);
    if (rows !== undefined) emit(this, 'luminaexport', { format: 'csv', rows });
    this.#announcement =
      rows === undefined
        ? msg(str`${heading}: the browser did not allow copying`, { id: 'announce.notCopied' })
        : msg(str`${heading}: copied`, { id: 'announce.copied' });
    this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-widget': LuminaWidget;
  }
}
