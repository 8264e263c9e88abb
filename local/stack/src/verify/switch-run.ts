import { populationOf, type Simulation } from '@lumina/simulator';
import { createSwitch, type Switch } from '@lumina/switch';

import { VERIFIED_TERRITORY_ID, type IngestEnvironment } from './environment.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { SwitchTraffic, type SwitchTrafficCounts } from './switch-traffic.ts';
import type { Poisoning } from './traffic.ts';

/** A simulation that is to be played through a switch and a forwarder. */
export interface SwitchRun {
  readonly environment: IngestEnvironment;
  readonly simulation: Simulation;
  readonly poisoning: Poisoning;
  readonly startMs: number;
  readonly endMs: number;
  readonly speed: number;
  readonly log: (line: string) => void;
}

const PASSWORD = 'verify';
const HEARTBEAT_MS = 20_000;
/** Shorter than any forwarder takes for silence. */
const STALL_MS = 6_000;
/** Longer than any forwarder waits: it has to come back by itself. */
const SILENCE_MS = 3_600_000;

interface Fault {
  readonly name: string;
  /** When, as a share of the run. */
  readonly share: number;
  readonly cause: (target: Switch, clock: SimulatedClock) => Promise<void>;
}

/**
 * Nothing that happens while nobody listens can be known afterwards, as with a real switch. So the world stands still
 * while a connection is down: then every event has been told, and the truth is what it was.
 */
async function withStandingWorld(target: Switch, clock: SimulatedClock, cause: () => void): Promise<void> {
  clock.stop();
  await target.drained();
  cause();
  await target.ended();
  await target.listened();
  clock.run();
}

const FAULTS: readonly Fault[] = [
  {
    name: 'the socket stalls for a while',
    share: 0.3,
    cause: (target, clock) => {
      target.stall(STALL_MS / clock.speed);
      return Promise.resolve();
    },
  },
  {
    name: 'the switch restarts',
    share: 0.45,
    cause: (target, clock) =>
      withStandingWorld(target, clock, () => {
        target.restart();
      }),
  },
  {
    name: 'the socket stalls until the forwarder gives it up',
    share: 0.75,
    cause: (target, clock) =>
      withStandingWorld(target, clock, () => {
        target.stall(SILENCE_MS);
      }),
  },
];

/** Causes each fault once when its time has come. */
function faultsOf(run: SwitchRun, target: Switch, clock: SimulatedClock): () => Promise<void> {
  const pending = [...FAULTS];
  return async () => {
    const share = (clock.nowMs() - run.startMs) / (run.endMs - run.startMs);
    const [next] = pending;
    if (next === undefined || share < next.share) return;
    pending.shift();
    run.log(`verify: ${next.name} at ${new Date(clock.nowMs()).toISOString()}`);
    await next.cause(target, clock);
  };
}

/** An end that mod_callcenter does not know. */
function impossibleEnd(target: Switch, mark: string, atMs: number): void {
  target.fire({
    name: 'CUSTOM',
    headers: {
      'Event-Subclass': 'callcenter::info',
      'CC-Queue': 'q_support',
      'CC-Action': 'member-queue-end',
      'CC-Cause': 'Vanished',
      'CC-Member-UUID': mark,
      'CC-Member-Session-UUID': mark,
    },
    atMs,
  });
}

/** Plays a simulation through a switch, a forwarder and everything behind it; faults included. */
export async function playThroughSwitch(run: SwitchRun): Promise<SwitchTrafficCounts> {
  const { environment, simulation, speed } = run;
  const clock = new SimulatedClock(run, speed);
  // The switch goes by the instant that its world has been played to, so that what it answers is true of that instant.
  const world: { traffic: SwitchTraffic | undefined } = { traffic: undefined };
  const target = await createSwitch({
    password: PASSWORD,
    heartbeatMs: HEARTBEAT_MS / speed,
    clock: { nowMs: () => world.traffic?.worldMs ?? run.startMs },
    state: simulation.switchState(VERIFIED_TERRITORY_ID, () => world.traffic?.catchUp() ?? run.startMs),
  });
  try {
    const { collectorUrl, ingestKey } = environment;
    const fireFromSwitch = (mark: string, atMs: number): void => {
      impossibleEnd(target, mark, atMs);
    };
    const poisoning = { ...run.poisoning, fireFromSwitch };
    const traffic = new SwitchTraffic({ simulation, target, clock, poisoning, collectorUrl, ingestKey });
    world.traffic = traffic;
    const population = populationOf(VERIFIED_TERRITORY_ID);
    const trunks = Object.fromEntries(population.trunks.map(({ id, capacity }) => [id, capacity]));
    await environment.startForwarder({
      ...{ switchPort: target.port, password: PASSWORD, trunks, speed, nowMs: clock.nowMs() },
    });
    await target.listened();
    clock.run();
    const counts = await traffic.play(faultsOf(run, target, clock));
    await target.drained();
    await environment.stopForwarder();
    return counts;
  } finally {
    await target.close();
  }
}
