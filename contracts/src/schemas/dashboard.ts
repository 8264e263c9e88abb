import Type from 'typebox';

import { DASHBOARD_COLUMNS, DASHBOARD_SCHEMA_VERSION, ORIENTATIONS, TONES, WIDGET_KINDS } from '../dashboards.ts';
import { MAX_FILTER_VALUES, VARIABLE_KINDS } from '../dashboard-variables.ts';
import { BINS } from '../query.ts';
import { IdSchema } from './id.ts';
import { MAX_QUERIES, MetricQuerySchema, RangeSchema } from './query.ts';

const closed = { additionalProperties: false } as const;

/** A value has the tone of the last threshold it reaches; thresholds rise. */
export const ThresholdSchema = Type.Object({ from: Type.Number(), tone: Type.Enum([...TONES]) }, closed);

/**
 * How a widget shows its data. Each kind uses what it can show; what a release does not know stays stored as it is.
 * `range`, `bin` and `timeZone` are the widget's own and outrank the dashboard's; values are in the metric's unit.
 */
export const WidgetOptionsSchema = Type.Object({
  target: Type.Optional(Type.Number()),
  thresholds: Type.Optional(Type.Array(ThresholdSchema, { maxItems: 10 })),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  subtitle: Type.Optional(Type.String({ maxLength: 120 })),
  range: Type.Optional(RangeSchema),
  bin: Type.Optional(Type.Enum([...BINS])),
  timeZone: Type.Optional(Type.String({ maxLength: 64 })),
  isStacked: Type.Optional(Type.Boolean()),
  isArea: Type.Optional(Type.Boolean()),
  hasSparkline: Type.Optional(Type.Boolean()),
  orientation: Type.Optional(Type.Enum([...ORIENTATIONS])),
  columns: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 })),
  sortBy: Type.Optional(Type.String({ maxLength: 60 })),
  isDescending: Type.Optional(Type.Boolean()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
});

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
    options: Type.Optional(WidgetOptionsSchema),
  },
  closed,
);

const { kind, title, query, w, h, options } = WidgetSchema.properties;
/** A widget to start from: what it asks and how it shows it; where it stands is the dashboard's matter. */
export const WidgetTemplateBodySchema = Type.Object(
  { kind, title, query, w: Type.Optional(w), h: Type.Optional(h), options },
  closed,
);

/** Variables of one dashboard. */
const MAX_VARIABLES = 10;

/** A choice over the tiles: filters name it as `$name`. */
export const DashboardVariableSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][A-Za-z0-9_]{0,39}$' }),
    kind: Type.Enum([...VARIABLE_KINDS]),
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    /** Whether several values hold at once. Default: one. */
    multiple: Type.Optional(Type.Boolean()),
    /** What holds until somebody chooses; `@my` is the viewer's scope. Absent = everything. */
    default: Type.Optional(Type.Array(IdSchema, { minItems: 1, maxItems: MAX_FILTER_VALUES })),
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
    variables: Type.Optional(Type.Array(DashboardVariableSchema, { maxItems: MAX_VARIABLES })),
    // One request must be able to ask for all of them.
    widgets: Type.Array(WidgetSchema, { maxItems: MAX_QUERIES }),
  },
  closed,
);
