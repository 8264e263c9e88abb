import { ContextConsumer } from '@lit/context';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { onSystemThemeChange } from '../theme/theme-preference.ts';
import { leaseConnection } from './connection-registry.ts';
import type { ConnectionLease } from './connection-registry.ts';
import type { ConnectionOptions } from './lumina-connection.ts';
import { luminaContext, scopeOf } from './lumina-scope.ts';
import type { LuminaAppearance, LuminaScope } from './lumina-scope.ts';
import { awaitLateProviders } from './provider-search.ts';

type Host = ReactiveControllerHost & HTMLElement;

/** What a tag brings itself that stands alone on a page. */
export interface OwnConnection {
  readonly connection: ConnectionOptions;
  readonly appearance: LuminaAppearance;
}

/** Where the controller finds its scope. */
export type ScopePhase = 'detached' | 'awaiting-provider' | 'provided' | 'alone';

/** Finds the scope of a tag: the provider's around it, or one of its own where it brings a token callback itself. */
export class ScopeController implements ReactiveController {
  readonly #host: Host;
  readonly #ownOf: () => OwnConnection | undefined;
  readonly #consumer: ContextConsumer<typeof luminaContext, Host>;
  #lease: ConnectionLease | undefined;
  #stopFollowing: (() => void) | undefined;
  #stopThemeWatch: (() => void) | undefined;
  #isConnected = false;
  #own: LuminaScope | undefined;

  constructor(host: Host, ownOf: () => OwnConnection | undefined = () => undefined) {
    this.#host = host;
    this.#ownOf = ownOf;
    awaitLateProviders();
    this.#consumer = new ContextConsumer(host, {
      context: luminaContext,
      subscribe: true,
      callback: () => {
        host.requestUpdate();
      },
    });
    host.addController(this);
  }

  /** The scope; undefined while there is none. */
  get scope(): LuminaScope | undefined {
    return this.#own ?? (this.#lease === undefined ? this.#consumer.value : undefined);
  }

  /** Where it is. */
  get phase(): ScopePhase {
    if (!this.#isConnected) return 'detached';
    if (this.#lease !== undefined) return 'alone';
    return this.#consumer.value === undefined ? 'awaiting-provider' : 'provided';
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#stopThemeWatch = onSystemThemeChange(() => {
      this.#host.requestUpdate();
    });
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    const own = this.#isConnected ? this.#ownOf() : undefined;
    if (own === undefined) {
      this.#letGo();
      return;
    }
    if (this.#lease?.follow(own.connection) !== true) {
      this.#letGo();
      this.#lease = leaseConnection(own.connection);
      this.#stopFollowing = this.#lease.connection.subscribe(() => {
        this.#host.requestUpdate();
      });
    }
    this.#own = scopeOf(this.#lease.connection, own.appearance);
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#stopThemeWatch?.();
    this.#letGo();
  }

  #letGo(): void {
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
    this.#lease?.release();
    this.#lease = undefined;
    this.#own = undefined;
  }
}
