export * from './catalogue.ts';
export * from './definition.ts';
export * from './formula/index.ts';
export * from './parts.ts';
export * from './presets.ts';
