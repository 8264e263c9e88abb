import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { localized } from '@lit/localize';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Dashboard, QueryRange, VariableValues } from '@lumina/contracts';
import { LuminaError } from '../../client/lumina-error.ts';
import { parseRange } from '../../client/time-range.ts';
import { emit } from '../../events/events.ts';
import type { LuminaEventMap } from '../../events/events.ts';
import { baseStyles, themeStyles } from '../../theme/theme-styles.ts';
import type { ThemeName } from '../../theme/tokens.ts';
import type { LuminaWidget } from '../widget/widget.ts';
import { BoardAlerts } from './board-alerts.ts';
import { boardCsv } from './board-csv.ts';
import { BoardLoader } from './board-loader.ts';
import { BoardReports } from './board-reports.ts';
import { boardNotice } from './board-notice.ts';
import { DEFAULT_RANGE, rangeAttribute } from './board-range.ts';
import { namesLoaded } from './board-names.ts';
import { BoardScope } from './board-scope.ts';
import { boardChoicesOf, parseBoardChoices, refreshIntervalMs } from './board-choices.ts';
import type { BoardChoices } from './board-choices.ts';
import { BoardTiles, rowsCss, tileAt } from './board-tiles.ts';
import { dashboardStyles } from './dashboard.styles.ts';
import { downloadText } from './download-text.ts';
import { boardModeOf, liveModeOf } from './live-words.ts';
import type { LiveMode } from './live-words.ts';
import { RefreshTimer } from './refresh-timer.ts';
import { boardSkeleton } from './board-skeleton.ts';
import type { BoardChange } from './toolbar.ts';
import { VariableState } from './variable-state.ts';

/** What the `state` attribute of a board says. */
export type DashboardState = 'idle' | 'loading' | 'ready' | 'empty' | 'offline' | 'denied' | 'upgrade' | 'error';

let nextId = 1;

/**
 * A whole board: loads a stored dashboard by its id, or shows the one it is given, on a grid that follows the width of
 * its container. Its toolbar chooses range, zone and freshness for all tiles and says whether they are live.
 *
 * @summary A stored board of tiles with its toolbar.
 * @fires luminaready - The board is loaded and its tiles begin to ask for data.
 * @fires luminastate - The state of the board changed; tiles below it report theirs as well.
 * @fires luminaerror - The board cannot be loaded, or a state or format was refused.
 * @fires luminarange - The reader, or the host through `setRange()`, chose another range or zone; `detail` is the range.
 * @fires luminavariables - The reader chose other values of the board's variables; `detail` is what holds, by name.
 * @fires luminaexport - The contents were exported.
 * @csspart toolbar - The bar over the tiles.
 * @csspart alerts - What fires, between the bar and the tiles.
 * @csspart alerts-button - Counts the alerts and lists them, where they are many.
 * @csspart alert - One alert.
 * @csspart grid - The grid.
 * @csspart cell - Place of one tile.
 * @csspart tile - One `<lumina-widget>`.
 * @csspart notice - What stands in place of tiles.
 * @cssproperty [--lumina-toolbar-top=0] - Where the toolbar stays when the page scrolls, below a bar of the host.
 */
@localized()
export class LuminaDashboard extends LitElement {
  static override styles = [themeStyles, baseStyles, dashboardStyles];

  /** Id of a stored dashboard. */
  @property({ attribute: 'dashboard-id' }) dashboardId = '';

  /** A dashboard given by the host; nothing is loaded then. */
  @property({ attribute: false }) dashboard: Dashboard | undefined;

  /**
   * Range of all tiles that have none of their own: `1h`, a calendar range such as `today`, or `from/to` in ISO 8601.
   * Empty: the dashboard's. Follows the reader's choice.
   */
  @property() range = '';

  /** `live`, `off`, or how often tiles ask again, e.g. `30s`; at least 5 s. Follows the reader's choice. */
  @property() refresh = 'live';

  /** Reporting zone (IANA name). Empty: the dashboard's, else the provider's. Follows the reader's choice. */
  @property({ attribute: 'time-zone' }) timeZone = '';

  /** Values of the board's variables by name; absent = the default, empty = everything. Follows the reader's choice. */
  @property({ attribute: false }) variables: VariableValues = {};

  /** `none` leaves the toolbar out; title and choices are the host's then. */
  @property() toolbar: 'auto' | 'none' = 'auto';

  /** `none` leaves out what fires; the host tells of it then, by the provider's `luminaalert`. */
  @property() alerts: 'auto' | 'none' = 'auto';

  /** Level of the title in the page's outline, 1 to 4. */
  @property({ type: Number, attribute: 'heading-level' }) headingLevel = 2;

