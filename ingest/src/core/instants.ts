/** Epoch milliseconds of a validated RFC 3339 instant; fractions below a millisecond are cut. */
export function epochMsOf(instant: string): number {
  return Date.parse(instant);
}

/** Whether an instant of RFC 3339's form exists: `Date.parse` reads 30 February as 2 March. */
export function isInstant(instant: string): boolean {
  const epochMs = epochMsOf(instant);
  const day = Number(instant.slice(8, 10));
  const midnight = epochMsOf(`${instant.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(epochMs) && new Date(midnight).getUTCDate() === day;
}

/** RFC 3339 with milliseconds, in UTC. */
export function rfc3339Of(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
