import type { TileView } from '../../client/tile-view.ts';
import { formatTime } from '../../i18n/format.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An instant of a view in words: with the day where the range has several. */
export function instantText(view: TileView, atMs: number, locale: string): string {
  const spanMs = view.toMs - view.fromMs;
  const time = formatTime(atMs, locale, view.timeZone, spanMs > 4 * HOUR_MS ? 'minutes' : 'seconds');
  return spanMs <= DAY_MS ? time : `${formatTime(atMs, locale, view.timeZone, 'day')}, ${time}`;
}

/** How precise the times below a chart are. */
export function timePrecision(view: TileView): 'minutes' | 'seconds' | 'day' {
  const spanMs = view.toMs - view.fromMs;
  if (spanMs > 3 * DAY_MS) return 'day';
  return spanMs < 5 * 60_000 ? 'seconds' : 'minutes';
}
