import { createHash } from 'node:crypto';
import type { MetricQueryRequest, Permission, RowScope } from '@lumina/contracts';
import type { Identity } from '../auth/identity.ts';
import type { QueryIdentity } from '../features/metrics/index.ts';
import { permissionsOfRows } from './watched-rows.ts';
import type { WatchedRows } from './watched-rows.ts';

/** What decides an answer: everyone for whom all of it is equal may share one. */
export interface TopicSubject {
  readonly identity: QueryIdentity;
  readonly request: MetricQueryRequest;
  readonly rows?: WatchedRows | undefined;
}

/** JSON in which the order of keys, which means nothing, is always the same; that of lists stays. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** A scope whose lists are sets; absent (no limit) and empty (nothing) stay apart. */
export function canonicalScope(scope: RowScope | undefined): string {
  const sets = Object.entries(scope ?? {}).map(([name, values]): [string, unknown] => [
    name,
    Array.isArray(values) ? [...new Set(values as readonly string[])].toSorted() : values,
  ]);
  return scope === undefined ? 'all' : canonicalJson(Object.fromEntries(sets));
}

/** Keeps of an identity what decides the answer, so that no answer depends on which of its viewers came first. */
export function topicSubject(identity: Identity, request: MetricQueryRequest, rows?: WatchedRows): TopicSubject {
  const seesPlatform = request.territory === 'platform' && identity.permissions.includes('system:read');
  const permissions: Permission[] = seesPlatform ? ['metrics:read', 'system:read'] : ['metrics:read'];
  for (const needed of permissionsOfRows(rows))
    if (!permissions.includes(needed) && identity.permissions.includes(needed)) permissions.push(needed);
  return {
    identity: {
      territoryId: identity.territoryId,
      regionId: identity.regionId,
      permissions,
      ...(identity.scope === undefined ? {} : { scope: identity.scope }),
    },
    request,
    rows,
  };
}

/** The key of a topic; it begins with territory and scope, so that no two of them ever share one. */
export function topicKey({ identity, request, rows }: TopicSubject): string {
  const { territoryId, regionId, permissions, scope } = identity;
  const parts = [
    territoryId,
    canonicalScope(scope),
    regionId,
    permissions,
    canonicalJson(request),
    canonicalJson(rows ?? null),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
