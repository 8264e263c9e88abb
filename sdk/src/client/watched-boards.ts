/** Counts what is watched for which dashboard. */
export class WatchedBoards {
  readonly #counts = new Map<string, number>();

  /** One more watch, or one less; what is for no dashboard is not counted. */
  count(dashboardId: string | undefined, change: 1 | -1): void {
    if (dashboardId === undefined) return;
    const count = (this.#counts.get(dashboardId) ?? 0) + change;
    if (count > 0) this.#counts.set(dashboardId, count);
    else this.#counts.delete(dashboardId);
  }

  /** The dashboard that everything is for; several share one connection, which then is nobody's alone. */
  get only(): string | undefined {
    const [only, another] = this.#counts.keys();
    return another === undefined ? only : undefined;
  }
}
