import type { FaultCloud } from './cloud.ts';
import type { Site } from './site.ts';
import type { Traffic, TrafficOptions } from './traffic/traffic.ts';
import type { Random } from './traffic/random.ts';

/** How long and how much: the short version runs every day, the long one before something is done. */
export interface Scale {
  readonly isLong: boolean;
  /** Calls per territory; each is six to eight events. */
  readonly calls: number;
  /** After how long the end of a stream must have been reached. */
  readonly drainMs: number;
  /** After how long a scenario is given up. */
  readonly limitMs: number;
}

/** What a scenario runs with. */
export interface ScenarioContext {
  readonly scale: Scale;
  readonly random: Random;
  /** A deliberate defect that the scenario must find. */
  readonly control: string | undefined;
  /** Traffic of the scenario's territories. */
  traffic(options?: Partial<TrafficOptions>): Traffic;
  /** A site of its own; closed when the scenario is over. */
  open(shards: number): Promise<Site>;
}

/** What a scenario came to. */
export interface ScenarioResult {
  /** Empty = all promises were kept. */
  readonly violations: readonly string[];
  /** Figures worth telling, by name. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** One way for things to go wrong. */
export interface Scenario {
  readonly name: string;
  /** The negative controls that this scenario must find, and how what it says of them begins or goes on. */
  readonly controls: Readonly<Record<string, RegExp>>;
  run(context: ScenarioContext): Promise<ScenarioResult>;
}

/** A number that is too small: something was lost. */
export const MISSING = /^cell \S+: \d+ missing/;
/** A number that is too large: something counted twice. */
export const TOO_MUCH = /^cell \S+: \d+ too much/;

/** The servers and the scale of a whole run. */
export interface RunContext {
  readonly cloud: FaultCloud;
  readonly scale: Scale;
  readonly seed: number;
}

/** Waits for the end of the stream, ends the workers, and compares what is stored with what happened. */
export async function settle(site: Site, traffic: Traffic, { scale }: ScenarioContext): Promise<string[]> {
  await site.drained(scale.drainMs);
  const ends = await site.stopWorkers();
  return [...ends, ...(await site.violations(traffic.totals))];
}
