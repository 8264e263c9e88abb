import Type from 'typebox';

import { DASHBOARD_COLUMNS, DASHBOARD_SCHEMA_VERSION, WIDGET_KINDS } from '../dashboards.ts';
import { MAX_QUERIES, MetricQuerySchema, RangeSchema } from './query.ts';

const closed = { additionalProperties: false } as const;

/** One widget of a dashboard: what it asks, how it shows it, where it stands on the grid. */
export const WidgetSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 60 }),
    kind: Type.Enum([...WIDGET_KINDS]),
    title: Type.Optional(Type.String({ maxLength: 120 })),
    query: MetricQuerySchema,
    x: Type.Integer({ minimum: 0, maximum: DASHBOARD_COLUMNS - 1 }),
    y: Type.Integer({ minimum: 0, maximum: 1_000 }),
    w: Type.Integer({ minimum: 1, maximum: DASHBOARD_COLUMNS }),
    h: Type.Integer({ minimum: 1, maximum: 100 }),
    options: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  closed,
);

/** The body of a dashboard, as it is stored and exchanged. */
export const DashboardSchema = Type.Object(
  {
    schemaVersion: Type.Literal(DASHBOARD_SCHEMA_VERSION),
    title: Type.String({ minLength: 1, maxLength: 120 }),
    description: Type.Optional(Type.String({ maxLength: 1_000 })),
    timeZone: Type.Optional(Type.String({ maxLength: 64 })),
    range: Type.Optional(RangeSchema),
    // One request must be able to ask for all of them.
    widgets: Type.Array(WidgetSchema, { maxItems: MAX_QUERIES }),
  },
  closed,
);
