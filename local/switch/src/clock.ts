/** The clock of a switch: epoch milliseconds, its own, which need not be anybody else's. */
export interface SwitchClock {
  nowMs(): number;
}

/** The machine's clock. */
export const systemClock: SwitchClock = { nowMs: Date.now };
