import { openingOf } from '@lumina/contracts';
import type { CalendarRange, OpeningTimes, QueryRange } from '@lumina/contracts';
import { shiftDays, startOfDay, startOfMonth, startOfWeek } from './zone.ts';

/** A half-open span of time that has happened: `toMs` is never after the moment of asking. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A range that cannot be read; the caller answers `invalid_request`. */
export class RangeRequestError extends Error {
  readonly code = 'invalid_request';

  constructor(message: string) {
    super(message);
    this.name = 'RangeRequestError';
  }
}

/** Milliseconds of `90s`, `15m`, `24h`, `7d`. */
export function parseDurationMs(text: string): number {
  const match = /^([1-9]\d{0,6})([smhd])$/u.exec(text);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unitMs === undefined) {
    throw new RangeRequestError(`"${text}" is no duration; write for example 15m, 24h or 7d.`);
  }
  return Number(match[1]) * unitMs;
}

/** Turns the range of a request into instants, at the moment of asking; without opening times a day opens at its start. */
export function resolveRange(request: QueryRange, nowMs: number, zone: string, openings?: OpeningTimes): TimeRange {
  if ('last' in request) return { fromMs: nowMs - parseDurationMs(request.last), toMs: nowMs };
  if ('calendar' in request) return calendarRange(request.calendar, nowMs, zone, openings);
  const fromMs = parseInstant(request.from);
  const toMs = Math.min(parseInstant(request.to), nowMs);
  if (fromMs >= toMs)
    throw new RangeRequestError(
      'The range is empty or lies in the future; "from" must come before "to" and before now.',
    );
  return { fromMs, toMs };
}

function parseInstant(text: string): number {
  const epochMs = Date.parse(text);
  if (Number.isNaN(epochMs) || !isCalendarDate(text))
    throw new RangeRequestError(`"${text}" is no instant that exists; write for example 2026-03-01T09:00:00Z.`);
  return epochMs;
}

/** The parser of dates takes 30 February for 2 March; a range that nobody meant must not be answered. */
function isCalendarDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

function calendarRange(name: CalendarRange, nowMs: number, zone: string, openings?: OpeningTimes): TimeRange {
  switch (name) {
    case 'today':
      return open(startOfDay(nowMs, zone), nowMs);
    // Openings are those of the territory's own zone, whatever zone the bins follow.
    case 'sinceOpening':
      return open((openings && openingOf(openings, nowMs)) ?? startOfDay(nowMs, zone), nowMs);
    case 'yesterday':
      return { fromMs: shiftDays(nowMs, -1, zone), toMs: startOfDay(nowMs, zone) };
    case 'thisWeek':
      return open(startOfWeek(nowMs, zone), nowMs);
    case 'lastWeek': {
      const toMs = startOfWeek(nowMs, zone);
      return { fromMs: shiftDays(toMs, -7, zone), toMs };
    }
    case 'thisMonth':
      return open(startOfMonth(nowMs, zone), nowMs);
    case 'lastMonth':
      return { fromMs: startOfMonth(nowMs, zone, -1), toMs: startOfMonth(nowMs, zone) };
  }
}

/** A range that is still running; one that begins this very instant has one millisecond, so that it has a bin. */
function open(fromMs: number, nowMs: number): TimeRange {
  return { fromMs, toMs: Math.max(nowMs, fromMs + 1) };
}
