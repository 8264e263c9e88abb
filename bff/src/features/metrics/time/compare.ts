import { openingOf } from '@lumina/contracts';
import type { MetricQueryRequest, OpeningTimes } from '@lumina/contracts';
import type { TimeRange } from './range.ts';
import { sameClock, shiftDays, startOfMonth } from './zone.ts';

/** How far back the range lies that a query compares with; days back are days of the reporting zone, by the same clock. */
export function compareShiftMs(
  compare: 'previous' | '1d' | '7d',
  request: MetricQueryRequest['range'],
  range: TimeRange,
  zone: string,
  openings?: OpeningTimes,
): number {
  if (compare === '1d') return range.fromMs - sameClock(range.fromMs, -1, zone);
  if (compare === '7d') return range.fromMs - sameClock(range.fromMs, -7, zone);
  if (!('calendar' in request)) return range.toMs - range.fromMs;
  switch (request.calendar) {
    case 'today':
    case 'yesterday':
      return range.fromMs - shiftDays(range.fromMs, -1, zone);
    // The opening before: on a Monday that of Friday, where the weekend is closed.
    case 'sinceOpening':
      return range.fromMs - ((openings && openingOf(openings, range.fromMs - 1)) ?? shiftDays(range.fromMs, -1, zone));
    case 'thisWeek':
    case 'lastWeek':
      return range.fromMs - shiftDays(range.fromMs, -7, zone);
    case 'thisMonth':
    case 'lastMonth':
      return range.fromMs - startOfMonth(range.fromMs, zone, -1);
  }
}
