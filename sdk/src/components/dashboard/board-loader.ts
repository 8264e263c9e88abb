import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Dashboard } from '@lumina/contracts';
import type { LuminaClient } from '../../client/lumina-client.ts';
import { asLuminaError } from '../../client/lumina-error.ts';
import type { LuminaError } from '../../client/lumina-error.ts';
import { POLL_INTERVAL_MS, pollDelayMs } from '../../client/poll-delay.ts';
import type { LuminaScope } from '../../controllers/lumina-scope.ts';

/** What a board shows. */
export type BoardPhase =
  'idle' | 'loading' | 'ready' | 'empty' | 'missing' | 'denied' | 'offline' | 'upgrade' | 'error';

/** What the loader is to load: an id, or nothing because the host gave the board itself. */
export interface BoardWish {
  readonly scope: LuminaScope | undefined;
  readonly dashboardId: string;
  readonly given: Dashboard | undefined;
}

/**
 * Loads the board of a host: waits for the session, follows changes of id and identity, and tries again by itself after
 * what passes. A board that is shown stays while a later attempt fails.
 */
export class BoardLoader implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #wish: BoardWish = { scope: undefined, dashboardId: '', given: undefined };
  #loaded: Dashboard | undefined;
  #error: LuminaError | undefined;
  #client: LuminaClient | undefined;
  #dashboardId = '';
  #asked = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The board to show; undefined while there is none. */
  get board(): Dashboard | undefined {
    return this.#wish.given ?? this.#loaded;
  }

  /** What went wrong last, in the session or the loading. */
  get error(): LuminaError | undefined {
    return this.#wish.scope?.sessionError ?? this.#error;
  }

  /** Where it is. */
  get phase(): BoardPhase {
    const { board, error } = this;
    // Nothing on a page that the service has outgrown is asked for any more.
    if (this.#wish.scope?.client.connection.status.phase === 'upgrade') return 'upgrade';
    if (error !== undefined && (board === undefined || isRefusal(error))) return phaseOf(error);
    if (board !== undefined) return board.widgets.length === 0 ? 'empty' : 'ready';
    return this.#wish.dashboardId === '' && this.#wish.given === undefined ? 'idle' : 'loading';
  }

  /** Asks again now; after a failed sign-in that means a new token first. */
  readonly retry = (): void => {
    const { scope } = this.#wish;
    if (scope?.sessionError !== undefined || scope?.session === undefined) scope?.retry();
    else void this.#load();
  };

  hostConnected(): void {
    // A board that was moved on its page comes back to what it had.
    if (this.#client !== undefined && this.board === undefined) void this.#load();
  }

  /** Takes over what is wanted; called before the host decides what to render. */
  follow(wish: BoardWish): void {
    this.#wish = wish;
    const { scope, dashboardId, given } = this.#wish;
    const isWanted = given === undefined && dashboardId !== '' && scope?.session !== undefined;
    const client = isWanted ? scope.client : undefined;
    if (client === this.#client && dashboardId === this.#dashboardId) return;
    this.#rest();
    this.#loaded = undefined;
    this.#error = undefined;
    this.#failures = 0;
    this.#client = client;
    this.#dashboardId = dashboardId;
    if (client !== undefined) void this.#load();
  }

  hostDisconnected(): void {
    this.#rest();
  }

  /** Lets go of the attempt that runs and the one that is planned. */
  #rest(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  async #load(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#rest();
    const asked = this.#asked;
    try {
      const { body } = await client.dashboard(this.#dashboardId);
      if (asked !== this.#asked) return;
      this.#loaded = body;
      this.#error = undefined;
      this.#failures = 0;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.#error = asLuminaError(thrown);
      this.#failures += 1;
      const delayMs = pollDelayMs(POLL_INTERVAL_MS, this.#failures, thrown);
      if (delayMs !== false) this.#timer = setTimeout(() => void this.#load(), delayMs);
    }
    this.#host.requestUpdate();
  }
}

/** Whether what is shown may no longer be this user's to see. */
function isRefusal({ code }: LuminaError): boolean {
  return (
    code === 'AUTH_REQUIRED' ||
    code === 'SCOPE_DENIED' ||
    code === 'REGION_UNKNOWN' ||
    code === 'NOT_FOUND' ||
    code === 'UPGRADE_REQUIRED'
  );
}

function phaseOf(error: LuminaError): BoardPhase {
  if (error.code === 'NOT_FOUND') return 'missing';
  if (error.code === 'OFFLINE') return 'offline';
  if (error.code === 'UPGRADE_REQUIRED') return 'upgrade';
  return isRefusal(error) ? 'denied' : 'error';
}
