import type { Request, Response } from 'express';
import Type from 'typebox';
import { upgradeDashboard } from '@lumina/contracts';
import { DashboardSchema } from '@lumina/contracts/schemas';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { DashboardStore, StoredDashboard } from './dashboard-store.ts';

const SummarySchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  version: Type.Integer(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
});
const SummaryListSchema = Type.Object({ items: Type.Array(SummarySchema) });
const StoredDashboardSchema = Type.Object({ ...SummarySchema.properties, body: DashboardSchema });

function missing(id: string): HttpProblem {
  // The same words for what is not there and what is another territory's.
  return new HttpProblem('not_found', `There is no dashboard ${id}.`);
}

/** Stored JSON may be older than this release; callers only ever see the current version. */
function send(response: Response, dashboard: StoredDashboard): void {
  const { body, ...summary } = dashboard;
  const json = typeof body === 'object' && body !== null ? body : {};
  response
    .set('ETag', `"${String(dashboard.version)}"`)
    .set('Cache-Control', 'private, no-cache')
    .json({ ...summary, body: upgradeDashboard({ title: dashboard.title, ...json }) });
}

function expectedVersionOf(request: Request): number {
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(request.get('if-match') ?? '');
  if (match?.[1] === undefined) {
    throw new HttpProblem('invalid_request', 'Send the ETag of the dashboard you changed: If-Match: "<version>".', {
      status: 400,
    });
  }
  return Number(match[1]);
}

function readRoutes(store: DashboardStore): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/dashboards',
      summary: 'All dashboards of the territory, without their bodies',
      permission: 'dashboards:read',
      success: { status: 200, description: 'Dashboards by title', schema: SummaryListSchema },
      handle: async ({ identity, response }) => {
        response.set('Cache-Control', 'private, no-cache').json({ items: await store.list(identity) });
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
    defineRoute({
      method: 'get',
      path: '/api/dashboards/{id}/versions',
      summary: 'The versions of a dashboard, newest first',
      permission: 'dashboards:read',
      success: { status: 200, description: 'Versions', schema: SummaryListSchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        const items = await store.versions(identity, id);
        if (items.length === 0) throw missing(id);
        response.set('Cache-Control', 'private, no-cache').json({ items });
      },
    }),
  ];
}

function writeRoutes(store: DashboardStore): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/dashboards',
      summary: 'Create a dashboard',
      permission: 'dashboards:write',
      body: DashboardSchema,
      success: { status: 201, description: 'The new dashboard', schema: StoredDashboardSchema },
      handle: async ({ identity, body, response }) => {
        const dashboard = await store.create(identity, { title: body.title, body, author: identity.sub });
        response.status(201).location(`/api/dashboards/${dashboard.id}`);
        send(response, dashboard);
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/dashboards/{id}',
      summary: 'Replace a dashboard, if nobody changed it since',
      permission: 'dashboards:write',
      headers: ['If-Match'],
      body: DashboardSchema,
      success: { status: 200, description: 'The new version', schema: StoredDashboardSchema },
      handle: async ({ identity, body, request, response }) => {
        const id = pathParameter(request, 'id');
        const draft = { title: body.title, body, author: identity.sub };
        const outcome = await store.replace(identity, id, expectedVersionOf(request), draft);
        if (outcome.kind === 'missing') throw missing(id);
        if (outcome.kind === 'stale') {
          throw new HttpProblem(
            'conflict',
            'Somebody saved this dashboard in the meantime; load it again and repeat the change.',
          );
        }
        send(response, outcome.dashboard);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/dashboards/{id}',
      summary: 'Delete a dashboard and its versions',
      permission: 'dashboards:write',
      success: { status: 204, description: 'It is gone' },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        if (!(await store.remove(identity, id))) throw missing(id);
        response.status(204).end();
      },
    }),
  ];
}

/** `/api/dashboards`: stored boards, with optimistic concurrency. */
export function dashboardRoutes(store: DashboardStore): readonly Route[] {
  return [...readRoutes(store), ...writeRoutes(store)];
}
