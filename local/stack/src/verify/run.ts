import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { AwsTimestreamStore, type TimeSeriesStore } from '@lumina/bff/timestream';
import {
  createSimulation,
  DailyShape,
  populationOf,
  ROUGH,
  type Disturbance,
  type Simulation,
  type TruthLine,
} from '@lumina/simulator';

import { checkBalances, type BalanceReport } from './balance.ts';
import { MINUTE_MS } from './cells.ts';
import { compareWithTruth, type Comparison } from './compare.ts';
import { compareDeadLetters, type DeadLetterReport } from './dead-letters.ts';
import type { SentCounts } from './delivery-counts.ts';
import {
  LOCAL_CREDENTIALS,
  startIngestEnvironment,
  VERIFIED_REGION_ID,
  VERIFIED_TERRITORY_ID,
  type IngestEnvironment,
} from './environment.ts';
import type { VerifyOptions } from './options.ts';
import { PoisonMaker } from './poison.ts';
import { storedBeats } from './stored-beats.ts';
import { StreamDoor } from './stream-door.ts';
import { playThroughSwitch } from './switch-run.ts';
import { killTimes, sendTraffic, type Poisoning } from './traffic.ts';

/** What the store and the dead letters say after a run. */
export interface Findings {
  readonly comparison: Comparison;
  readonly deadLetters: DeadLetterReport;
  readonly balance: BalanceReport;
}

/** What a verification run did and found. */
export interface VerifyResult extends Findings, SentCounts {
  readonly kills: number;
}

/** Simulated time, epoch ms. */
interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** The worker catches up with the stream within this; only then is a difference a difference. */
const SETTLE_MS = 45_000;
const SETTLE_POLL_MS = 1_500;
const DAY_MS = 86_400_000;
/** Simulated above the fewest events that are asked for; through a switch it is always around midnight, when callers are few. */
const MARGIN = { collector: 1.3, switch: 2.8 };
/** About a third of all events (snapshots, samples) come whoever calls. */
const STEADY_SHARE = 0.35;
/**
 * At the ends of the run some cells are not yet decided: the first minute has no snapshot before it, the last ones
 * wait for the snapshots that extend open states.
 */
const HEAD_MS = 2 * MINUTE_MS;
const TAIL_MS = 3 * MINUTE_MS;
/**
 * What a switch's traffic survives. One connection does not send a whole stretch again; of its events those of queues
 * and agents' legs are never late, so that more of the others must be for one in twenty to be.
 */
const ROUGH_SWITCH: Partial<Disturbance> = { ...ROUGH, replayEveryMinutes: 0, late: 0.12 };

/** The last midnight with as much before it as after it, in the memory of the store and in the past. */
export function spanOverMidnight(nowMs: number, lengthMs: number): Span {
  const halfMs = lengthMs / 2;
  const midnightMs = Math.floor((nowMs - halfMs) / DAY_MS) * DAY_MS;
  return { startMs: midnightMs - halfMs, endMs: midnightMs + halfMs };
}

function spanOf({ minutes, speed, through }: VerifyOptions): Span {
  const lengthMs = minutes * speed * MINUTE_MS;
  if (through === 'switch') return spanOverMidnight(Date.now(), lengthMs);
  const endMs = Date.now() + minutes * MINUTE_MS;
  return { startMs: endMs - lengthMs, endMs };
}

/** The control of the switch's way: a switch that loses events and tells nobody. */
function isLosing({ control, through }: VerifyOptions): boolean {
  return through === 'switch' && control === 'switch-loses-events';
}

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

/** A run that is over, and where to look for what became of it. */
interface Played {
  readonly environment: IngestEnvironment;
  readonly simulation: Simulation;
  readonly span: Span;
  readonly marks: ReadonlySet<string>;
  readonly options: VerifyOptions;
}

async function look(played: Played, store: TimeSeriesStore): Promise<Findings & { truth: TruthLine[] }> {
  const { environment, simulation, marks, options, span } = played;
  const beats = options.through === 'switch' ? await storedBeats(store, VERIFIED_TERRITORY_ID) : undefined;
  const truth = simulation.truth(beats);
  const compared = {
    territoryId: VERIFIED_TERRITORY_ID,
    fromMs: span.startMs + HEAD_MS,
    toMs: span.endMs - TAIL_MS,
  };
  return {
    truth,
    comparison: await compareWithTruth(store, truth, compared),
    deadLetters: await compareDeadLetters(environment.deadLetterDir, marks),
    balance: await checkBalances(store, compared),
  };
}

