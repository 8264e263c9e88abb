import type { LiveFrame } from '@lumina/contracts';
import type { ConnectionPhase, ConnectionState, ConnectionStatus } from './live/connection-state.ts';
import { Subscribable } from './subscribable.ts';
import type { TimerManager } from './managers.ts';
import type { ServerClock } from './server-clock.ts';

/** Where an alert is: `since` in ms since the epoch, `value` in the metric's unit, with which it came there. */
export type LuminaAlert = Omit<Extract<LiveFrame, { event: 'alert' }>, 'event' | 'id'>;

/** A stream tells of all alerts as it begins; of what it has not told by then, nobody may tell this user any more. */
const TOLD_WITHIN_MS = 10_000;

/** Phases after which no stream goes on by itself. */
const SILENT: ReadonlySet<ConnectionPhase> = new Set<ConnectionPhase>(['idle', 'closed', 'upgrade']);

/** The alerts of the territory that this user may see, as far as the live connection has told. Tells of changes. */
export class Alerts extends Subscribable {
  readonly #timers: TimerManager;
  readonly #clock: Pick<ServerClock, 'nowMs'>;
  readonly #alerts = new Map<string, LuminaAlert>();
  readonly #listeners = new Set<(alert: LuminaAlert) => void>();
  #unconfirmed: ReadonlySet<string> = new Set();
  #isHeard = false;
  #cancelTimer: (() => void) | undefined;

  constructor(timers: TimerManager, clock: Pick<ServerClock, 'nowMs'>) {
    super();
    this.#timers = timers;
    this.#clock = clock;
  }

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
  take({ ruleId, state, since, value, name, metric, severity, filters }: LuminaAlert): void {
    this.#unconfirmed = new Set([...this.#unconfirmed].filter((id) => id !== ruleId));
    const before = this.#alerts.get(ruleId);
    if (before?.state === state && before.since === since) return;
    const told = { ruleId, state, since, value, name, metric, severity };
    const alert: LuminaAlert = filters === undefined ? told : { ...told, filters };
    this.#alerts.set(ruleId, alert);
    // That something was over before anybody looked is nothing to tell.
    if (before !== undefined || state === 'alerting') this.#tell(alert);
    this.notify();
  }

  /** Goes by a connection from now on; for the client only. */
  follow(connection: ConnectionState): void {
    connection.subscribe(() => {
      this.#heed(connection.status);
    });
  }

  /** Where nothing is heard any more, nothing is claimed; after a gap all is told again. */
  #heed({ phase, transport }: Pick<ConnectionStatus, 'phase' | 'transport'>): void {
    const isHeard = phase === 'open' && transport !== 'polling';
    if (isHeard === this.#isHeard && isHeard) return;
    this.#isHeard = isHeard;
    this.#cancelTimer?.();
    if (isHeard) this.#awaitAll();
    else if (transport === 'polling' || SILENT.has(phase)) this.#forget();
  }

  /** What ended, or went out of this user's sight, while nothing was heard is told by its absence alone. */
  #awaitAll(): void {
    this.#unconfirmed = new Set(this.firing.map(({ ruleId }) => ruleId));
    if (this.#unconfirmed.size === 0) return;
    this.#cancelTimer = this.#timers.after(TOLD_WITHIN_MS, () => {
      for (const id of this.#unconfirmed) {
        const alert = this.#alerts.get(id);
        if (alert !== undefined) this.take({ ...alert, state: 'normal', since: this.#clock.nowMs(), value: null });
      }
    });
  }

  #forget(): void {
    if (this.#alerts.size === 0) return;
    this.#alerts.clear();
    this.notify();
  }

  #tell(alert: LuminaAlert): void {
    for (const listener of [...this.#listeners]) listener(alert);
  }
}
