import type { MetricQueryRequest } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import type { AskedSubscription } from '../live-request.ts';

/** A viewer of territory 101 whose token lasts for ever. */
export function viewer(more: Partial<Identity> = {}): Identity {
  return {
    sub: 'auth0|viewer',
    territoryId: 101,
    regionId: 1,
    roles: ['viewer'],
    permissions: ['metrics:read', 'dashboards:read'],
    kind: 'user',
    expiresAtSeconds: 10_000_000_000,
    issuedAtSeconds: 1,
    ...more,
  };
}

/** A request for one metric over the last hour. */
export const REQUEST: MetricQueryRequest = {
  range: { last: '1h' },
  queries: [{ ref: 'A', metrics: ['call_count'] }],
};

/** The only subscription of a connection. */
export const single = (request: MetricQueryRequest = REQUEST): readonly AskedSubscription[] => [
  { id: undefined, ask: request },
];
