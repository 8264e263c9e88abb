import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Alerts, LuminaAlert } from '../client/alerts.ts';
import type { LuminaScope } from './lumina-scope.ts';

const NONE: readonly LuminaAlert[] = [];

/** Follows the alerts of a host's scope; the host renders again when one begins to fire or is over. */
export class AlertsController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #scopeOf: () => LuminaScope | undefined;
  #alerts: Alerts | undefined;
  #unsubscribe: (() => void) | undefined;
  #isConnected = false;

  constructor(host: ReactiveControllerHost, scopeOf: () => LuminaScope | undefined) {
    this.#host = host;
    this.#scopeOf = scopeOf;
    host.addController(this);
  }

  /** Those that fire now and that the user may see, the newest first. */
  get firing(): readonly LuminaAlert[] {
    return this.#alerts?.firing ?? NONE;
  }

  hostConnected(): void {
    this.#isConnected = true;
  }

  hostUpdate(): void {
    this.#follow(this.#isConnected ? this.#scopeOf()?.client.alerts : undefined);
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#follow(undefined);
  }

  #follow(alerts: Alerts | undefined): void {
    if (alerts === this.#alerts) return;
    this.#unsubscribe?.();
    this.#alerts = alerts;
    this.#unsubscribe = alerts?.subscribe(() => {
      this.#host.requestUpdate();
    });
  }
}
