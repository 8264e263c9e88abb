import { populationOf } from '../population.ts';
import { SETTINGS } from './settings.ts';

/** A collector and the key under which one territory writes there. */
export interface Target {
  readonly territoryId: number;
  readonly collectorUrl: string;
  readonly key: string;
}

/** The settings of the simulator process, checked. */
export interface SimulatorConfig {
  readonly targets: readonly Target[];
  readonly seed: number;
  readonly rate: number;
  readonly startMs: number;
  readonly worldStartMs: number | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Raised with every bad setting at once. */
export class SimulatorConfigError extends Error {
  readonly code = 'bad_settings';

  constructor(problems: readonly string[]) {
    super(`Bad settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'SimulatorConfigError';
  }
}

const isSimulated = (territoryId: number): boolean => {
  try {
    populationOf(territoryId);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

const targetOf = (value: unknown, index: number, problems: string[]): Target | null => {
  const where = `SIMULATOR_TARGETS[${String(index)}]`;
  const { territoryId, collectorUrl, key } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof Target, unknown>
  >;
  if (typeof territoryId !== 'number' || !isSimulated(territoryId)) {
    problems.push(`${where}.territoryId must be one of the simulated territories (0, 101, 202)`);
    return null;
  }
  if (typeof collectorUrl !== 'string' || !URL.canParse(collectorUrl)) {
    problems.push(`${where}.collectorUrl must be the address of a collector`);
    return null;
  }
  if (typeof key !== 'string' || key === '') {
    problems.push(`${where}.key must be an ingest key of territory ${String(territoryId)}`);
    return null;
  }
  return { territoryId, collectorUrl, key };
};

const targetsOf = (text: string | undefined, problems: string[]): Target[] => {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    problems.push('SIMULATOR_TARGETS must be JSON, a list of {territoryId, collectorUrl, key}');
    return [];
  }
  if (!Array.isArray(value) || value.length === 0) {
    problems.push('SIMULATOR_TARGETS must be a list with at least one target');
    return [];
  }
  return value.flatMap((item, index) => targetOf(item, index, problems) ?? []);
};

const numberOf = (env: Environment, name: string, problems: string[], isInteger: boolean): number | null => {
  const given = env[name];
  const text = given === undefined || given === '' ? SETTINGS.find((setting) => setting.name === name)?.default : given;
  if (text === undefined) return null;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && (!isInteger || Number.isSafeInteger(value))) return value;
  problems.push(`${name} must be a ${isInteger ? 'whole ' : ''}number, 0 or more, and is ${text}`);
  return null;
};

/** Reads the settings of the simulator process; throws with all that is wrong with them. */
export const readConfig = (env: Environment, nowMs: number): SimulatorConfig => {
  const problems: string[] = [];
  const targets = targetsOf(env['SIMULATOR_TARGETS'], problems);
  const seed = numberOf(env, 'SIMULATOR_SEED', problems, true) ?? 0;
  const rate = numberOf(env, 'SIMULATOR_RATE', problems, false) ?? 0;
  const startMs = numberOf(env, 'SIMULATOR_START_MS', problems, true) ?? nowMs;
  const worldStartMs = numberOf(env, 'SIMULATOR_WORLD_START_MS', problems, true);
  if (worldStartMs !== null && worldStartMs > startMs) {
    problems.push('SIMULATOR_WORLD_START_MS must not be later than the start');
  }
  if (problems.length > 0) throw new SimulatorConfigError(problems);
  return { targets, seed, rate, startMs, worldStartMs };
};
