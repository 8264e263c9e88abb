import type { MetricQueryRequest, RowScope } from '@lumina/contracts';

/** Whose data a cache entry holds. */
export interface Identity {
  readonly territoryId: number;
  readonly regionId: number;
  readonly scope?: RowScope;
}

/** The scope as a stable string: the order of ids in a token must not split the cache. */
export function scopeKey(scope: RowScope | undefined): string {
  if (scope === undefined) return '*';
  return (['queues', 'teams', 'agents'] as const)
    .map((part) => {
      const ids = scope[part];
      return `${part}=${ids === undefined ? '*' : [...ids].sort().join(',')}`;
    })
    .join(';');
}

/** Query keys. All but the session's begin with territory and scope, so that no entry outlives an identity. */
export const queryKeys = {
  session: () => ['session'] as const,
  metrics: (identity: Identity, request: MetricQueryRequest) =>
    [identity.territoryId, scopeKey(identity.scope), 'metrics', request] as const,
  dashboards: (identity: Identity) => [identity.territoryId, scopeKey(identity.scope), 'dashboards'] as const,
  dashboard: (identity: Identity, id: string) =>
    [identity.territoryId, scopeKey(identity.scope), 'dashboards', id] as const,
  directory: (identity: Identity, kind: string) =>
    [identity.territoryId, scopeKey(identity.scope), 'directory', kind] as const,
};
