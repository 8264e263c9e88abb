export { populationOf, SIMULATED_TERRITORIES } from './population.ts';
export type {
  Population,
  PopulationAgent,
  PopulationQueue,
  PopulationService,
  PopulationTeam,
  PopulationTrunk,
} from './population.ts';
export { createSimulation, DEFAULT_RATE, DEFAULT_SEED, historyOf } from './simulation.ts';
export type { HistoryOptions, Simulation, SimulationOptions } from './simulation.ts';
export { ROUGH, UNDISTURBED } from './delivery/disturbance.ts';
export type { Disturbance } from './delivery/disturbance.ts';
export { SwitchFeed } from './live/switch-feed.ts';
export type { Beats } from './truth/beats.ts';
export type { TruthLine, TruthRange } from './truth/truth-line.ts';
export type { Body, Delivery } from './world/wire.ts';
export { writeTruth } from './truth/truth-file.ts';
export { DailyShape } from './world/daily-shape.ts';
