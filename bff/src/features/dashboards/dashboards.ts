import type { Response } from 'express';
import Type from 'typebox';
import { DASHBOARD_COLUMNS, upgradeDashboard } from '@lumina/contracts';
import type { Dashboard } from '@lumina/contracts';
import { DashboardSchema } from '@lumina/contracts/schemas';
import { expectedVersionOf } from '../../http/if-match.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { isTimeZone } from '../metrics/index.ts';
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

/** Refuses what a schema cannot see: two widgets of one id, one that stands out of the grid, a zone that does not exist. */
function assertDashboard({ timeZone, widgets }: Dashboard): void {
  const refuse = (detail: string): never => {
    throw new HttpProblem('invalid_request', detail);
  };
  const ids = new Set<string>();
  for (const [index, { id, x, w, options }] of widgets.entries()) {
    const place = `body/widgets/${String(index)}`;
    if (ids.has(id)) refuse(`${place}/id is the id of another widget; each needs its own.`);
    ids.add(id);
    if (x + w > DASHBOARD_COLUMNS) {
      refuse(`${place} ends beyond column ${String(DASHBOARD_COLUMNS)}; make x + w at most that.`);
    }
    if (options?.timeZone !== undefined && !isTimeZone(options.timeZone)) {
      refuse(`${place}/options/timeZone is not an IANA time zone; write for example Europe/London.`);
    }
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    refuse('body/timeZone is not an IANA time zone; write for example Europe/London.');
  }
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
        assertDashboard(body);
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
        assertDashboard(body);
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
