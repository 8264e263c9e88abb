export { FAKE_DIRECTORY, FakeBff } from './fake-bff.ts';
export type { FakeBffOptions, FakeScenario } from './fake-bff.ts';
export { TileHarness } from './tile-harness.ts';
export type { TileAttributes } from './tile-harness.ts';
