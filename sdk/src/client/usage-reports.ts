import { MAX_CLIENT_EVENTS } from '@lumina/contracts';
import type { ClientEvent } from '@lumina/contracts';
import type { TimerManager } from './managers.ts';
import { SDK_VERSION } from './sdk-version.ts';

/** What reports of use need. */
export interface UsageReportsOptions {
  /** Sends one report; its failure is told and never repeated. */
  readonly send: (report: unknown) => Promise<void>;
  readonly timers: TimerManager;
  /** Default true. */
  readonly isOn?: boolean | undefined;
}

/** Whatever happens around the opening of a board travels together. */
const GATHER_MS = 5_000;

/**
 * Tells the service what the page does: that boards are viewed, how long they take, which errors widgets show. Kinds, codes
 * and times only. An error that stays is told once, and a service that refuses a report is not told anything more.
 */
export class UsageReports {
  readonly #send: UsageReportsOptions['send'];
  readonly #timers: TimerManager;
  readonly #toldErrors = new Set<string>();
  #waiting: ClientEvent[] = [];
  #cancel: (() => void) | undefined;
  #isOver: boolean;

  constructor({ send, timers, isOn = true }: UsageReportsOptions) {
    this.#isOver = !isOn;
    this.#send = send;
    this.#timers = timers;
  }

  /** Tells of something, a little later. */
  report(event: ClientEvent): void {
    if (this.#isOver || this.#waiting.length >= MAX_CLIENT_EVENTS || this.#isKnown(event)) return;
    this.#waiting.push(event);
    this.#cancel ??= this.#timers.after(GATHER_MS, () => {
      void this.#flush();
    });
  }

  /** Tells nothing any more. */
  stop(): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#waiting = [];
  }

  #isKnown(event: ClientEvent): boolean {
    if (event.type !== 'widget_error') return false;
    const key = `${event.kind} ${event.code}`;
    if (this.#toldErrors.has(key)) return true;
    this.#toldErrors.add(key);
    return false;
  }

  async #flush(): Promise<void> {
    const events = this.#waiting;
    this.#waiting = [];
    this.#cancel = undefined;
    try {
      await this.#send({ sdkVersion: SDK_VERSION, events });
    } catch {
      // Whatever is wrong, telling of it again would only add to it.
      this.stop();
    }
  }
}
