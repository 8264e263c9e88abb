import { ContextConsumer, ContextProvider } from '@lit/context';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ConnectionState, ConnectionStatus } from '../../client/live/connection-state.ts';
import { luminaContext } from '../../controllers/lumina-scope.ts';
import type { LuminaScope } from '../../controllers/lumina-scope.ts';

type Host = ReactiveControllerHost & HTMLElement;

/** What a board changes for the tiles on it. */
export interface BoardTerms {
  /** Reporting zone of the board; undefined leaves it to the provider. */
  readonly timeZone: string | undefined;
  /** Whether tiles follow news by themselves. */
  readonly isLive: boolean;
  /** Id of the stored board; empty for one that the host gave. */
  readonly dashboardId: string;
}

/** Stands between the provider and the tiles: passes everything on, with the board's own zone and freshness. */
export class BoardScope implements ReactiveController {
  readonly #host: Host;
  readonly #consumer: ContextConsumer<typeof luminaContext, Host>;
  readonly #provider: ContextProvider<typeof luminaContext, Host>;
  #given: LuminaScope | undefined;
  #terms: BoardTerms | undefined;
  #connection: ConnectionState | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
    this.#consumer = new ContextConsumer(host, {
      context: luminaContext,
      subscribe: true,
      callback: () => {
        host.requestUpdate();
      },
    });
    this.#provider = new ContextProvider(host, { context: luminaContext });
  }

  /** What the provider gives; undefined without one. */
  get outer(): LuminaScope | undefined {
    return this.#consumer.value;
  }

  /** How the connection of the page does; undefined without one. */
  get connection(): ConnectionStatus | undefined {
    return this.#connection?.status;
  }

  /** Passes the scope on to the tiles; a new object only when something changed, since it renders all of them. */
  provide(terms: BoardTerms): void {
    const { outer } = this;
    const isSame = JSON.stringify(this.#terms) === JSON.stringify(terms);
    if (outer === this.#given && isSame) return;
    this.#given = outer;
    this.#terms = terms;
    this.#provider.setValue(
      outer === undefined
        ? undefined
        : {
            ...outer,
            timeZone: terms.timeZone ?? outer.timeZone,
            isLive: terms.isLive,
            dashboardId: terms.dashboardId === '' ? undefined : terms.dashboardId,
          },
    );
  }

  /** Takes over the provider's connection; called before the host decides what to render. */
  follow(): void {
    this.#follow(this.outer?.client.connection);
  }

  hostDisconnected(): void {
    this.#follow(undefined);
  }

  #follow(connection: ConnectionState | undefined): void {
    if (connection === this.#connection) return;
    this.#unsubscribe?.();
    this.#connection = connection;
    this.#unsubscribe = connection?.subscribe(() => {
      this.#host.requestUpdate();
    });
  }
}
