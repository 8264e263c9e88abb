import { populationOf, type Simulation } from '@lumina/simulator';
import { createSwitch, type Switch } from '@lumina/switch';

import { VERIFIED_TERRITORY_ID, type IngestEnvironment } from './environment.ts';
import { SimulatedClock } from './simulated-clock.ts';
import type { SentCounts } from './delivery-counts.ts';
import { SwitchTraffic } from './switch-traffic.ts';
import type { Poisoning } from './traffic.ts';

/** A simulation that is to be played through a switch and a forwarder. */
export interface SwitchRun {
  readonly environment: IngestEnvironment;
  readonly simulation: Simulation;
  readonly poisoning: Poisoning;
  readonly startMs: number;
  readonly endMs: number;
  readonly speed: number;
  /** Negative control: the switch loses events that it has numbered. */
  readonly isLosing: boolean;
  readonly log: (line: string) => void;
}

const PASSWORD = 'verify';
const HEARTBEAT_MS = 20_000;
/** Shorter than any forwarder takes for silence. */
const STALL_MS = 6_000;
/** Longer than any forwarder waits: it has to come back by itself. */
const SILENCE_MS = 3_600_000;

/** What a fault can lay hands on. */
interface Scene {
  readonly target: Switch;
  readonly clock: SimulatedClock;
  readonly traffic: SwitchTraffic;
}

interface Fault {
  readonly name: string;
  /** When, as a share of the run. */
  readonly share: number;
  readonly cause: (scene: Scene) => void | Promise<void>;
}

/**
 * Nothing that happens while nobody listens can be known afterwards, as with a real switch. So the world stands still
 * while a connection is down: then every event has been told, and the truth is what it was.
 */
async function withStandingWorld({ target, clock, traffic }: Scene, cause: () => void): Promise<void> {
  clock.stop();
  traffic.catchUp();
  await target.drained();
  cause();
  await target.ended();
  await target.listened();
  clock.run();
}

const LOST_EVENTS = 60;
/** Negative control. */
const LOSS: Fault = {
  name: 'the switch loses events',
  share: 0.5,
  cause: ({ target }) => {
    target.loseEvents(LOST_EVENTS);
  },
};

const FAULTS: readonly Fault[] = [
  {
    name: 'the socket stalls for a while',
    share: 0.3,
    cause: ({ target, clock }) => {
      target.stall(STALL_MS / clock.speed);
    },
  },
  {
    name: 'the switch restarts',
    share: 0.45,
    cause: (scene) =>
      withStandingWorld(scene, () => {
        scene.target.restart();
      }),
  },
  {
    name: 'the socket stalls until the forwarder gives it up',
    share: 0.75,
    cause: (scene) =>
      withStandingWorld(scene, () => {
        scene.target.stall(SILENCE_MS);
      }),
  },
];

/** A forwarder that leaves unasked misses what the switch tells meanwhile: then differences are no surprise. */
async function awaitListener({ target, clock }: Scene, log: (line: string) => void): Promise<void> {
  if (target.listenerCount > 0) return;
  log(`verify: nobody listens to the switch at ${new Date(clock.nowMs()).toISOString()}; what it told since is lost`);
  clock.stop();
  await target.listened();
  clock.run();
}

/** Causes each fault once when its time has come. */
function faultsOf(run: SwitchRun, scene: Scene): () => Promise<void> {
  const pending = run.isLosing ? [LOSS] : [...FAULTS];
  return async () => {
    await awaitListener(scene, run.log);
    const nowMs = scene.clock.nowMs();
    const [next] = pending;
    if (next === undefined || (nowMs - run.startMs) / (run.endMs - run.startMs) < next.share) return;
    pending.shift();
    run.log(`verify: ${next.name} at ${new Date(nowMs).toISOString()}`);
    await next.cause(scene);
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
export async function playThroughSwitch(run: SwitchRun): Promise<SentCounts> {
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
    const counts = await traffic.play(faultsOf(run, { target, clock, traffic }));
    await target.drained();
    await environment.stopForwarder();
    const { throughSwitch, throughRule, throughCollector } = traffic.ways;
    run.log(
      `verify: ${String(throughSwitch)} events through the switch, ${String(throughRule)} through an EventBridge rule, ` +
        `${String(throughCollector)} through the collector`,
    );
    return counts;
  } finally {
    await target.close();
  }
}
