import { SNAPSHOT_INTERVAL_MS } from '@lumina/contracts';
import { createLossPlan } from './delivery/loss-plan.ts';
import { DisturbedChannel, UNDISTURBED } from './delivery/disturbance.ts';
import type { Disturbance } from './delivery/disturbance.ts';
import { populationOf, SIMULATED_TERRITORIES } from './population.ts';
import type { SwitchState } from '@lumina/switch';
import { switchStateOf } from './live/switch-state.ts';
import { asSeenBy } from './truth/beats.ts';
import type { Beats } from './truth/beats.ts';
import type { TruthLine, TruthRange } from './truth/truth-line.ts';
import { truthOf, truthRangeOf } from './truth/truth.ts';
import { startArrivals } from './world/arrivals.ts';
import type { Ledger } from './world/ledger.ts';
import { startOutbound } from './world/outbound.ts';
import { startPlatform } from './world/platform-process.ts';
import { startPresence } from './world/presence.ts';
import { recordAsked, startSampling } from './world/sampling.ts';
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
  /**
   * The raw events go through a switch and a forwarder, which takes the snapshots of queues, calls and trunks and tells
   * what a returning caller undoes. Events of queues and agents' legs then keep their order, as one
   * connection does.
   */
  readonly hasForwarder?: boolean;
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

/** A run of the simulated contact centres. Iterate once, or advance to the end; then ask for the truth. */
export interface Simulation extends Iterable<Delivery>, AsyncIterable<Delivery> {
  /** Moves all worlds on to just before an instant; answers what has reached the collectors by then. */
  advance(beforeMs: number): Delivery[];
  /**
   * What the switch of a territory answers about its world. `onAsked` runs before each answer, advances the world and
   * answers the instant, so that each look at the channels is put on record with its own.
   */
  switchState(territoryId: number, onAsked: () => number): SwitchState;
  /**
   * What every metric is, counted from the worlds themselves. With a forwarder, `beats` are the instants for which its
   * snapshots stand; at every one the truth is counted anew.
   */
  truth(beats?: Beats): TruthLine[];
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
    hasForwarder: options.hasForwarder ?? false,
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

/** The worlds of a run and the way of what they send. */
class Run {
  readonly worlds: readonly World[];
  readonly #options: SimulationOptions;
  readonly #channel: DisturbedChannel;

  constructor(worlds: readonly World[], options: SimulationOptions) {
    this.worlds = worlds;
    this.#options = options;
    const disturbance = { ...UNDISTURBED, ...options.disturbance };
    const seedText = String(options.seed ?? DEFAULT_SEED);
    const isInOrder = ({ body }: Delivery): boolean =>
      options.hasForwarder === true && ('CC-Action' in body || body['variable_cc_side'] === 'agent');
    this.#channel = new DisturbedChannel(seedText, options, disturbance, isInOrder);
  }

  advance(beforeMs: number): Delivery[] {
    const untilMs = Math.min(beforeMs, this.#options.endMs);
    for (const world of this.worlds) while (world.agenda.nextMs < untilMs) world.agenda.step();
    const sent = this.worlds.flatMap((world) => world.wire.drain());
    sent.sort((a, b) => a.atMs - b.atMs);
    for (const delivery of sent) this.#channel.accept(delivery);
    return this.#channel.release(beforeMs);
  }

  *deliveries(): Generator<Delivery, void, undefined> {
    const { startMs, endMs } = this.#options;
    for (let untilMs = startMs; untilMs < endMs; untilMs += STEP_MS) yield* this.advance(untilMs);
    yield* this.advance(endMs);
    yield* this.advance(Infinity);
  }
}

const switchStateIn = (run: Run, territoryId: number, onAsked: () => number): SwitchState => {
  const world = run.worlds.find(({ population }) => population.territoryId === territoryId);
  if (world === undefined) throw new RangeError(`simulation_territory: ${String(territoryId)} is not simulated`);
  return switchStateOf(world, () => {
    recordAsked(world, onAsked());
  });
};

/** Builds the contact centres of the territories; nothing runs before the first delivery is asked for. */
export const createSimulation = (options: SimulationOptions): Simulation => {
  if (!(options.startMs < options.endMs)) {
    throw new RangeError('simulation_range: startMs must be before endMs');
  }
  const territories = options.territories ?? SIMULATED_TERRITORIES;
  const worlds = territories.map((territoryId) => startWorld(options, territoryId, territories.length));
  const run = new Run(worlds, options);
  const truthRange = truthRangeOf(options);
  let isDone = false;
  const deliveries = run.deliveries();
  const iterate = function* (): Generator<Delivery, void, undefined> {
    yield* deliveries;
    isDone = true;
  };
  return {
    advance: (beforeMs) => {
      isDone ||= beforeMs > options.endMs;
      return run.advance(beforeMs);
    },
    switchState: (territoryId, onAsked) => switchStateIn(run, territoryId, onAsked),
    [Symbol.iterator]: iterate,
    [Symbol.asyncIterator]: () => {
      const iterator = iterate();
      return { next: () => Promise.resolve(iterator.next()) };
    },
    truth: (beats) => {
      if (!isDone) throw new Error('simulation_running: iterate over all deliveries before asking for the truth');
      return worlds.flatMap(({ ledger, population }) =>
        truthOf(beats === undefined ? ledger : asSeenBy(ledger, population, beats), population, truthRange),
      );
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
