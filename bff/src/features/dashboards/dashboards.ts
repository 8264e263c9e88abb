import type { Request } from 'express';
import { assertPermission } from '../../auth/identity.ts';
import { DashboardSchema } from '@lumina/contracts/schemas';
import { expectedVersionOf } from '../../http/if-match.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { assertDashboard } from './assert-dashboard.ts';
import { cursorAfter, parseCursor } from './dashboard-cursor.ts';
import { missing, send, valueOf, writtenOf } from './dashboard-replies.ts';
import {
  CopySchema,
  ListQuerySchema,
  PAGE_SIZE,
  PlaceQuerySchema,
  StoredDashboardSchema,
  SummaryListSchema,
} from './dashboard-schemas.ts';
import type { DashboardStore } from './dashboard-store.ts';
import { historyRoutes } from './history-routes.ts';
import { sharingRoutes } from './sharing-routes.ts';

function readRoutes(store: DashboardStore): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/dashboards',
      summary: 'The dashboards that the caller may see, without their bodies',
      permission: 'dashboards:read',
      query: ListQuerySchema,
      success: { status: 200, description: 'Dashboards by title', schema: SummaryListSchema },
      handle: async ({ identity, query, response }) => {
        const limit = Math.min(Number(query.limit ?? PAGE_SIZE.usual), PAGE_SIZE.most);
        const items = await store.list(identity, {
          // One more than asked for tells whether there are more.
          limit: limit + 1,
          isMine: query.mine === 'true',
          isDeleted: query.deleted === 'true',
          ...(query.folder === undefined ? {} : { folder: query.folder }),
          ...(query.q === undefined ? {} : { text: query.q }),
          ...(query.template === undefined ? {} : { isTemplate: query.template === 'true' }),
          ...(query.cursor === undefined ? {} : { after: parseCursor(query.cursor) }),
        });
        const page = items.slice(0, limit);
        const last = page.at(-1);
        const next = items.length > limit && last !== undefined ? cursorAfter(last) : null;
        response.set('Cache-Control', 'private, no-cache').json({ items: page, next });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/dashboards/{id}',
      summary: 'One dashboard; its version is the ETag',
      permission: 'dashboards:read',
      success: { status: 200, description: 'The dashboard', schema: StoredDashboardSchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        const dashboard = await store.find(identity, id);
        if (dashboard === undefined) throw missing(id);
        send(response, dashboard);
      },
    }),
  ];
}

function creatingRoutes(store: DashboardStore): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/dashboards',
      summary: 'Create a dashboard of your own',
      permission: 'dashboards:write',
      query: PlaceQuerySchema,
      body: DashboardSchema,
      success: { status: 201, description: 'The new dashboard', schema: StoredDashboardSchema },
      handle: async ({ identity, body, query, response }) => {
        assertPermission(identity, 'dashboards:read');
        assertDashboard(body);
        const dashboard = await store.create(identity, { title: body.title, body }, query);
        response.status(201).location(`/api/dashboards/${dashboard.id}`);
        send(response, dashboard);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/dashboards/{id}/copy',
      summary: 'Create a dashboard of your own from a template or any other that you see',
      permission: 'dashboards:write',
      body: CopySchema,
      success: { status: 201, description: 'The new dashboard', schema: StoredDashboardSchema },
      handle: async ({ identity, body, request, response }) => {
        const id = pathParameter(request, 'id');
        const dashboard = valueOf(await store.copy(identity, id, body), id);
        response.status(201).location(`/api/dashboards/${dashboard.id}`);
        send(response, dashboard);
      },
    }),
  ];
}

/** Absent where the caller does not mind what is there. */
function wishedVersionOf(request: Request): number | undefined {
  return request.get('if-match') === undefined ? undefined : expectedVersionOf(request);
}

function changingRoutes(store: DashboardStore): Route[] {
  return [
    defineRoute({
      method: 'put',
      path: '/api/dashboards/{id}',
      summary: 'Replace a dashboard, if nobody changed it since',
      permission: 'dashboards:write',
      headers: ['If-Match'],
      body: DashboardSchema,
      success: { status: 200, description: 'The new version', schema: StoredDashboardSchema },
      handle: async ({ identity, body, request, response }) => {
        assertDashboard(body);
        const id = pathParameter(request, 'id');
        const content = { title: body.title, body };
        send(response, writtenOf(await store.replace(identity, id, expectedVersionOf(request), content), id, body));
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/dashboards/{id}',
      summary:
        'Delete a dashboard; within 30 days it can be restored. If-Match guards against deleting a newer version',
      permission: 'dashboards:write',
      success: { status: 204, description: 'It is gone from all lists but that of the deleted' },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        writtenOf(await store.remove(identity, id, wishedVersionOf(request)), id);
        response.status(204).end();
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/dashboards/{id}/restore',
      summary: 'Take a deletion back',
      permission: 'dashboards:write',
      success: { status: 200, description: 'The dashboard', schema: StoredDashboardSchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        send(response, valueOf(await store.restore(identity, id), id));
      },
    }),
  ];
}

/** `/api/dashboards`: stored boards with owners, grants, history and optimistic concurrency. */
export function dashboardRoutes(store: DashboardStore): readonly Route[] {
  return [
    ...readRoutes(store),
    ...creatingRoutes(store),
    ...changingRoutes(store),
    ...historyRoutes(store),
    ...sharingRoutes(store),
  ];
}
