import type { Permission } from '@lumina/contracts';

/** What a route asks of whoever calls it. */
export type RouteAccess =
  | {
      readonly permission: Permission;
      /** What is asked beyond it. */
      readonly also?: string;
    }
  | {
      /** Why no permission is asked. */
      readonly none: string;
    };

const needs = (permission: Permission, also?: string): RouteAccess =>
  also === undefined ? { permission } : { permission, also };

const OWN_BOARDS = 'only boards that are shared with the person or its own';
const EDITABLE_BOARDS = 'only boards that the person may edit';
const PLATFORM = 'metrics of the platform need system:read';

/** The permission of every route of the API; docs/permissions.md is made from it, and a test holds every route to it. */
export const ROUTE_PERMISSIONS: Readonly<Record<string, RouteAccess>> = {
  'GET /api/session': { none: 'Whoever is let in may know who they are and what they may do.' },
  'POST /api/client-events': { none: 'Pages report on themselves with whatever token they have; nothing is read.' },
  'POST /oauth/token': { none: 'The secret of a registered client is asked instead of a token.' },
  'GET /.well-known/lumina-embed.json': { none: 'Public keys.' },

  'GET /api/metrics': needs('metrics:read'),
  'GET /api/metrics/query': needs('metrics:read', OWN_BOARDS),
  'POST /api/metrics/query': needs('metrics:read', PLATFORM),
  'POST /api/rows/query': needs(
    'metrics:read',
    'rows of calls and visits need facts:read, those of agents directory:read',
  ),
  'POST /api/live': needs('metrics:read', `${PLATFORM}; rows need what a query for them needs`),
  'POST /api/live/ticket': needs('metrics:read'),
  'POST /api/live/{stream}/token': needs('metrics:read', 'only a stream of the same identity'),

  'GET /api/metrics/custom': needs('metrics:read'),
  'POST /api/metrics/custom': needs('settings:write'),
  'GET /api/metrics/custom/{id}': needs('metrics:read'),
  'PUT /api/metrics/custom/{id}': needs('settings:write'),
  'DELETE /api/metrics/custom/{id}': needs('settings:write'),
  'GET /api/metrics/custom/{id}/versions': needs('metrics:read'),

  'GET /api/dashboards': needs('dashboards:read', OWN_BOARDS),
  'POST /api/dashboards': needs('dashboards:write'),
  'GET /api/dashboards/{id}': needs('dashboards:read', OWN_BOARDS),
  'PUT /api/dashboards/{id}': needs('dashboards:write', EDITABLE_BOARDS),
  'DELETE /api/dashboards/{id}': needs('dashboards:write', EDITABLE_BOARDS),
  'POST /api/dashboards/{id}/copy': needs('dashboards:write', OWN_BOARDS),
  'POST /api/dashboards/{id}/restore': needs('dashboards:write', EDITABLE_BOARDS),
  'GET /api/dashboards/{id}/versions': needs('dashboards:read', OWN_BOARDS),
  'GET /api/dashboards/{id}/versions/{version}': needs('dashboards:read', OWN_BOARDS),
  'POST /api/dashboards/{id}/versions/{version}/restore': needs('dashboards:write', EDITABLE_BOARDS),
  'GET /api/dashboards/{id}/drafts/{draft}': needs('dashboards:read', OWN_BOARDS),
  'DELETE /api/dashboards/{id}/drafts/{draft}': needs('dashboards:read', "only the person's own drafts"),
  'GET /api/dashboards/{id}/sharing': needs('dashboards:write', EDITABLE_BOARDS),
  'PUT /api/dashboards/{id}/sharing': needs('dashboards:write', EDITABLE_BOARDS),
  'GET /api/widgets': needs('dashboards:read'),
  'POST /api/widgets': needs('dashboards:write'),
  'PUT /api/widgets/{id}': needs('dashboards:write'),
  'DELETE /api/widgets/{id}': needs('dashboards:write'),
  'GET /api/preferences': needs('dashboards:read', "only the person's own"),
  'PUT /api/preferences': needs('dashboards:read', "only the person's own"),

  'GET /api/directory/{kind}': needs('directory:read'),
  'PUT /api/directory/{kind}': needs('settings:write'),
  'GET /api/directory/queues/{id}/members': needs('directory:read'),
  'PUT /api/directory/queues/{id}/members': needs('settings:write'),
  'DELETE /api/directory/agents/{id}/person': needs('users:write'),

  'GET /api/alerts': needs('metrics:read'),
  'POST /api/alerts': needs('alerts:write'),
  'GET /api/alerts/states': needs('metrics:read'),
  'GET /api/alerts/{id}': needs('metrics:read'),
  'PUT /api/alerts/{id}': needs('alerts:write'),
  'DELETE /api/alerts/{id}': needs('alerts:write'),
  'GET /api/alerts/{id}/history': needs('metrics:read'),
  'GET /api/alerts/webhooks': needs('alerts:write'),
  'POST /api/alerts/webhooks': needs('settings:write'),
  'PUT /api/alerts/webhooks/{id}': needs('settings:write'),
  'DELETE /api/alerts/webhooks/{id}': needs('settings:write'),
  'POST /api/alerts/webhooks/{id}/secret': needs('settings:write'),
  'POST /api/alerts/webhooks/{id}/test': needs('settings:write'),
  'GET /api/alerts/webhooks/{id}/deliveries': needs('alerts:write'),

  'GET /api/users': needs('users:write'),
  'GET /api/users/{person}': needs('users:write'),
  'DELETE /api/users/{person}': needs('users:write', 'never oneself, nobody with more rights, not the last admin'),
  'PUT /api/users/{person}/grant': needs('users:write', 'a scope needs scopes:write; never more than one holds'),
  'POST /api/users/{person}/disable': needs(
    'users:write',
    'never oneself, nobody with more rights, not the last admin',
  ),
  'POST /api/users/{person}/enable': needs('users:write', 'never oneself, nobody with more rights'),
  'GET /api/users/invitations': needs('users:write'),
  'POST /api/users/invitations': needs('users:write', 'a scope needs scopes:write; never more than one holds'),
  'DELETE /api/users/invitations/{id}': needs('users:write'),

  'GET /api/settings': needs('dashboards:read'),
  'PUT /api/settings': needs('settings:write'),
  'GET /api/settings/versions': needs('dashboards:read'),
  'GET /api/audit': needs('audit:read'),
  'GET /api/ingest-keys': needs('keys:write'),
  'POST /api/ingest-keys': needs('keys:write'),
  'DELETE /api/ingest-keys/{id}': needs('keys:write'),
  'GET /api/clients': needs('keys:write'),
  'POST /api/clients': needs('keys:write', 'never more than one holds'),
  'GET /api/clients/{id}': needs('keys:write'),
  'PUT /api/clients/{id}': needs('keys:write', 'never more than one holds'),
  'DELETE /api/clients/{id}': needs('keys:write'),
  'POST /api/clients/{id}/secret': needs('keys:write'),
};

/** What is served besides the documented API, and who may have it. */
export const OTHER_ROUTES: Readonly<Record<string, string>> = {
  'GET /healthz': 'Everybody: it tells that the process runs.',
  'GET /readyz': 'Everybody: it tells that the process can answer.',
  'GET /metrics': 'Regions only, which nobody outside reaches: counters without ids of territories or people.',
  'GET /api/openapi.json': 'Everybody: it tells what exists, not what is in it.',
  'GET /api/live/ws': 'Whoever holds a ticket of POST /api/live/ticket; it opens one connection, once.',
  'GET /internal/ingest-keys':
    'The collector of the region, by the internal token; the distributor forwards none of it.',
  'GET /internal/client-origins': 'The distributor, by the internal token; it forwards none of it.',
  'GET /config.json': 'Everybody: public settings of the page. Distributor only.',
  'GET /{*path}': 'Everybody: the files of the page. Distributor only.',
};