  /** Id of the host's record that the board stands on. */
  @property({ attribute: 'record-id' }) recordId = '';

  /** What the board shows; set by the board. */
  @property({ reflect: true }) state: DashboardState = 'idle';

  /** The provider's theme; set by the board. */
  @property({ reflect: true }) theme: ThemeName = 'light';

  /** The provider's density; set by the board. */
  @property({ reflect: true }) density = 'comfortable';

  readonly #id = `d${String(nextId++)}`;
  readonly #scope = new BoardScope(this);
  readonly #loader = new BoardLoader(this);
  readonly #variables = new VariableState(this);
  readonly #tiles = new BoardTiles();
  readonly #reports = new BoardReports();
  readonly #alerts = new BoardAlerts(this, () => this.#scope.outer);
  #reportedError: LuminaError | undefined;

  constructor() {
    super();
    new RefreshTimer(
      this,
      () => refreshIntervalMs(this.refresh),
      () => {
        this.refreshNow();
      },
    );
  }

  /** Shows another range; `luminarange` tells of it. */
  setRange(range: QueryRange): void {
    const wanted = rangeAttribute(range);
    if (parseRange(wanted) === undefined)
      throw this.#refusal(`There is no range ${JSON.stringify(range)}.`, 'Pass {last}, {from, to} or {calendar}.');
    this.range = wanted;
    emit(this, 'luminarange', range);
  }

  /** What the reader chose, as JSON that {@link setState} takes. */
  getState(): BoardChoices {
    return boardChoicesOf(this);
  }

  /**
   * Restores what {@link getState} gave, as an object or as text. Without events: the host knows.
   * @throws {LuminaError} `QUERY_INVALID` for anything else; then nothing changes, and `luminaerror` tells of it.
   */
  setState(json: unknown): void {
    let choices: BoardChoices;
    try {
      choices = parseBoardChoices(json);
    } catch (error) {
      if (error instanceof LuminaError) this.#tell(error);
      throw error;
    }
    this.range = choices.range === undefined ? '' : rangeAttribute(choices.range);
    this.timeZone = choices.timeZone ?? '';
    this.refresh = choices.refresh;
    this.variables = choices.variables ?? {};
  }

