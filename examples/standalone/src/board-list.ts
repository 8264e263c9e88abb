import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { LuminaError } from '@lumina/sdk';
import type { DashboardSummary, LuminaClient } from '@lumina/sdk';

/** The boards of the territory, for the rail and the list; read anew when asked. */
export class BoardList implements ReactiveController {
  /** The boards; undefined until they are known. What is known stays while it is read anew. */
  boards: readonly DashboardSummary[] | undefined;
  /** Why they could not be read. */
  error: LuminaError | undefined;
  readonly #host: ReactiveControllerHost;
  #client: LuminaClient | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#client = undefined;
  }

  /** Whose boards; another client's are forgotten at once. */
  use(client: LuminaClient | undefined): void {
    if (client === this.#client) return;
    this.#client = client;
    this.boards = undefined;
    this.error = undefined;
    if (client !== undefined) void this.load();
  }

  async load(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    try {
      const boards = await client.dashboards();
      if (client !== this.#client) return;
      this.boards = boards;
      this.error = undefined;
    } catch (error) {
      if (client !== this.#client) return;
      if (!(error instanceof LuminaError)) throw error;
      this.error = error;
    }
    this.#host.requestUpdate();
  }
}
