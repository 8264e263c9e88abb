import Type from 'typebox';
import type { ConfigStore } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import { defineRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';

/** A widget that an editor can start from. */
export interface WidgetTemplate {
  readonly id: string;
  readonly title: string;
  /** Widget JSON without a place on a grid. */
  readonly body: unknown;
}

/** Templates of a territory and those offered to all. */
export interface WidgetTemplateStore {
  list: (tenant: Tenant) => Promise<readonly WidgetTemplate[]>;
}

const WidgetListSchema = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), body: Type.Unknown() })),
});

/** Templates in the configuration store. */
export function createSqlWidgetTemplateStore(store: ConfigStore): WidgetTemplateStore {
  return {
    list: (tenant) =>
      store.withTenant(tenant, (transaction) =>
        transaction
          .selectFrom('widget_templates')
          .select(['id', 'title', 'body'])
          .where((where) =>
            where.or([where('territory_id', 'is', null), where('territory_id', '=', tenant.territoryId)]),
          )
          .orderBy('title')
          .orderBy('id')
          .execute(),
      ),
  };
}

/** `GET /api/widgets`. */
export function widgetRoutes(store: WidgetTemplateStore): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/widgets',
      summary: 'Widgets to start from',
      permission: 'dashboards:read',
      success: { status: 200, description: 'Templates by title', schema: WidgetListSchema },
      handle: async ({ identity, response }) => {
        response.set('Cache-Control', 'private, no-cache').json({ items: await store.list(identity) });
      },
    }),
  ];
}
