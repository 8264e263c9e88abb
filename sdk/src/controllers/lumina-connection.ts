import type { LuminaAlert } from '../client/alerts.ts';
import { CursorStore } from '../client/cursor-store.ts';
import { LuminaClient } from '../client/lumina-client.ts';
import type { LuminaClientOptions } from '../client/lumina-client.ts';
import { asLuminaError } from '../client/lumina-error.ts';
import type { LuminaError } from '../client/lumina-error.ts';
import { NameResolver } from '../client/name-resolver.ts';
import { POLL_INTERVAL_MS, pollDelayMs } from '../client/poll-delay.ts';
import type { SessionInfo } from '../client/session.ts';
import { Subscribable } from '../client/subscribable.ts';
import { TargetSource } from '../client/target-source.ts';
import type { GetToken } from '../client/token-source.ts';
import { SeriesColours } from '../theme/series-colours.ts';

/** How far the session of a connection is: nobody needs it, it asks who is signed in, it knows, it was refused or could not ask, it rests. */
export type SessionPhase = 'closed' | 'opening' | 'open' | 'failed' | 'suspended';

/** What makes two tags share one connection. */
export interface ConnectionOptions {
  /** Absolute address of the API. */
  readonly baseUrl: string;
  readonly getToken: GetToken;
  readonly fetch: typeof fetch | undefined;
}

/** What the client of an open connection brings; all of it is new after a refresh. */
interface Parts {
  readonly client: LuminaClient;
  readonly names: NameResolver;
  readonly targets: TargetSource;
}

/**
 * One client with its session, names, colours and cursor: what all tags share that speak to one API as one user.
 * Tells subscribers of every change of its phase and session.
 */
export class LuminaConnection extends Subscribable {
  readonly #options: ConnectionOptions;
  #getToken: GetToken;
  readonly cursor = new CursorStore();
  #colours = new SeriesColours();
  #parts: Parts | undefined;
  #phase: SessionPhase = 'closed';
  #session: SessionInfo | undefined;
  #sessionError: LuminaError | undefined;
  #failures = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #tokenListeners = new Set<(expiresAtMs: number | undefined) => void>();
  readonly #alertListeners = new Set<(alert: LuminaAlert) => void>();

  constructor(options: ConnectionOptions) {
    super();
    this.#options = options;
    this.#getToken = options.getToken;
  }

  /** How far its session is. */
  get phase(): SessionPhase {
    return this.#phase;
  }

  /** The client and its names; undefined while closed. */
  get parts(): Parts | undefined {
    return this.#parts;
  }

  /** Places of entities in the palette. */
  get colours(): SeriesColours {
    return this.#colours;
  }

  /** Who is signed in; undefined until the service has said so. */
  get session(): SessionInfo | undefined {
    return this.#session;
  }

  /** Why nobody is. */
  get sessionError(): LuminaError | undefined {
    return this.#sessionError;
  }

  /** Asks another callback for tokens from now on; the token that is held stays in use until it has to be replaced. */
  replaceGetToken(getToken: GetToken): void {
    this.#getToken = getToken;
    if (this.#phase === 'failed') this.refresh();
  }

  /** Calls back with each new token's time of expiry, never with the token; answers how to stop. */
  onToken(listener: (expiresAtMs: number | undefined) => void): () => void {
    this.#tokenListeners.add(listener);
    return () => {
      this.#tokenListeners.delete(listener);
    };
  }

  /** Calls back with each alert that begins to fire or is over; answers how to stop. */
  onAlert(listener: (alert: LuminaAlert) => void): () => void {
    this.#alertListeners.add(listener);
    return () => {
      this.#alertListeners.delete(listener);
    };
  }

  /** Begins: asks for a token and the session. */
  open(): void {
    if (this.#parts !== undefined) return;
    const client = new LuminaClient(this.#clientOptions());
    client.alerts.onAlert((alert) => {
      for (const listener of [...this.#alertListeners]) listener(alert);
    });
    this.#parts = {
      client,
      names: new NameResolver((kind) => client.directory(kind)),
      targets: new TargetSource(() => client.targets()),
    };
    globalThis.addEventListener('online', this.#onOnline);
    void this.#loadSession(client);
  }

  /** Ends all requests, streams and timers, and forgets the token and the session. */
  close(): void {
    this.#stop();
    this.#colours = new SeriesColours();
    this.#enter('closed');
  }

  /** Begins anew, with a new token: after somebody signed in, or to ask for everything again. */
  refresh(): void {
    this.#stop();
    this.open();
  }

  /** Ends requests and streams and keeps what is shown, whose age goes on counting. */
  suspend(): void {
    if (this.#parts === undefined || this.#phase === 'suspended') return;
    clearTimeout(this.#retryTimer);
    this.#parts.client.suspend();
    this.#enter('suspended');
  }

  /** Goes on: a token first, then all that is shown. */
  resume(): void {
    if (this.#parts === undefined || this.#phase !== 'suspended') return;
    this.#parts.client.resume();
    if (this.#session === undefined) void this.#loadSession(this.#parts.client);
    else this.#enter('open');
  }

  #clientOptions(): LuminaClientOptions {
    const { baseUrl, fetch } = this.#options;
    return {
      baseUrl,
      getToken: (request) => this.#getToken(request),
      onToken: ({ expiresAt }) => {
        for (const listener of [...this.#tokenListeners]) listener(expiresAt);
      },
      ...(fetch === undefined ? {} : { fetch }),
    };
  }

  #stop(): void {
    clearTimeout(this.#retryTimer);
    globalThis.removeEventListener('online', this.#onOnline);
    this.#parts?.client.destroy();
    this.#parts = undefined;
    this.#session = undefined;
    this.#sessionError = undefined;
    this.#failures = 0;
  }

  async #loadSession(client: LuminaClient): Promise<void> {
    this.#enter('opening');
    try {
      const session = await client.session();
      if (client !== this.#parts?.client || this.#isSuspended()) return;
      this.#session = session;
      this.#sessionError = undefined;
      this.#failures = 0;
      this.#enter('open');
    } catch (error) {
      if (client !== this.#parts?.client || this.#isSuspended()) return;
      this.#sessionError = asLuminaError(error);
      this.#failures += 1;
      const delayMs = pollDelayMs(POLL_INTERVAL_MS, this.#failures, this.#sessionError);
      if (delayMs !== false) this.#retryTimer = setTimeout(() => void this.#loadSession(client), delayMs);
      this.#enter('failed');
    }
  }

  #isSuspended(): boolean {
    return this.#phase === 'suspended';
  }

  /** Nobody has to wait for the next try when the network is back. */
  readonly #onOnline = (): void => {
    const client = this.#parts?.client;
    if (client === undefined || this.#phase !== 'failed' || this.#sessionError?.retryable !== true) return;
    clearTimeout(this.#retryTimer);
    void this.#loadSession(client);
  };

  #enter(phase: SessionPhase): void {
    this.#phase = phase;
    this.notify();
  }
}