/** Whether everything is as it must be. */
export function isClean({ comparison, deadLetters, balance }: Findings): boolean {
  const faults = [comparison.unequal, deadLetters.missing, deadLetters.unexpected, balance.broken];
  return faults.every(({ length }) => length === 0);
}

/** Looks until everything is right or the worker has had time enough to catch up. */
async function settle(played: Played, dataDir: string): Promise<Findings> {
  const { environment, options } = played;
  const store = new AwsTimestreamStore({
    endpoint: environment.timestreamEndpoint,
    region: environment.awsRegion,
    credentials: LOCAL_CREDENTIALS,
  });
  const deadline = Date.now() + (options.control === undefined ? SETTLE_MS : SETTLE_MS / 3);
  for (;;) {
    const { truth, ...findings } = await look(played, store);
    if (isClean(findings) || Date.now() > deadline) {
      await writeFile(join(dataDir, 'truth.ndjson'), truth.map((line) => JSON.stringify(line)).join('\n'));
      return findings;
    }
    await delay(SETTLE_POLL_MS);
  }
}

function play(
  environment: IngestEnvironment,
  simulation: Simulation,
  poisoning: Poisoning,
  context: { readonly options: VerifyOptions; readonly span: Span; readonly log: (line: string) => void },
): Promise<SentCounts> {
  const { options, span, log } = context;
  const { speed } = options;
  return options.through === 'collector'
    ? sendTraffic({ ...environment, simulation, poisoning, startMs: span.startMs, speed })
    : playThroughSwitch({ environment, simulation, poisoning, ...span, speed, log, isLosing: isLosing(options) });
}

/** How much more than the asked for is simulated, so that a run by night brings as much as one by day. */
function marginOf({ through }: VerifyOptions, { startMs, endMs }: Span): number {
  if (through === 'switch') return MARGIN.switch;
  const shape = new DailyShape(populationOf(VERIFIED_TERRITORY_ID).timeZone);
  const callers = Math.min(1, shape.arrivalFactor(startMs), shape.arrivalFactor(endMs));
  return MARGIN.collector / (STEADY_SHARE + (1 - STEADY_SHARE) * callers);
}

/**
 * Plays disturbed traffic through collector or switch, stream, worker and store, kills the worker meanwhile, and
 * compares every stored part with the simulator's own truth, the dead letters with the poison that was mixed in, and
 * what came with what went. The simulated clock never passes now.
 */
export async function verify(options: VerifyOptions, log: (line: string) => void): Promise<VerifyResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lumina-verify-'));
  let isRight = false;
  const environment = await startIngestEnvironment(dataDir, isLosing(options) ? undefined : options.control);
  const stream = new StreamDoor(environment.kinesisEndpoint, environment.awsRegion);
  try {
    const span = spanOf(options);
    const lengthMs = span.endMs - span.startMs;
    const simulation = createSimulation({
      ...span,
      seed: options.seed,
      territories: [VERIFIED_TERRITORY_ID],
      rate: Math.max(5, (options.events / (lengthMs / 1_000)) * marginOf(options, span)),
      hasForwarder: options.through === 'switch',
      disturbance: options.through === 'switch' ? ROUGH_SWITCH : ROUGH,
    });
    const maker = new PoisonMaker({ territoryId: VERIFIED_TERRITORY_ID, regionId: VERIFIED_REGION_ID });
    log(
      `verify: ${String(lengthMs / MINUTE_MS)} simulated minutes from ${new Date(span.startMs).toISOString()} ` +
        `at speed ${String(options.speed)}, seed ${String(options.seed)}, logs in ${dataDir}`,
    );
    const stop = new AbortController();
    const killing = killWhile(environment, options, stop.signal);
    const poisoning = { share: options.poison, maker, stream, collector: environment };
    const sent = await play(environment, simulation, poisoning, { options, span, log });
    stop.abort();
    const kills = await killing;
    log(
      `verify: ${String(sent.events)} raw events delivered, ${String(sent.duplicates)} of them again, ` +
        `${String(sent.late)} late; ${String(maker.marks.size)} pieces of poison, worker killed ${String(kills)} times`,
    );
    const findings = await settle({ environment, simulation, span, marks: maker.marks, options }, dataDir);
    isRight = isClean(findings);
    return { ...sent, kills, ...findings };
  } finally {
    stream.close();
    await environment.close();
    if (isRight) await rm(dataDir, { recursive: true, force: true });
  }
}
