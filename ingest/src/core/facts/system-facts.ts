import {
  BEAT_SERIES,
  LATENCY_BUCKETS,
  type ApiSample,
  type Fact,
  type TrunkSnapshot,
  type UserAction,
} from '@lumina/contracts';

import { epochMsOf } from '../instants.ts';
import { buildFact, slotOf, versionOf } from './build.ts';

/** `trunk`: channels in use of each trunk of a part, and the beat. */
export function trunkFacts(event: TrunkSnapshot): Fact[] {
  const atMs = epochMsOf(event.time);
  const sampled = { at_ms: atMs, interval_ms: event.intervalMs };
  const row = (trunkId: string, measures: Record<string, number>): Fact =>
    buildFact(event, {
      id: 'system_metrics.trunk',
      ...slotOf(atMs, event.intervalMs),
      dimensions: { trunk_id: trunkId, part: event.part },
      measures: { ...measures, ...sampled },
    });
  return [...event.trunks.map(({ trunkId, busy, capacity }) => row(trunkId, { busy, capacity })), row(BEAT_SERIES, {})];
}

/** `api`: requests to one route since its last sample. */
export function apiFacts(event: ApiSample): Fact[] {
  const buckets = Object.fromEntries(LATENCY_BUCKETS.map((name, index) => [name, event.buckets[index] ?? 0]));
  return [
    buildFact(event, {
      id: 'system_metrics.api',
      timeMs: epochMsOf(event.time),
      version: versionOf(event),
      eid: event.id,
      dimensions: { service: event.service, route: event.route },
      measures: {
        n: event.n,
        errors: event.errors,
        lat_sum_ms: event.latSumMs,
        lat_max_ms: event.latMaxMs,
        ...buckets,
      },
    }),
  ];
}

/** `admin`: a user did something in the platform. */
export function adminFacts(event: UserAction): Fact[] {
  return [
    buildFact(event, {
      id: 'system_metrics.admin',
      timeMs: epochMsOf(event.time),
      version: versionOf(event),
      eid: event.id,
      dimensions: { action: event.action },
      measures: { n: 1 },
    }),
  ];
}
