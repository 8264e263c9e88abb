/** Source of the present time, replaceable so that tests can move it. */
export type Clock = { nowMs(): number };

/** The clock of the machine. */
export const systemClock: Clock = { nowMs: () => Date.now() };
