import { ContextProvider } from '@lit/context';
import { ReactiveElement } from 'lit';
import type { PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { SessionInfo } from '../../client/session.ts';
import type { GetToken } from '../../client/token-source.ts';
import { apiAddress } from '../../controllers/api-address.ts';
import { leaseConnection } from '../../controllers/connection-registry.ts';
import type { ConnectionLease } from '../../controllers/connection-registry.ts';
import type { ConnectionOptions } from '../../controllers/lumina-connection.ts';
import { luminaContext, scopeOf } from '../../controllers/lumina-scope.ts';
import type { LuminaHostContext } from '../../controllers/lumina-scope.ts';
import { usableTimeZone } from '../../controllers/usable-time-zone.ts';
import { emit } from '../../events/events.ts';
import { usableLocale } from '../../i18n/locale-choice.ts';
import { useLanguageOf, useMessages } from '../../i18n/localization.ts';
import type { LuminaMessages } from '../../i18n/localization.ts';
import { onSystemThemeChange, resolveTheme } from '../../theme/theme-preference.ts';
import type { ThemePreference } from '../../theme/theme-preference.ts';
import type { Density } from '../../theme/tokens.ts';

/**
 * Connects the tags below it to one API as one user. It draws nothing and has no shadow root, so that it may stand
 * around any markup. Providers with the same address, token callback and fetch share one connection.
 *
 * Every colour and size is a custom property that may be set on the provider or any ancestor; what is left alone
 * takes the theme's value. A semantic colour has three tones: for text, for lines and bars (`-mark`), and behind text
 * (`-surface`).
 *
 * @summary The connection, language, zone and theme of the widgets below.
 * @fires luminasession - The session is known; `detail` says who is signed in.
 * @fires luminaalert - An alert begins to fire or is over, while something below is shown live; `detail` says which.
 * @fires luminatoken - A token was taken over; `detail.expiresAt` in ms since the epoch or null, never the token.
 *
 * @cssproperty [--lumina-page] - Background of a page.
 * @cssproperty [--lumina-tile] - Background of a tile.
 * @cssproperty [--lumina-raised] - Background of menus and other floating panels.
 * @cssproperty [--lumina-inset] - Background of what lies below a tile's surface: hovered buttons, table heads.
 * @cssproperty [--lumina-text-strong] - Text of values.
 * @cssproperty [--lumina-text] - Text of titles and tables.
 * @cssproperty [--lumina-text-muted] - Text of what matters less: units, axes, ages.
 * @cssproperty [--lumina-border] - Subtle edges, such as a tile's.
 * @cssproperty [--lumina-border-strong] - Edges of buttons and fields.
 * @cssproperty [--lumina-grid] - Grid lines of charts.
 * @cssproperty [--lumina-accent] - Focus rings and filled buttons.
 * @cssproperty [--lumina-accent-text] - Text of links and buttons.
 * @cssproperty [--lumina-on-accent] - Text on the accent.
 * @cssproperty [--lumina-good] - Text: as it should be.
 * @cssproperty [--lumina-good-mark] - Lines, arcs and bars: as it should be.
 * @cssproperty [--lumina-good-surface] - Behind text: as it should be.
 * @cssproperty [--lumina-warning] - Text: look at this.
 * @cssproperty [--lumina-warning-mark] - Lines, arcs and bars: look at this.
 * @cssproperty [--lumina-warning-surface] - Behind text: look at this.
 * @cssproperty [--lumina-critical] - Text: act now.
 * @cssproperty [--lumina-critical-mark] - Lines, arcs and bars: act now.
 * @cssproperty [--lumina-critical-surface] - Behind text: act now.
 * @cssproperty [--lumina-info] - Text: a note.
 * @cssproperty [--lumina-info-mark] - Lines, arcs and bars: a note.
 * @cssproperty [--lumina-info-surface] - Behind text: a note.
 * @cssproperty [--lumina-skeleton] - What stands for content that is still loading.
 * @cssproperty [--lumina-shadow] - Shadow of floating panels.
 * @cssproperty [--lumina-series-1] - First colour of series; `-2` to `-8` follow.
 * @cssproperty [--lumina-sequential-1] - Least of the sequential ramp; `-2` to `-7` follow.
 * @cssproperty [--lumina-diverging-1] - Worst of the diverging ramp; `-2` to `-7` follow, the target in the middle.
 * @cssproperty [--lumina-font] - Font family.
 * @cssproperty [--lumina-radius=8px] - Corner of a tile.
 * @cssproperty [--lumina-pad-size] - Room between a tile's edge and its content; follows the density.
 * @cssproperty [--lumina-gap-size] - Room between tiles; follows the density.
 * @cssproperty [--lumina-row-size] - Height of a table's row; follows the density.
 * @cssproperty [--lumina-title-size] - Type of titles; follows the density.
 * @cssproperty [--lumina-body-size] - Type of tables and notices; follows the density.
 * @cssproperty [--lumina-small-size] - Type of ages, axes and legends; follows the density.
 * @cssproperty [--lumina-value-size] - Type of the one big value; follows the density.
 * @cssproperty [--lumina-unit-size] - Type of the unit beside it; follows the density.
 */
export class LuminaProvider extends ReactiveElement {
  /** Origin of the API; default the page's own. */
  @property({ attribute: 'base-url' }) baseUrl = '';

  /** Language and number format, e.g. `en-GB` or `de`. Default: the document's language. */
  @property() locale = '';

  /** Reporting zone (IANA name). Default: the territory's; never silently the browser's. */
  @property({ attribute: 'time-zone' }) timeZone = '';

  /** `light`, `dark`, `contrast`, `slds`, or `auto` to follow the system's wishes for scheme and contrast. */
  @property() theme: ThemePreference = 'auto';

  /** How much room things take: `comfortable`, `compact`, or `wall` to be read from afar. */
  @property() density: Density = 'comfortable';

  /**
   * Gives access tokens. A property only: a token never stands in the document. Another function is taken over in
   * place: it is asked for the next token, and nothing is loaded anew. For another user call {@link refresh} as well.
   */
  @property({ attribute: false }) getToken: GetToken | undefined;

  /** A `fetch` of the host's own. */
  @property({ attribute: false }) fetch: typeof fetch | undefined;

  /** What the page is about: tiles that can be filtered by its queues or agents, and are not already, are. */
  @property({ attribute: false }) context: LuminaHostContext = {};

  /**
   * The host's own words by message id, e.g. `{'action.retry': 'Once more'}`; `{0}` stands for the first value. They
   * hold for the whole page, as its language does.
   */
  @property({ attribute: false }) messages: LuminaMessages | undefined;

  readonly #context = new ContextProvider(this, { context: luminaContext });
  #lease: ConnectionLease | undefined;
  #stopThemeWatch: (() => void) | undefined;
  #stopFollowing: readonly (() => void)[] = [];
  #isDestroyed = false;
  #toldSession: SessionInfo | undefined;

  /** Who is signed in; undefined until the service has said so. */
  get session(): SessionInfo | undefined {
    return this.#lease?.connection.session;
  }

  /** Asks for a new token, the session and everything shown again, e.g. after the user signed in anew. */
  refresh(): void {
    this.#isDestroyed = false;
    if (this.#lease === undefined) this.#follow();
    else this.#lease.connection.refresh();
  }

  /** Changes some of {@link context} and leaves the rest; undefined takes a part away. */
  setContext(changes: { readonly [K in keyof LuminaHostContext]: LuminaHostContext[K] | undefined }): void {
    const merged = Object.entries({ ...this.context, ...changes }).filter(([, value]) => value !== undefined);
    this.context = Object.fromEntries(merged);
  }

  /** Ends requests and streams, e.g. in a closed utility bar; what is shown stays and its age goes on counting. */
  suspend(): void {
    this.#lease?.connection.suspend();
  }

  /** Goes on after {@link suspend}: a token first, then all that is shown. */
  resume(): void {
    this.#lease?.connection.resume();
  }

  /** Lets go of everything for good, without leaving the page; {@link refresh} begins anew. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#follow();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.style.display = 'contents';
    this.#stopThemeWatch = onSystemThemeChange(this.#publish);
    if (this.hasUpdated) this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopThemeWatch?.();
    this.#letGo();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('locale')) void useLanguageOf(usableLocale(this.locale));
    if (changed.has('messages') && (this.messages ?? changed.get('messages')) !== undefined) {
      void useMessages(this.messages ?? {});
    }
    this.#follow();
    this.#publish();
  }

  #wanted(): ConnectionOptions | undefined {
    if (this.getToken === undefined || !this.isConnected || this.#isDestroyed) return undefined;
    const baseUrl = apiAddress(this.baseUrl);
    return baseUrl === undefined ? undefined : { baseUrl, getToken: this.getToken, fetch: this.fetch };
  }

  #follow(): void {
    const wanted = this.#wanted();
    if (wanted !== undefined && this.#lease?.follow(wanted) === true) return;
    this.#letGo();
    if (wanted === undefined) return;
    const lease = leaseConnection(wanted);
    this.#lease = lease;
    this.#stopFollowing = [
      lease.connection.subscribe(this.#publish),
      lease.connection.onAlert((alert) => {
        emit(this, 'luminaalert', alert);
      }),
      lease.connection.onToken((expiresAt) => {
        emit(this, 'luminatoken', { expiresAt: expiresAt ?? null });
      }),
    ];
    this.#publish();
  }

  #letGo(): void {
    if (this.#lease === undefined) return;
    for (const stop of this.#stopFollowing) stop();
    this.#stopFollowing = [];
    this.#lease.release();
    this.#lease = undefined;
    this.#toldSession = undefined;
    this.#publish();
  }

  readonly #publish = (): void => {
    const connection = this.#lease?.connection;
    if (connection === undefined) {
      this.#context.setValue(undefined);
      return;
    }
    const appearance = {
      locale: usableLocale(this.locale),
      timeZone: usableTimeZone(this.timeZone),
      theme: resolveTheme(this.theme),
      density: this.density,
    };
    this.#context.setValue(scopeOf(connection, appearance, this.context));
    if (connection.session === undefined || connection.session === this.#toldSession) return;
    this.#toldSession = connection.session;
    emit(this, 'luminasession', connection.session);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-provider': LuminaProvider;
  }
}
