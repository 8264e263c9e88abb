import { BIN_MS } from '@lumina/contracts';
import type { MetricQueryRequest } from '@lumina/contracts';

/** What a request covers, in buckets. */
export interface FakeGrid {
  readonly bin: Exclude<NonNullable<MetricQueryRequest['bin']>, 'auto'>;
  readonly fromMs: number;
  readonly toMs: number;
  /** Starts of the buckets that overlap the range. */
  readonly starts: readonly number[];
}

const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS };
const CALENDAR_DAYS: Readonly<Record<string, number>> = {
  yesterday: 1,
  thisWeek: 3,
  lastWeek: 7,
  thisMonth: 12,
  lastMonth: 30,
};

/** Calendar ranges are rough here: days of UTC, a week three days old, a month twelve. */
function rangeOf(
  range: MetricQueryRequest['range'],
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  if ('from' in range) return { fromMs: Date.parse(range.from), toMs: Date.parse(range.to) };
  if ('last' in range) {
    const [, amount, unit] = /^(\d+)([smhd])$/u.exec(range.last) ?? [];
    return { fromMs: nowMs - Number(amount ?? 1) * (UNIT_MS[unit ?? 'h'] ?? 3_600_000), toMs: nowMs };
  }
  const midnightMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const days = CALENDAR_DAYS[range.calendar];
  if (range.calendar === 'sinceOpening') return { fromMs: nowMs - 6 * 3_600_000, toMs: nowMs };
  if (days === undefined) return { fromMs: midnightMs, toMs: nowMs };
  const isOver = range.calendar === 'yesterday' || range.calendar.startsWith('last');
  return { fromMs: midnightMs - days * DAY_MS, toMs: isOver ? midnightMs : nowMs };
}

function binOf(bin: MetricQueryRequest['bin'], spanMs: number): FakeGrid['bin'] {
  if (bin !== undefined && bin !== 'auto') return bin;
  if (spanMs > 14 * DAY_MS) return '1d';
  if (spanMs > 2 * DAY_MS) return '1h';
  if (spanMs > 8 * 3_600_000) return '15m';
  return spanMs > 3_600_000 ? '5m' : '1m';
}

/** The buckets of a request. */
export function fakeGridOf(request: MetricQueryRequest, nowMs: number): FakeGrid {
  const { fromMs, toMs } = rangeOf(request.range, nowMs);
  const bin = binOf(request.bin, toMs - fromMs);
  const binMs = bin === '1d' ? DAY_MS : BIN_MS[bin];
  const starts: number[] = [];
  for (let at = Math.floor(fromMs / binMs) * binMs; at < toMs; at += binMs) starts.push(at);
  return { bin, fromMs, toMs, starts };
}

/** How far back a compared range lies. */
export function fakeCompareShiftMs(compare: 'previous' | '1d' | '7d', grid: FakeGrid): number {
  if (compare === '1d') return DAY_MS;
  if (compare === '7d') return 7 * DAY_MS;
  return grid.toMs - grid.fromMs;
}
