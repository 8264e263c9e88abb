import type { WidgetState } from '../client/widget-state.ts';
import type { FakeBff } from './fake-bff.ts';
import type { FakeScenario } from './fake-bff-scenario.ts';

/** What the service does for a widget to come to a state. */
const SCENARIOS: Readonly<Record<string, FakeScenario>> = {
  loading: 'hanging',
  ready: 'live',
  empty: 'empty',
  late: 'late',
  stale: 'stale',
  offline: 'offline',
  denied: { problem: 'forbidden' },
  error: 'refused',
};

/** A story of a widget in a state; the story fails when the widget does not come to it. */
export function inState(state: WidgetState): { parameters: { lumina: object } } {
  return { parameters: { lumina: { bff: { scenario: SCENARIOS[state] }, state } } };
}

/** The service behind a story, for its play function. */
export function serviceOf(context: { readonly loaded: Readonly<Record<string, unknown>> }): FakeBff {
  return context.loaded['bff'] as FakeBff;
}
