const SLOT_MS = 900_000;

/** Arrivals per local hour, relative to the configured rate. */
const ARRIVALS: readonly number[] = [
  0.45, 0.4, 0.4, 0.4, 0.45, 0.5, 0.65, 0.8, 1.0, 1.15, 1.15, 1.1, 1.0, 1.05, 1.1, 1.1, 1.05, 1.0, 0.9, 0.8, 0.75, 0.65,
  0.55, 0.5,
];

const arrivalsAt = (hour: number): number => ARRIVALS[hour % 24] ?? 1;

/** The day of a contact centre in its own time zone. */
export class DailyShape {
  readonly #format: Intl.DateTimeFormat;
  #slot = -1;
  #factor = 1;

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  }

  /** How busy callers are now; 1 is the configured rate. Interpolated between the hours, constant within 15 minutes. */
  arrivalFactor(atMs: number): number {
    const slot = Math.floor(atMs / SLOT_MS);
    if (slot !== this.#slot) {
      const [hour = 0, minute = 0] = this.#format
        .format(slot * SLOT_MS)
        .split(':')
        .map(Number);
      const share = minute / 60;
      this.#slot = slot;
      this.#factor = arrivalsAt(hour) * (1 - share) + arrivalsAt(hour + 1) * share;
    }
    return this.#factor;
  }

  /** The share of agents the planners want logged in: follows the callers, never below a night shift. */
  staffShare(atMs: number): number {
    return Math.min(0.95, 0.14 + 0.74 * this.arrivalFactor(atMs));
  }
}
