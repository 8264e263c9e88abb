import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import type { Watch } from '../client/lumina-client.ts';
import type { LuminaError } from '../client/lumina-error.ts';
import { scopeKey } from '../client/query-keys.ts';
import type { SessionInfo } from '../client/session.ts';
import type { LuminaScope } from './lumina-scope.ts';

/** Where the controller is on its way from tag to data. */
export type QueryPhase = 'detached' | 'awaiting-scope' | 'awaiting-session' | 'awaiting-request' | 'watching';

interface ScopeSource {
  readonly scope: LuminaScope | undefined;
}

/** What is watched: the same key under the same client needs no new watch. */
interface Watched {
  readonly client: LuminaScope['client'];
  readonly key: string;
  readonly watch: Watch;
  readonly stopNames: () => void;
  readonly stopTargets: (() => void) | undefined;
}

/**
 * Watches one request for a host: waits for the session, follows changes of scope and request, and lets go of
 * everything when the host leaves the page. The newest reply is kept as long as it answers the question for the one
 * who is signed in, over failures, a new connection and a move on the page alike.
 */
export class MetricQueryController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: ScopeSource;
  readonly #requestOf: (scope: LuminaScope) => MetricQueryRequest | undefined;
  #isConnected = false;
  #watched: Watched | undefined;
  #answeredKey = '';
  #reply: MetricReply | undefined;
  #error: LuminaError | undefined;

  constructor(
    host: ReactiveControllerHost,
    source: ScopeSource,
    requestOf: (scope: LuminaScope) => MetricQueryRequest | undefined,
  ) {
    this.#host = host;
    this.#source = source;
    this.#requestOf = requestOf;
    host.addController(this);
  }

  /** The newest reply, kept over failures. */
  get reply(): MetricReply | undefined {
    return this.#reply;
  }

  /** What went wrong last, in the session or the query. */
  get error(): LuminaError | undefined {
    return this.#source.scope?.sessionError ?? this.#error;
  }

  /** Where it is. */
  get phase(): QueryPhase {
    if (!this.#isConnected) return 'detached';
    if (this.#source.scope === undefined) return 'awaiting-scope';
    if (this.#source.scope.session === undefined) return 'awaiting-session';
    return this.#watched === undefined ? 'awaiting-request' : 'watching';
  }

  /** Asks again now; after a failed sign-in that means a new token first. */
  retry(): void {
    const { scope } = this.#source;
    const isSignedOut = this.#error?.code === 'AUTH_REQUIRED' || this.#error?.code === 'TOKEN_REJECTED';
    if (isSignedOut || scope?.sessionError !== undefined || scope?.session === undefined) scope?.retry();
    else this.#watched?.watch.refresh();
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    const { scope } = this.#source;
    if (!this.#isConnected || scope?.session === undefined) this.#release();
    else this.#follow(scope, scope.session);
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#release();
  }

  #follow(scope: LuminaScope, session: SessionInfo): void {
    const request = this.#requestOf(scope);
    const isLive = scope.isLive ?? true;
    const question = `${identityOf(session)} ${JSON.stringify(request ?? null)}`;
    const { dashboardId } = scope;
    const key = `${question} ${String(isLive)} ${dashboardId ?? ''}`;
    if (this.#watched?.client === scope.client && this.#watched.key === key) return;
    this.#release();
    if (question !== this.#answeredKey) {
      // Another question or another identity: the old answer must not stand under the new heading.
      this.#answeredKey = question;
      this.#reply = undefined;
    }
    this.#error = undefined;
    if (request === undefined) return;
    const tell = (): void => {
      this.#host.requestUpdate();
    };
    this.#watched = {
      client: scope.client,
      key,
      stopNames: scope.names.subscribe(tell),
      stopTargets: scope.targets?.subscribe(tell),
      watch: scope.client.watch(
        session,
        request,
        (update) => {
          this.#reply = update.reply ?? this.#reply;
          this.#error = update.error;
          tell();
        },
        { isLive, dashboardId },
      ),
    };
  }

  #release(): void {
    this.#watched?.watch.stop();
    this.#watched?.stopNames();
    this.#watched?.stopTargets?.();
    this.#watched = undefined;
  }
}

/** Whose data a reply holds. */
function identityOf(session: SessionInfo): string {
  return [session.regionId, session.territoryId, scopeKey(session.scope), session.userName].join(' ');
}
