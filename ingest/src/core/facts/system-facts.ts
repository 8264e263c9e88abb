import {
  BEAT_SERIES,
  LATENCY_BUCKETS,
  type ApiSample,
  type Fact,
  type TrunkSnapshot,
  type UserAction,
} from '@lumina/contracts';

import { epochMsOf } from '../instants.ts';
import { hashedFact, keyedFact, slotOf, versionOf } from './build.ts';

/** `trunk`: channels in use of each trunk of a part, and the beat. */
export function trunkFacts(event: TrunkSnapshot): Fact[] {
  const { part, intervalMs: interval_ms } = event;
  const at_ms = epochMsOf(event.time);
  const { timeMs, version } = slotOf(at_ms, interval_ms);
  const row = (trunk_id: string, measures: Fact['measures']): Fact =>
    keyedFact(event, { id: 'system_metrics.trunk', timeMs, version, dimensions: { trunk_id, part }, measures });
  const levels = event.trunks.map(({ trunkId, busy, capacity }) =>
    row(trunkId, { busy, capacity, at_ms, interval_ms }),
  );
  levels.push(row(BEAT_SERIES, { at_ms, interval_ms }));
  return levels;
}

/**
 * Measures of a sample that measured nothing, copied whole for each: to set 53 names one by one costs ten times as much.
 * Read from JSON, which makes an object that is quick to copy.
 */
const EMPTY_SAMPLE = JSON.parse(
  JSON.stringify({
    n: 0,
    errors: 0,
    lat_sum_ms: 0,
    lat_max_ms: 0,
    ...Object.fromEntries(LATENCY_BUCKETS.map((name) => [name, 0])),
    eid: '',
  }),
) as Record<string, number | string>;

function apiMeasures(event: ApiSample): Record<string, number | string> & { eid: string } {
  const measures = {
    ...EMPTY_SAMPLE,
    n: event.n,
    errors: event.errors,
    lat_sum_ms: event.latSumMs,
    lat_max_ms: event.latMaxMs,
    eid: event.id,
  } as Record<string, number | string> & { eid: string };
  for (let index = 0; index < LATENCY_BUCKETS.length; index += 1) {
    const count = event.buckets[index] ?? 0;
    const name = LATENCY_BUCKETS[index];
    if (count !== 0 && name !== undefined) measures[name] = count;
  }
  return measures;
}

/** `api`: requests to one route since its last sample. */
export function apiFacts(event: ApiSample): Fact[] {
  return [
    hashedFact(event, {
      id: 'system_metrics.api',
      timeMs: epochMsOf(event.time),
      version: versionOf(event),
      dimensions: { service: event.service, route: event.route },
      measures: apiMeasures(event),
    }),
  ];
}

/** `admin`: a user did something in the platform. */
export function adminFacts(event: UserAction): Fact[] {
  return [
    hashedFact(event, {
      id: 'system_metrics.admin',
      timeMs: epochMsOf(event.time),
      version: versionOf(event),
      dimensions: { action: event.action },
      measures: { n: 1, eid: event.id },
    }),
  ];
}
