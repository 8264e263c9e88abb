import { headerOf, type SwitchEvent } from './switch-event.ts';
import type { EslMetrics } from './metrics.ts';

/** Numbers may overtake each other by so much, since the switch fires them from many threads. */
const SEQUENCE_TOLERANCE = 100_000;
const LOST = /\blost \[?(\d{1,9})\]? (?:events?|logs?)\b/i;

/** Watches which life of the switch speaks, and what it admits to have lost. */
export class SwitchLife {
  private readonly metrics: EslMetrics;
  private readonly onRestart: () => void;
  private core: string | undefined;
  private sequence = 0;

  constructor(metrics: EslMetrics, onRestart: () => void) {
    this.metrics = metrics;
    this.onRestart = onRestart;
  }

  /** Identifies the switch between two of its starts. */
  get coreUuid(): string | undefined {
    return this.core;
  }

  /** Looks at every event, before anything else does. */
  see(event: SwitchEvent): void {
    const core = headerOf(event, 'Core-UUID');
    if (core !== undefined && core !== this.core) {
      const isRestart = this.core !== undefined;
      this.core = core;
      this.sequence = 0;
      if (isRestart) {
        this.metrics.switchRestarts.inc();
        this.onRestart();
      }
    }
    const sequence = Number(headerOf(event, 'Event-Sequence') ?? Number.NaN);
    if (Number.isNaN(sequence)) return;
    // Gaps mean nothing, since only some events are subscribed to; going back does.
    if (sequence < this.sequence - SEQUENCE_TOLERANCE) {
      this.metrics.sequenceRestarts.inc();
      this.sequence = sequence;
    } else if (sequence > this.sequence) this.sequence = sequence;
  }

  /** A TRAP: the switch may say that it lost events. */
  trap(event: SwitchEvent): void {
    this.metrics.traps.inc();
    for (const value of Object.values(event)) {
      const lost = typeof value === 'string' ? LOST.exec(value)?.[1] : undefined;
      if (lost === undefined) continue;
      this.metrics.lostBySwitch.inc(Number(lost));
      return;
    }
  }
}
