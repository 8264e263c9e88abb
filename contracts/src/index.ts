export * from './dashboards.ts';
export * from './events.ts';
export * from './facts.ts';
export * from './identity.ts';
export * from './metrics/index.ts';
export * from './problems.ts';
export * from './query.ts';
export * from './regions.ts';
