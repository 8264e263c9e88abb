import { SNAPSHOT_INTERVAL_MS } from '@lumina/contracts';
import { createLossPlan } from './delivery/loss-plan.ts';
import { DisturbedChannel, UNDISTURBED } from './delivery/disturbance.ts';
import type { Disturbance } from './delivery/disturbance.ts';
import { populationOf, SIMULATED_TERRITORIES } from './population.ts';
import type { TruthLine, TruthRange } from './truth/truth-line.ts';
import { truthOf, truthRangeOf } from './truth/truth.ts';
import { startArrivals } from './world/arrivals.ts';
import type { Ledger } from './world/ledger.ts';
import { startOutbound } from './world/outbound.ts';
import { startPlatform } from './world/platform-process.ts';
import { startPresence } from './world/presence.ts';
import { startSampling } from './world/sampling.ts';
import type { Delivery } from './world/wire.ts';
import { createWorld } from './world/world.ts';
import type { World } from './world/world.ts';

/** Raw events per second over all territories, at an ordinary hour. */
export const DEFAULT_RATE = 15;
export const DEFAULT_SEED = 1;
const WARM_UP_MS = 1_800_000;
/** Events that one call causes on the average, its share of its agent's included. */
const EVENTS_PER_CALL = 24;
/** Calls per second and territory that the staff can serve with ordinary talk times. */
const SERVABLE_CALLS_PER_SECOND = DEFAULT_RATE / 2 / EVENTS_PER_CALL;
/** Below this share of the staff some queues would have nobody at all. */
const MIN_STAFF_SCALE = 0.3;
const STEP_MS = 1_000;

export interface SimulationOptions {
  readonly startMs: number;
  /** Infinity for a live run. */
  readonly endMs: number;
  readonly seed?: number;
  /** Raw events per second in all, at an ordinary hour. */
  readonly rate?: number;
  readonly territories?: readonly number[];
  /** The region of the platform territory 0, which every region has. */
  readonly platformRegionId?: number;
  readonly disturbance?: Partial<Disturbance>;
  readonly snapshotIntervalMs?: number;
  /** Leaves out raw events that feed no metric (agent legs, keys, holds, offers). */
  readonly isLean?: boolean;
  /** False for endless runs: no truth, no growing record. */
  readonly isRecording?: boolean;
  /**
   * Where the simulated world begins, half an hour before `startMs` unless given. Runs with the same seed, rate,
   * territories and world start are one world: a live run continues a history without a seam.
   */
  readonly worldStartMs?: number;
}

/** A run of the simulated contact centres. Iterate once, then ask for the truth. */
export interface Simulation extends Iterable<Delivery>, AsyncIterable<Delivery> {
  /** What every metric is, counted from the worlds themselves. */
  truth(): TruthLine[];
  /** The minutes that the truth covers, all but the first and last whole one; compare only bins inside. */
  readonly truthRange: TruthRange;
  /** What happened, per territory. */
  ledgers(): readonly Ledger[];
}

const startWorld = (options: SimulationOptions, territoryId: number, territoryCount: number): World => {
  const seed = options.seed ?? DEFAULT_SEED;
  const snapshotIntervalMs = options.snapshotIntervalMs ?? SNAPSHOT_INTERVAL_MS;
  const disturbance = { ...UNDISTURBED, ...options.disturbance };
  const callsPerSecond = Math.max(0.001, (options.rate ?? DEFAULT_RATE) / territoryCount / EVENTS_PER_CALL);
  const seedText = `${String(seed)}:${String(territoryId)}`;
  const world = createWorld({
    population: populationOf(territoryId, options.platformRegionId),
    seed,
    worldStartMs: options.worldStartMs ?? options.startMs - WARM_UP_MS,
    startMs: options.startMs,
    callsPerSecond,
    staffScale: Math.max(MIN_STAFF_SCALE, Math.min(1, callsPerSecond / SERVABLE_CALLS_PER_SECOND)),
    durationScale: Math.min(1, SERVABLE_CALLS_PER_SECOND / callsPerSecond),
    snapshotIntervalMs,
    isLean: options.isLean ?? false,
    isRecording: options.isRecording ?? true,
    isLost: createLossPlan(seedText, options, {
      share: disturbance.lostSnapshots,
      hasBlackouts: disturbance.hasBlackouts,
    }),
  });
  startPresence(world);
  startArrivals(world);
  startOutbound(world);
  startPlatform(world);
  startSampling(world);
  return world;
};

function* deliveriesOf(worlds: readonly World[], options: SimulationOptions): Generator<Delivery, void, undefined> {
  const { startMs, endMs } = options;
  const disturbance = { ...UNDISTURBED, ...options.disturbance };
  const channel = new DisturbedChannel(String(options.seed ?? DEFAULT_SEED), startMs, endMs, disturbance);
  let untilMs = startMs;
  for (;;) {
    for (const world of worlds) while (world.agenda.nextMs < untilMs) world.agenda.step();
    const sent = worlds.flatMap((world) => world.wire.drain());
    sent.sort((a, b) => a.atMs - b.atMs);
    for (const delivery of sent) channel.accept(delivery);
    yield* channel.release(untilMs);
    if (untilMs >= endMs) break;
    untilMs = Math.min(endMs, untilMs + STEP_MS);
  }
  yield* channel.release(Infinity);
}

/** Builds the contact centres of the territories; nothing runs before the first delivery is asked for. */
export const createSimulation = (options: SimulationOptions): Simulation => {
  if (!(options.startMs < options.endMs)) {
    throw new RangeError('simulation_range: startMs must be before endMs');
  }
  const territories = options.territories ?? SIMULATED_TERRITORIES;
  const worlds = territories.map((territoryId) => startWorld(options, territoryId, territories.length));
  const deliveries = deliveriesOf(worlds, options);
  const truthRange = truthRangeOf(options);
  let isDone = false;
  const iterate = function* (): Generator<Delivery, void, undefined> {
    yield* deliveries;
    isDone = true;
  };
  return {
    [Symbol.iterator]: iterate,
    [Symbol.asyncIterator]: () => {
      const iterator = iterate();
      return { next: () => Promise.resolve(iterator.next()) };
    },
    truth: () => {
      if (!isDone) throw new Error('simulation_running: iterate over all deliveries before asking for the truth');
      return worlds.flatMap((world) => truthOf(world.ledger, world.population, truthRange));
    },
    truthRange,
    ledgers: () => worlds.map((world) => world.ledger),
  };
};

/** Which stretch of one territory's past is wanted. */
export interface HistoryOptions extends Omit<SimulationOptions, 'startMs' | 'endMs' | 'territories'> {
  readonly territoryId: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A quick past for one territory: undisturbed, without the events that no metric needs, one snapshot a minute. */
export const historyOf = ({ territoryId, fromMs, toMs, rate, ...rest }: HistoryOptions): Simulation =>
  createSimulation({
    snapshotIntervalMs: 60_000,
    isLean: true,
    isRecording: false,
    ...rest,
    rate: (rate ?? DEFAULT_RATE) / SIMULATED_TERRITORIES.length,
    startMs: fromMs,
    endMs: toMs,
    territories: [territoryId],
  });
