import { expectedVersionOf } from '../../http/if-match.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { currentBody, missing, send, writtenOf } from './dashboard-replies.ts';
import { DraftSchema, HistorySchema, StoredDashboardSchema, VersionSchema } from './dashboard-schemas.ts';
import type { DashboardStore } from './dashboard-store.ts';

/** A version as a path names it; what is none names no version. */
function versionNumber(text: string): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}

function missingVersion(id: string, version: string): HttpProblem {
  return new HttpProblem('not_found', `Dashboard ${id} has no version ${version}.`);
}

function missingDraft(id: string, draft: string): HttpProblem {
  return new HttpProblem('not_found', `You have no draft ${draft} of dashboard ${id}.`);
}

function versionRoutes(store: DashboardStore): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/dashboards/{id}/versions',
      summary: 'The versions of a dashboard, newest first, and what conflicts refused of the caller',
      permission: 'dashboards:read',
      success: { status: 200, description: 'Versions and drafts', schema: HistorySchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        const history = await store.history(identity, id);
        if (history === undefined) throw missing(id);
        response.set('Cache-Control', 'private, no-cache').json(history);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/dashboards/{id}/versions/{version}',
      summary: 'One version of a dashboard',
      permission: 'dashboards:read',
      success: { status: 200, description: 'The version', schema: VersionSchema },
      handle: async ({ identity, request, response }) => {
        const [id, number] = [pathParameter(request, 'id'), pathParameter(request, 'version')];
        const version = await store.version(identity, id, versionNumber(number));
        if (version === undefined) throw missingVersion(id, number);
        response.set('Cache-Control', 'private, no-cache').json({ ...version, body: currentBody(version) });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/dashboards/{id}/versions/{version}/restore',
      summary: 'Save a former version anew, if nobody changed the dashboard since',
      permission: 'dashboards:write',
      headers: ['If-Match'],
      success: { status: 200, description: 'The new version', schema: StoredDashboardSchema },
      handle: async ({ identity, request, response }) => {
        const [id, number] = [pathParameter(request, 'id'), pathParameter(request, 'version')];
        const expected = expectedVersionOf(request);
        send(response, writtenOf(await store.restoreVersion(identity, id, versionNumber(number), expected), id));
      },
    }),
  ];
}

function draftRoutes(store: DashboardStore): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/dashboards/{id}/drafts/{draft}',
      summary: "What a conflict refused of the caller's own",
      permission: 'dashboards:read',
      success: { status: 200, description: 'The draft', schema: DraftSchema },
      handle: async ({ identity, request, response }) => {
        const [id, name] = [pathParameter(request, 'id'), pathParameter(request, 'draft')];
        const draft = await store.draft(identity, id, name);
        if (draft === undefined) throw missingDraft(id, name);
        response.set('Cache-Control', 'no-store').json({ ...draft, body: currentBody(draft) });
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/dashboards/{id}/drafts/{draft}',
      summary: 'Forget a refused draft',
      permission: 'dashboards:read',
      success: { status: 204, description: 'It is gone' },
      handle: async ({ identity, request, response }) => {
        const [id, name] = [pathParameter(request, 'id'), pathParameter(request, 'draft')];
        if (!(await store.removeDraft(identity, id, name))) throw missingDraft(id, name);
        response.status(204).end();
      },
    }),
  ];
}

/** Versions of dashboards and drafts that conflicts refused. */
export function historyRoutes(store: DashboardStore): readonly Route[] {
  return [...versionRoutes(store), ...draftRoutes(store)];
}
