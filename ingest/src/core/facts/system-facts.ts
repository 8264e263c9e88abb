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

/** Latency buckets that nothing fell into: most of a sample's. */
const EMPTY_BUCKETS: Readonly<Record<string, number>> = Object.fromEntries(LATENCY_BUCKETS.map((name) => [name, 0]));

function bucketMeasures(counts: readonly number[]): Record<string, number> {
  const measures = { ...EMPTY_BUCKETS };
  for (const [index, name] of LATENCY_BUCKETS.entries()) {
    const count = counts[index] ?? 0;
    if (count !== 0) measures[name] = count;
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
      measures: {
        n: event.n,
        errors: event.errors,
        lat_sum_ms: event.latSumMs,
        lat_max_ms: event.latMaxMs,
        ...bucketMeasures(event.buckets),
        eid: event.id,
      },
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
