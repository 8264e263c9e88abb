import type { QueryRange } from '@lumina/contracts';

const CLOSED: ReadonlySet<string> = new Set(['yesterday', 'lastWeek', 'lastMonth']);

/** Whether a range is over, so that asking once is enough: it ends in the past and no longer moves. */
export function isClosedRange(range: QueryRange, nowMs: number): boolean {
  if ('calendar' in range) return CLOSED.has(range.calendar);
  return 'to' in range && Date.parse(range.to) <= nowMs;
}
