import { ContextConsumer } from '@lit/context';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import type { Watch } from '../client/lumina-client.ts';
import type { LuminaError } from '../client/lumina-error.ts';
import { luminaContext } from './lumina-scope.ts';
import type { LuminaScope } from './lumina-scope.ts';

/** Where the controller is on its way from tag to data. */
export type QueryPhase = 'detached' | 'awaiting-provider' | 'awaiting-session' | 'awaiting-request' | 'watching';

type Host = ReactiveControllerHost & HTMLElement;

/**
 * Watches one request for a host: finds the provider, waits for its session, follows changes of either, and lets go
 * of everything when the host leaves the page.
 */
export class MetricQueryController implements ReactiveController {
  readonly #host: Host;
  readonly #requestOf: (scope: LuminaScope) => MetricQueryRequest | undefined;
  readonly #consumer: ContextConsumer<typeof luminaContext, Host>;
  #isConnected = false;
  #watch: Watch | undefined;
  #watchedKey = '';
  #watchedScope: LuminaScope | undefined;
  #unsubscribeNames: (() => void) | undefined;
  #reply: MetricReply | undefined;
  #error: LuminaError | undefined;

  constructor(host: Host, requestOf: (scope: LuminaScope) => MetricQueryRequest | undefined) {
    this.#host = host;
    this.#requestOf = requestOf;
    host.addController(this);
    this.#consumer = new ContextConsumer(host, {
      context: luminaContext,
      subscribe: true,
      callback: () => {
        host.requestUpdate();
      },
    });
  }

  /** What the provider gives; undefined without one. */
  get scope(): LuminaScope | undefined {
    return this.#consumer.value;
  }

  /** The newest reply, kept over failures. */
  get reply(): MetricReply | undefined {
    return this.#reply;
  }

  /** What went wrong last, in the session or the query. */
  get error(): LuminaError | undefined {
    return this.scope?.sessionError ?? this.#error;
  }

  /** Where it is. */
  get phase(): QueryPhase {
    if (!this.#isConnected) return 'detached';
    if (this.scope === undefined) return 'awaiting-provider';
    if (this.scope.session === undefined) return 'awaiting-session';
    return this.#watch === undefined ? 'awaiting-request' : 'watching';
  }

  /** Asks again now; after a failed sign-in that means a new token first. */
  retry(): void {
    if (this.scope?.sessionError !== undefined || this.scope?.session === undefined) this.scope?.retry();
    else this.#watch?.refresh();
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#release();
    this.#unsubscribeNames?.();
    this.#unsubscribeNames = undefined;
  }

  #follow(): void {
    const { scope } = this;
    if (!this.#isConnected || scope?.session === undefined) {
      this.#release();
      return;
    }
    const request = this.#requestOf(scope);
    const key = JSON.stringify(request ?? null);
    const isSameClient = this.#watchedScope?.client === scope.client && this.#watchedScope.session === scope.session;
    if (isSameClient && key === this.#watchedKey && this.#watch !== undefined) return;
    this.#release();
    // Another question or another identity: the old answer must not stand under the new heading.
    this.#reply = undefined;
    this.#error = undefined;
    if (request === undefined) return;
    this.#watchedKey = key;
    this.#watchedScope = scope;
    this.#unsubscribeNames = scope.names.subscribe(() => {
      this.#host.requestUpdate();
    });
    this.#watch = scope.client.watch(scope.session, request, (update) => {
      this.#reply = update.reply ?? this.#reply;
      this.#error = update.error;
      this.#host.requestUpdate();
    });
  }

  #release(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    this.#watchedKey = '';
    this.#watchedScope = undefined;
    this.#unsubscribeNames?.();
    this.#unsubscribeNames = undefined;
  }
}
