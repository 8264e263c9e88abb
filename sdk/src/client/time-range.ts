import { CALENDAR_RANGES } from '@lumina/contracts';
import type { QueryRange } from '@lumina/contracts';

const RELATIVE = /^-?([1-9]\d{0,5}[smhd])$/u;
const CLOSED: ReadonlySet<string> = new Set(['yesterday', 'lastWeek', 'lastMonth']);

/** Reads `1h` or `-1h`, `today` and its like, or `from/to` in ISO 8601; undefined for anything else. */
export function parseRange(text: string): QueryRange | undefined {
  const words = text.trim();
  const [, last] = RELATIVE.exec(words) ?? [];
  if (last !== undefined) return { last };
  const calendar = CALENDAR_RANGES.find((name) => name === words);
  if (calendar !== undefined) return { calendar };
  const [from = Number.NaN, to = Number.NaN, ...more] = words.split('/').map((instant) => Date.parse(instant));
  return from < to && more.length === 0 ? intervalOf(from, to) : undefined;
}

/** A range between two instants. */
export function intervalOf(fromMs: number, toMs: number): QueryRange {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** Whether a range is over, so that asking once is enough: it ends in the past and no longer moves. */
export function isClosedRange(range: QueryRange, nowMs: number): boolean {
  if ('calendar' in range) return CLOSED.has(range.calendar);
  return 'to' in range && Date.parse(range.to) <= nowMs;
}
