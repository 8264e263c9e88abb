import type { LuminaClient } from '../../client/lumina-client.ts';
import type { LuminaEventMap } from '../../events/events.ts';
import type { LuminaWidget } from '../widget/widget.ts';
import type { DashboardState } from './dashboard.ts';

/** Reports what a board does to the service: that it is viewed, how long that took, which errors its tiles show. */
export class BoardReports {
  #client: Pick<LuminaClient, 'report'> | undefined;
  #dashboardId = '';
  #begunAtMs: number | undefined;
  #isViewed = false;

  /** Takes over where the board is; each board is told once. */
  follow(client: Pick<LuminaClient, 'report'> | undefined, dashboardId: string, state: DashboardState): void {
    if (client !== this.#client || dashboardId !== this.#dashboardId) {
      this.#client = client;
      this.#dashboardId = dashboardId;
      this.#begunAtMs = undefined;
      this.#isViewed = false;
    }
    if (state === 'loading') this.#begunAtMs ??= performance.now();
    if (state !== 'ready' || this.#isViewed || client === undefined) return;
    this.#isViewed = true;
    client.report({ type: 'dashboard_viewed' });
    // A board that the host gave was never waited for.
    if (this.#begunAtMs !== undefined)
      client.report({ type: 'render_time', ms: Math.round(performance.now() - this.#begunAtMs) });
  }

  /** Reports the error of a tile. */
  readonly onTileError = (event: LuminaEventMap['luminaerror']): void => {
    const { kind } = event.target as LuminaWidget;
    this.#client?.report({ type: 'widget_error', code: event.detail.code, kind });
  };
}
