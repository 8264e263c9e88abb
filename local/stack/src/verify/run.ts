import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { AwsTimestreamStore } from '@lumina/bff/timestream';
import { createSimulation, ROUGH, type TruthLine } from '@lumina/simulator';

import { MINUTE_MS } from './cells.ts';
import { compareWithTruth, type Comparison } from './compare.ts';
import {
  LOCAL_CREDENTIALS,
  startIngestEnvironment,
  VERIFIED_TERRITORY_ID,
  type IngestEnvironment,
} from './environment.ts';
import type { VerifyOptions } from './options.ts';
import { killTimes, sendTraffic } from './traffic.ts';

/** What a verification run did and found. */
export interface VerifyResult {
  readonly events: number;
  readonly kills: number;
  readonly comparison: Comparison;
}

/** The worker catches up with the stream within this; only then is a difference a difference. */
const SETTLE_MS = 45_000;
const SETTLE_POLL_MS = 1_500;
/**
 * At the ends of the run some cells are not yet decided: the first minute has no snapshot before it, the last ones
 * wait for the snapshots that extend open states.
 */
const HEAD_MS = 2 * MINUTE_MS;
const TAIL_MS = 3 * MINUTE_MS;

/** Kills the worker at the planned instants, every other time between reading and storing; answers how often. */
async function killWhile(environment: IngestEnvironment, options: VerifyOptions, signal: AbortSignal): Promise<number> {
  const wallMs = options.minutes * MINUTE_MS;
  const startedMs = Date.now();
  let kills = 0;
  for (const share of killTimes(options.kills, options.seed)) {
    const waitMs = startedMs + share * wallMs - Date.now();
    try {
      if (waitMs > 0) await delay(waitMs, undefined, { signal });
    } catch {
      break; // the traffic ended first
    }
    await environment.killWorker(kills % 2 === 0 ? 'before-write' : 'now');
    kills += 1;
  }
  return kills;
}

/** Compares until everything is equal or the worker has had time enough to catch up. */
async function settle(
  environment: IngestEnvironment,
  truth: readonly TruthLine[],
  span: { readonly fromMs: number; readonly toMs: number },
  settleMs: number,
): Promise<Comparison> {
  const store = new AwsTimestreamStore({
    endpoint: environment.timestreamEndpoint,
    region: environment.awsRegion,
    credentials: LOCAL_CREDENTIALS,
  });
  const deadline = Date.now() + settleMs;
  for (;;) {
    const comparison = await compareWithTruth(store, truth, { territoryId: VERIFIED_TERRITORY_ID, ...span });
    if (comparison.unequal.length === 0 || Date.now() > deadline) return comparison;
    await delay(SETTLE_POLL_MS);
  }
}

/**
 * Plays disturbed traffic through collector, stream, worker and store, kills the worker meanwhile, and compares every
 * stored part with the simulator's own truth. The simulated clock ends now, never later.
 */
export async function verify(options: VerifyOptions, log: (line: string) => void): Promise<VerifyResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lumina-verify-'));
  let isEqual = false;
  const environment = await startIngestEnvironment(dataDir, options.control);
  try {
    const simulatedMs = options.minutes * options.speed * MINUTE_MS;
    const endMs = Date.now() + options.minutes * MINUTE_MS;
    const startMs = endMs - simulatedMs;
    const simulation = createSimulation({
      startMs,
      endMs,
      seed: options.seed,
      territories: [VERIFIED_TERRITORY_ID],
      rate: Math.max(5, (options.events / (simulatedMs / 1_000)) * 1.3),
      disturbance: ROUGH,
    });
    log(
      `verify: ${String(options.minutes)} min at speed ${String(options.speed)}, seed ${String(options.seed)}, logs in ${dataDir}`,
    );
    const stop = new AbortController();
    const killing = killWhile(environment, options, stop.signal);
    const events = await sendTraffic({ ...environment, simulation, startMs, speed: options.speed });
    stop.abort();
    const kills = await killing;
    log(`verify: ${String(events)} raw events delivered, worker killed ${String(kills)} times`);
    const truth = simulation.truth();
    await writeFile(join(dataDir, 'truth.ndjson'), truth.map((line) => JSON.stringify(line)).join('\n'));
    const span = { fromMs: startMs + HEAD_MS, toMs: endMs - TAIL_MS };
    const comparison = await settle(
      environment,
      truth,
      span,
      options.control === undefined ? SETTLE_MS : SETTLE_MS / 3,
    );
    isEqual = comparison.unequal.length === 0;
    return { events, kills, comparison };
  } finally {
    await environment.close();
    if (isEqual) await rm(dataDir, { recursive: true, force: true });
  }
}
