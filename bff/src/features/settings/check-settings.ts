import { isMetricId } from '@lumina/contracts';
import type { OpenHours, TerritorySettings } from '@lumina/contracts';
import { firstBadRange } from '../../http/address-ranges.ts';
import { HttpProblem } from '../../http/problem.ts';
import { isTimeZone } from '../metrics/index.ts';

const CUSTOM_METRIC = /^custom:[a-z0-9]{1,40}$/;

function refuse(place: string, detail: string): never {
  throw new HttpProblem('invalid_request', `body/${place} ${detail}`);
}

const isBefore = (one: string, other: string): boolean => one < other;

/** Openings of one day must come one after the other; only the last may run over midnight. */
function checkHours(place: string, hours: OpenHours): void {
  const sorted = hours.toSorted(([a], [b]) => (isBefore(a, b) ? -1 : 1));
  for (const [index, [from, to]] of sorted.entries()) {
    const next = sorted[index + 1]?.[0];
    if (from === '24:00') refuse(place, 'begins at 24:00; that is 00:00 of the next day.');
    if (from === to)
      refuse(place, `opens and closes at ${from}; write 00:00 to 24:00 for a whole day, [] for a closed one.`);
    const overlaps = next !== undefined && (isBefore(to, from) || isBefore(next, to));
    if (overlaps) refuse(place, `has openings that overlap: ${from} to ${to}, and one from ${next}.`);
  }
}

function isDate(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

/** The first that appears twice. */
function repeated(keys: readonly string[]): string | undefined {
  return keys.find((key, index) => keys.indexOf(key) < index);
}

function checkHolidays({ holidays }: TerritorySettings): void {
  for (const [index, { date, hours }] of holidays.entries()) {
    const place = `holidays/${String(index)}`;
    if (!isDate(date)) refuse(`${place}/date`, `is no date that exists: ${date}.`);
    checkHours(`${place}/hours`, hours);
  }
  const twice = repeated(holidays.map(({ date }) => date));
  if (twice !== undefined) refuse('holidays', `names ${twice} twice.`);
}

function checkTargets({ targets }: TerritorySettings): void {
  for (const [index, { metric }] of targets.entries()) {
    if (!isMetricId(metric) && !CUSTOM_METRIC.test(metric))
      refuse(`targets/${String(index)}/metric`, `is no metric: "${metric}"; GET /api/metrics lists them.`);
  }
  const twice = repeated(targets.map(({ metric, queueId }) => JSON.stringify([metric, queueId ?? null])));
  if (twice !== undefined) refuse('targets', `has two for the same metric and queue: ${twice}.`);
}

/** Refuses what a schema cannot see, and says where: a zone or date that does not exist, openings that overlap. */
export function checkSettings(settings: TerritorySettings): void {
  const { timeZone, openingHours, ipAllowList = [] } = settings;
  if (!isTimeZone(timeZone)) refuse('timeZone', 'is not an IANA time zone; write for example Europe/London.');
  for (const [day, hours] of Object.entries(openingHours)) checkHours(`openingHours/${day}`, hours);
  checkHolidays(settings);
  checkTargets(settings);
  const bad = firstBadRange(ipAllowList);
  if (bad !== undefined)
    refuse('ipAllowList', `has no network in "${bad}"; write for example 203.0.113.0/24 or 2001:db8::/32.`);
}
