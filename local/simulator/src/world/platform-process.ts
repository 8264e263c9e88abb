import { LATENCY_BUCKET_COUNT, LATENCY_BUCKET_EDGES_MS } from '@lumina/contracts';

import { sendEnvelope } from '../emit/envelope.ts';
import type { PopulationService } from '../population.ts';
import type { Random } from './random.ts';
import { everyInterval } from './sampling.ts';
import type { World } from './world.ts';

const OFFSET_MS = 8_555;
const REQUESTS_PER_10_S = 24;

/** The requests of one interval, as a service's own metrics would sum them up. */
interface Sample {
  readonly n: number;
  readonly errors: number;
  readonly latSumMs: number;
  readonly latMaxMs: number;
  readonly buckets: readonly number[];
}

/** The bucket of a latency: the first whose upper edge is not below it. */
const bucketOf = (latencyMs: number): number => LATENCY_BUCKET_EDGES_MS.findIndex((edge) => latencyMs <= edge);

const measure = (random: Random, requests: number, medianMs: number, errorShare: number): Sample => {
  const buckets = new Array<number>(LATENCY_BUCKET_COUNT).fill(0);
  let errors = 0;
  let latSumMs = 0;
  let latMaxMs = 0;
  for (let request = 0; request < requests; request += 1) {
    const spread = Math.exp((random.fraction() + random.fraction() + random.fraction() - 1.5) * 1.2);
    const latencyMs = Math.max(1, Math.round(medianMs * spread + (random.isHit(0.01) ? random.exponential(900) : 0)));
    const index = bucketOf(latencyMs);
    buckets[index] = (buckets[index] ?? 0) + 1;
    latSumMs += latencyMs;
    latMaxMs = Math.max(latMaxMs, latencyMs);
    if (random.isHit(errorShare)) errors += 1;
  }
  return { n: requests, errors, latSumMs, latMaxMs, buckets };
};

const startService = (world: World, { service, route }: PopulationService, index: number): void => {
  const random = world.random.platform;
  const medianMs = 35 + 45 * index;
  let troubleUntilMs = 0;
  everyInterval(world, OFFSET_MS + index * 7, (atMs) => {
    if (random.isHit(0.002)) troubleUntilMs = atMs + random.int(60_000, 300_000);
    const isTroubled = atMs < troubleUntilMs;
    const mean = (REQUESTS_PER_10_S * world.options.snapshotIntervalMs) / 10_000;
    const requests = random.int(mean * 0.6, mean * 1.4 * world.shape.arrivalFactor(atMs));
    const sample = measure(random, requests, isTroubled ? medianMs * 4 : medianMs, isTroubled ? 0.12 : 0.006);
    if (world.options.isRecording) {
      const { n, errors, latSumMs } = sample;
      world.ledger.apiSamples.push({ atMs, service, route, requests: n, errors, latencySumMs: latSumMs });
    }
    sendEnvelope(world, {
      source: 'platform',
      type: 'API_SAMPLE',
      about: `${service}:${route}:${String(atMs)}`,
      atMs,
      fields: { service, route, ...sample },
    });
  });
};

const CHANGES: readonly string[] = ['created', 'updated', 'updated', 'updated', 'deleted'];
const ACTIONS: readonly string[] = ['login', 'dashboard_view', 'report_export', 'wallboard_open', 'policy_edit'];

const startActions = (world: World): void => {
  const random = world.random.platform;
  const act = (atMs: number): void => {
    world.agenda.after(1 + random.exponential(25_000), act);
    const action = random.pick(ACTIONS);
    const about = `${action}:${String(atMs)}`;
    sendEnvelope(world, { source: 'platform', type: 'USER_ACTION', about, atMs, fields: { action }, weight: 'detail' });
  };
  const change = (atMs: number): void => {
    world.agenda.after(1 + random.exponential(240_000), change);
    const externalId = `policy_${String(random.int(100, 999))}`;
    const about = `${externalId}:${String(atMs)}`;
    const fields = { entity: 'policy', externalId, change: random.pick(CHANGES) };
    sendEnvelope(world, { source: 'platform', type: 'CONFIG_CHANGE', about, atMs, fields, weight: 'detail' });
  };
  world.agenda.after(random.exponential(25_000), act);
  world.agenda.after(random.exponential(60_000), change);
};

/** API samples, configuration changes and the actions of users of the platform. */
export const startPlatform = (world: World): void => {
  world.population.services.forEach((service, index) => {
    startService(world, service, index);
  });
  startActions(world);
};
