/** One setting read from the environment. */
export interface Setting {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'json';
  readonly default?: string;
  readonly required: boolean;
  readonly description: string;
}

/** Every setting of the simulator process; the configuration reference is generated from this table. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'SIMULATOR_TARGETS',
    type: 'json',
    required: true,
    description:
      'Where to send: [{"territoryId": 101, "collectorUrl": "http://127.0.0.1:8121", "key": "<ingest key>"}].',
  },
  {
    name: 'SIMULATOR_SEED',
    type: 'integer',
    default: '1',
    required: false,
    description: 'Seed of everything random; the same seed and start make the same traffic.',
  },
  {
    name: 'SIMULATOR_RATE',
    type: 'number',
    default: '15',
    required: false,
    description: 'Raw events per second over all territories at an ordinary hour.',
  },
  {
    name: 'SIMULATOR_START_MS',
    type: 'integer',
    required: false,
    description: 'Epoch ms of the first event; one in the past is caught up with at full speed. Default: now.',
  },
  {
    name: 'SIMULATOR_WORLD_START_MS',
    type: 'integer',
    required: false,
    description:
      'Epoch ms at which the simulated world began; give the one of a seeded history to continue it without a seam. Default: 30 minutes before the start.',
  },
];
