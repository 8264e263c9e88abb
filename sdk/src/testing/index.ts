export { FAKE_DIRECTORY, FakeBff } from './fake-bff.ts';
export type { FakeBffOptions, FakeScenario } from './fake-bff.ts';
