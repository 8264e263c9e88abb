import { parseArgs } from 'node:util';

/** What a verification run is asked to do. */
export interface VerifyOptions {
  /** Wall-clock minutes of traffic. */
  readonly minutes: number;
  /** Simulated minutes per wall-clock minute. */
  readonly speed: number;
  /** SIGKILLs of the worker during the traffic. */
  readonly kills: number;
  readonly seed: number;
  /** Fewest raw events that must be delivered. */
  readonly events: number;
  /** The way of the raw events of the switch: posted to the collector, or through an event socket and a forwarder. */
  readonly through: 'collector' | 'switch';
  /** Pieces of poison put on the stream for each event. */
  readonly poison: number;
  /** A wrong way to do it, which the comparison has to notice; see the ingest worker's negative controls. */
  readonly control: string | undefined;
}

/** Raw events a simulated minute has to bring, so that a run is worth its time. */
const EVENTS_PER_SIMULATED_MINUTE = 200;

/** A command line that cannot be run. */
export class VerifyUsageError extends Error {
  readonly code = 'verify_usage';
  constructor(message: string) {
    super(
      `${message}\nusage: verify [--minutes 10] [--speed 10] [--kills 5] [--seed 1] [--events N] ` +
        '[--through collector|switch] [--poison 0.01] [--control NAME]',
    );
    this.name = 'VerifyUsageError';
  }
}

/** Reads the command line. @throws {VerifyUsageError} for what is unknown or not a number in range. */
export function parseVerifyOptions(argv: readonly string[]): VerifyOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        minutes: { type: 'string', default: '10' },
        speed: { type: 'string', default: '10' },
        kills: { type: 'string', default: '5' },
        seed: { type: 'string', default: '1' },
        events: { type: 'string' },
        through: { type: 'string', default: 'collector' },
        poison: { type: 'string', default: '0.01' },
        control: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new VerifyUsageError(error instanceof Error ? error.message : String(error));
  }
  const number = (name: string, text: string, minimum: number): number => {
    const value = Number(text);
    if (!Number.isFinite(value) || value < minimum)
      throw new VerifyUsageError(`--${name} must be at least ${String(minimum)}`);
    return value;
  };
  const { through } = values;
  if (through !== 'collector' && through !== 'switch')
    throw new VerifyUsageError('--through must be collector or switch');
  const minutes = number('minutes', values.minutes, 0.1);
  const speed = number('speed', values.speed, 1);
  return {
    minutes,
    speed,
    kills: Math.trunc(number('kills', values.kills, 0)),
    seed: Math.trunc(number('seed', values.seed, 0)),
    events: number('events', values.events ?? String(minutes * speed * EVENTS_PER_SIMULATED_MINUTE), 0),
    through,
    poison: number('poison', values.poison, 0),
    control: values.control,
  };
}
