import Type from 'typebox';

import { DEFINITION_PRESET_IDS } from '../metrics/presets.ts';
import { WEEKDAYS } from '../settings.ts';
import { MAGNETIC_RETENTION_DAYS } from '../store.ts';
import { IdSchema } from './id.ts';
import { QueryOptionsSchema } from './query.ts';

const closed = { additionalProperties: false } as const;
const { formula, thresholdS, shortAbandonS } = QueryOptionsSchema.properties;
/** Minutes of a day, and of the longest session that may be asked for. */
const MAX_SESSION_MINUTES = 43_200;

/** A time of day, `HH:MM`; `24:00` is the end of the day. */
const TimeOfDaySchema = Type.String({ pattern: '^(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00)$' });

/** From when to when it is open; an end before the start lies on the next day. An empty list is a closed day. */
export const OpenHoursSchema = Type.Array(Type.Tuple([TimeOfDaySchema, TimeOfDaySchema]), { maxItems: 10 });

/** A day with hours of its own. */
export const HolidaySchema = Type.Object(
  {
    date: Type.String({ pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$' }),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    hours: OpenHoursSchema,
  },
  closed,
);

/** What a metric is meant to reach; which way is good follows from the metric. */
export const TargetSchema = Type.Object(
  {
    metric: Type.String({ minLength: 1, maxLength: 60 }),
    /** Only in this queue; absent = wherever no queue has a target of its own. */
    queueId: Type.Optional(IdSchema),
    /** In the metric's unit. */
    value: Type.Number(),
  },
  closed,
);

/** The settings of a territory: what all its people see is computed and judged by them. */
export const TerritorySettingsSchema = Type.Object(
  {
    /** IANA zone of reports, where neither widget nor dashboard names one. */
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
    openingHours: Type.Object(
      Object.fromEntries(WEEKDAYS.map((day) => [day, OpenHoursSchema])) as Record<
        (typeof WEEKDAYS)[number],
        typeof OpenHoursSchema
      >,
      closed,
    ),
    holidays: Type.Array(HolidaySchema, { maxItems: 400 }),
    /** Whose rules of service level, speed of answer, abandons and handle time. */
    preset: Type.Enum([...DEFINITION_PRESET_IDS]),
    /** What is named here outranks the preset. */
    serviceLevel: Type.Object({ formula, thresholdS, shortAbandonS }, closed),
    targets: Type.Array(TargetSchema, { maxItems: 200 }),
    /** How many days back people may ask; not more than the store keeps. */
    retentionDays: Type.Integer({ minimum: 1, maximum: MAGNETIC_RETENTION_DAYS }),
    /** Networks (CIDR or single addresses, IPv4 and IPv6) that may sign in; absent = all. */
    ipAllowList: Type.Optional(
      Type.Array(Type.String({ minLength: 2, maxLength: 49 }), { minItems: 1, maxItems: 100 }),
    ),
    session: Type.Object(
      {
        /** How old the sign-in of a session may be; absent = as old as its token is valid. */
        maxAgeMinutes: Type.Optional(Type.Integer({ minimum: 5, maximum: MAX_SESSION_MINUTES })),
        /** Live connections of one person. */
        maxStreams: Type.Integer({ minimum: 1, maximum: 100 }),
      },
      closed,
    ),
  },
  closed,
);

/** One version of the settings. `version` 0 are the defaults, before anybody changed anything. */
export const SettingsVersionSchema = Type.Object({
  version: Type.Integer(),
  updatedAt: Type.Union([Type.String(), Type.Null()]),
  updatedBy: Type.Union([Type.String(), Type.Null()]),
  body: TerritorySettingsSchema,
});
