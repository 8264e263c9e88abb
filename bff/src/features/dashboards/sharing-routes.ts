import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { assertGrants } from './assert-dashboard.ts';
import { valueOf } from './dashboard-replies.ts';
import { SettingsChangeSchema, SettingsSchema } from './dashboard-schemas.ts';
import type { DashboardStore } from './dashboard-store.ts';

/** Who owns, sees and may change a dashboard: its owner's to say, and that of whoever decides about sharing. */
export function sharingRoutes(store: DashboardStore): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/dashboards/{id}/sharing',
      summary: 'Who owns, sees and may change a dashboard',
      permission: 'dashboards:write',
      success: { status: 200, description: 'Owner, folder, visibility and grants', schema: SettingsSchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        response.set('Cache-Control', 'private, no-cache').json(valueOf(await store.settings(identity, id), id));
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/dashboards/{id}/sharing',
      summary: 'Change who owns, sees and may change a dashboard; what is absent stays',
      permission: 'dashboards:write',
      body: SettingsChangeSchema,
      success: { status: 200, description: 'What holds now', schema: SettingsSchema },
      handle: async ({ identity, body, request, response }) => {
        const id = pathParameter(request, 'id');
        assertGrants(body.grants ?? []);
        const settings = valueOf(await store.changeSettings(identity, id, body), id);
        response.set('Cache-Control', 'private, no-cache').json(settings);
      },
    }),
  ];
}
