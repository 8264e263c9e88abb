/** Epoch milliseconds of a validated RFC 3339 instant; fractions below a millisecond are cut. */
export function epochMsOf(instant: string): number {
  return Date.parse(instant);
}

/** RFC 3339 with milliseconds, in UTC. */
export function rfc3339Of(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