  /** Asks for the numbers of all tiles now, or for the board where that failed. */
  refreshNow(): void {
    if (this.#loader.error !== undefined) this.#loader.retry();
    for (const widget of this.#widgets()) widget.refresh();
  }

  /**
   * What the tiles show now, as CSV (RFC 4180, type `text/plain` for sandboxes). Pictures are not made.
   * @throws {LuminaError} `QUERY_INVALID` for any other format.
   */
  async export(format: 'csv' | 'png'): Promise<Blob> {
    if (format !== 'csv') {
      throw this.#refusal(`A board is not exported as ${format}.`, "Use export('csv'), or print the page.");
    }
    await this.updateComplete;
    await namesLoaded(this.#scope.outer, this.#widgets());
    const { text, rows } = boardCsv(this.#widgets());
    emit(this, 'luminaexport', { format, rows });
    return new Blob([text], { type: 'text/plain' });
  }

  protected override willUpdate(): void {
    const { outer } = this.#scope;
    this.#scope.follow();
    this.#loader.follow({ scope: outer, dashboardId: this.dashboardId, given: this.dashboard });
    this.#variables.follow(outer, this.#loader.board?.variables, this.variables);
    this.theme = outer?.theme ?? this.theme;
    this.density = outer?.density ?? this.density;
    this.state = this.#loader.phase === 'missing' ? 'error' : this.#loader.phase;
    const dashboardId = this.dashboard === undefined ? this.dashboardId : '';
    this.#reports.follow(outer?.client, this.dashboardId, this.state);
    this.#scope.provide({ timeZone: this.#ownZone(), isLive: this.refresh === 'live', dashboardId });
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { error } = this.#loader;
    if (changed.has('range') && this.range !== '' && parseRange(this.range) === undefined) {
      console.warn(`lumina-dashboard: "${this.range}" is no range; the board's own is shown.`);
    }
    if (changed.has('state')) {
      emit(this, 'luminastate', { widgetId: this.#id, from: changed.get('state') ?? 'idle', to: this.state });
      if (this.state === 'ready' || this.state === 'empty') emit(this, 'luminaready', { widgetId: this.#id });
    }
    if (error !== this.#reportedError) {
      this.#reportedError = error;
      if (error !== undefined) this.#tell(error);
    }
  }

  protected override render(): TemplateResult {
    const { phase } = this.#loader;
    // Without a board there is nothing to choose.
    const hasBoard = phase === 'loading' || phase === 'ready' || phase === 'empty';
    return html`<div class="head">
        ${hasBoard && this.toolbar !== 'none' ? this.#toolbar() : nothing}
        ${hasBoard && this.alerts !== 'none' ? this.#alerts.render(this.#zone()) : nothing}
      </div>
      ${this.#body()}`;
  }

  #toolbar(): TemplateResult {
    const { board } = this.#loader;
    const zone = this.#zone();
    return html`<lumina-toolbar
      part="toolbar"
      .heading=${board?.title ?? ''}
      .description=${board?.description ?? ''}
      .headingLevel=${this.headingLevel}
      .range=${this.#range()}
      .timeZone=${zone ?? 'UTC'}
      .isZoneKnown=${zone !== undefined}
      .hasChoices=${this.#loader.phase === 'ready'}
      .ownTimeZone=${board?.timeZone ?? this.#providerZone() ?? 'UTC'}
      .filters=${this.#variables.filters()}
      .refresh=${this.refresh}
      .mode=${this.#mode()}
      .locale=${this.#scope.outer?.locale ?? 'en'}
      .onWish=${this.#onWish}
    ></lumina-toolbar>`;
  }

  #mode(): LiveMode {
    if (this.#loader.phase === 'loading') return 'connecting';
    const states = [...this.#widgets()].map(({ state }) => state);
    return boardModeOf(liveModeOf(this.refresh, this.#scope.connection), states);
  }

  #body(): TemplateResult {
    const { board, phase, error } = this.#loader;
    if (phase === 'loading') return boardSkeleton();
    if (phase !== 'ready' || board === undefined) return boardNotice(phase, error, this.#loader.retry);
    const tiles = this.#tiles.of(board, {
      boardId: this.dashboardId,
      range: this.#range(),
      timeZone: this.#ownZone(),
      variables: this.#variables.terms,
    });
    return html`<div
      class="grid"
      part="grid"
      .style=${rowsCss(board)}
      @luminarange=${this.#onMarked}
      @luminastate=${this.#onTileState}
      @luminaerror=${this.#reports.onTileError}
    >
      ${repeat(tiles, ({ id }) => id, tileAt)}
    </div>`;
  }

  #range(): QueryRange {
    return parseRange(this.range) ?? this.#loader.board?.range ?? DEFAULT_RANGE;
  }

  /** The zone of this board alone; undefined leaves it to the provider. */
  #ownZone(): string | undefined {
    return this.timeZone === '' ? this.#loader.board?.timeZone : this.timeZone;
  }

  #zone(): string | undefined {
    return this.#ownZone() ?? this.#providerZone();
  }

  /** Undefined until the session tells. */
  #providerZone(): string | undefined {
    return this.#scope.outer?.timeZone ?? this.#scope.outer?.session?.timeZone;
  }

  #widgets(): Iterable<LuminaWidget> {
    return this.hasUpdated ? this.renderRoot.querySelectorAll('lumina-widget') : [];
  }

  #refusal(message: string, suggestion: string): LuminaError {
    const error = new LuminaError({ code: 'QUERY_INVALID', retryable: false, message, suggestion });
    this.#tell(error);
    return error;
  }

  #tell({ code, retryable, requestId }: LuminaError): void {
    const id = requestId === undefined ? {} : { requestId };
    emit(this, 'luminaerror', { widgetId: this.#id, code, retryable, ...id });
  }

  async #download(): Promise<void> {
    downloadText(
      await this.export('csv'),
      `${this.#loader.board?.title ?? 'lumina'} ${new Date().toISOString().slice(0, 16)}`,
    );
  }

  /** A stretch marked on one tile becomes the range of all; the event itself goes on to the host. */
  readonly #onMarked = ({ detail }: LuminaEventMap['luminarange']): void => {
    this.range = rangeAttribute(detail);
  };

  readonly #onTileState = (): void => {
    this.requestUpdate();
  };

  readonly #onWish = (change: BoardChange): void => {
    if ('range' in change) this.setRange(change.range);
    else if ('timeZone' in change) this.#setZone(change.timeZone);
    else if ('refresh' in change) this.refresh = change.refresh;
    else if ('variable' in change) this.#pick(change.variable, change.picked);
    else if (change.action === 'refresh') this.refreshNow();
    else void this.#download();
  };

  #pick(name: string, picked: string): void {
    this.variables = this.#variables.after(name, picked);
    emit(this, 'luminavariables', this.variables);
  }

  #setZone(timeZone: string): void {
    // The same range means other hours in another zone.
    this.timeZone = timeZone === (this.#loader.board?.timeZone ?? this.#providerZone()) ? '' : timeZone;
    emit(this, 'luminarange', this.#range());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-dashboard': LuminaDashboard;
  }
}
