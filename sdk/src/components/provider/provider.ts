import { ContextProvider } from '@lit/context';
import { ReactiveElement } from 'lit';
import type { PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { CursorStore } from '../../client/cursor-store.ts';
import { LuminaClient } from '../../client/lumina-client.ts';
import { LuminaError } from '../../client/lumina-error.ts';
import { NameResolver } from '../../client/name-resolver.ts';
import { pollDelayMs, POLL_INTERVAL_MS } from '../../client/poll-delay.ts';
import type { GetToken } from '../../client/token-source.ts';
import type { SessionInfo } from '../../client/session.ts';
import { emit } from '../../events/events.ts';
import { luminaContext } from '../../controllers/lumina-scope.ts';
import { useLanguageOf } from '../../i18n/localization.ts';
import { SeriesColours } from '../../theme/series-colours.ts';
import { onSystemThemeChange, resolveTheme } from '../../theme/theme-preference.ts';
import type { ThemePreference } from '../../theme/theme-preference.ts';

/**
 * Connects the tags below it to one API as one user. It draws nothing and has no shadow root, so that it may stand
 * around any markup.
 *
 * @summary The connection, language, zone and theme of the widgets below.
 * @fires luminasession - The session is known; `detail` says who is signed in.
 */
export class LuminaProvider extends ReactiveElement {
  /** Origin of the API; default the page's own. */
  @property({ attribute: 'base-url' }) baseUrl = '';

  /** Language and number format, e.g. `en-GB` or `de`. Default: the document's language. */
  @property() locale = '';

  /** Reporting zone (IANA name). Default: the territory's; never silently the browser's. */
  @property({ attribute: 'time-zone' }) timeZone = '';

  /** `light`, `dark`, or `auto` to follow the system. */
  @property() theme: ThemePreference = 'auto';

  /** Gives access tokens. A property only: a token never stands in the document. */
  @property({ attribute: false }) getToken: GetToken | undefined;

  /** A `fetch` of the host's own. */
  @property({ attribute: false }) fetch: typeof fetch | undefined;

  readonly #context = new ContextProvider(this, { context: luminaContext });
  #client: LuminaClient | undefined;
  #names: NameResolver | undefined;
  readonly #cursor = new CursorStore();
  #colours = new SeriesColours();
  #session: SessionInfo | undefined;
  #sessionError: LuminaError | undefined;
  #sessionFailures = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #stopThemeWatch: (() => void) | undefined;

  /** Who is signed in; undefined until the service has said so. */
  get session(): SessionInfo | undefined {
    return this.#session;
  }

  /** Asks for a token and the session again, e.g. after the user signed in anew. */
  refresh(): void {
    this.#disconnect();
    this.#connect();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.style.display = 'contents';
    this.#stopThemeWatch = onSystemThemeChange(() => {
      this.#publish();
    });
    if (this.hasUpdated) this.#connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopThemeWatch?.();
    this.#disconnect();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('baseUrl') || changed.has('getToken') || changed.has('fetch')) this.refresh();
    if (changed.has('locale')) void useLanguageOf(this.#locale());
    this.#publish();
  }

  #locale(): string {
    return this.locale || document.documentElement.lang || 'en';
  }

  #connect(): void {
    if (this.#client !== undefined || this.getToken === undefined || !this.isConnected) return;
    const client = new LuminaClient({
      baseUrl: new URL(this.baseUrl || '/', document.baseURI).href,
      getToken: this.getToken,
      ...(this.fetch === undefined ? {} : { fetch: this.fetch }),
    });
    this.#client = client;
    this.#colours = new SeriesColours();
    this.#names = new NameResolver((kind) => client.directory(kind));
    void this.#loadSession(client);
  }

  #disconnect(): void {
    clearTimeout(this.#retryTimer);
    this.#client?.destroy();
    this.#client = undefined;
    this.#names = undefined;
    this.#session = undefined;
    this.#sessionError = undefined;
    this.#sessionFailures = 0;
    this.#publish();
  }

  async #loadSession(client: LuminaClient): Promise<void> {
    try {
      const session = await client.session();
      if (client !== this.#client) return;
      this.#session = session;
      this.#sessionError = undefined;
      this.#sessionFailures = 0;
      emit(this, 'luminasession', session);
    } catch (error) {
      if (client !== this.#client) return;
      this.#sessionError = error instanceof LuminaError ? error : undefined;
      this.#sessionFailures += 1;
      const delayMs = pollDelayMs(POLL_INTERVAL_MS, this.#sessionFailures, error);
      if (delayMs !== false) this.#retryTimer = setTimeout(() => void this.#loadSession(client), delayMs);
    }
    this.#publish();
  }

  #publish(): void {
    if (this.#client === undefined || this.#names === undefined) {
      this.#context.setValue(undefined);
      return;
    }
    this.#context.setValue({
      client: this.#client,
      names: this.#names,
      colours: this.#colours,
      cursor: this.#cursor,
      session: this.#session,
      sessionError: this.#sessionError,
      locale: this.#locale(),
      timeZone: this.timeZone || undefined,
      theme: resolveTheme(this.theme),
      retry: () => {
        this.refresh();
      },
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-provider': LuminaProvider;
  }
}
