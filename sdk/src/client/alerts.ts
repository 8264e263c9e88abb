import type { LiveFrame } from '@lumina/contracts';
import { Subscribable } from './subscribable.ts';

/** Where an alert is: `since` in ms since the epoch, `value` in the metric's unit. */
export type LuminaAlert = Omit<Extract<LiveFrame, { event: 'alert' }>, 'event' | 'id'>;

/** The alerts of the territory that this user may see, as far as the live connection has told. Tells of changes. */
export class Alerts extends Subscribable {
  readonly #alerts = new Map<string, LuminaAlert>();
  readonly #listeners = new Set<(alert: LuminaAlert) => void>();

  /** Those that fire now, the newest first. */
  get firing(): readonly LuminaAlert[] {
    return [...this.#alerts.values()].filter(({ state }) => state === 'alerting').sort((a, b) => b.since - a.since);
  }

  /** Calls back with each alert that begins to fire or is over; answers how to stop. */
  onAlert(listener: (alert: LuminaAlert) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Takes over what a frame tells. A stream that begins tells everything again: what is known already is no news. */
  take({ ruleId, state, since, value, name, metric, severity }: LuminaAlert): void {
    const before = this.#alerts.get(ruleId);
    if (before?.state === state && before.since === since) return;
    const alert: LuminaAlert = { ruleId, state, since, value, name, metric, severity };
    this.#alerts.set(ruleId, alert);
    // That something was over before anybody looked is nothing to tell.
    if (before !== undefined || state === 'alerting') for (const listener of [...this.#listeners]) listener(alert);
    this.notify();
  }
}
