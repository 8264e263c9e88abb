import Type from 'typebox';

import { DENSITIES, MAX_FAVOURITES, MAX_RECENT, THEMES, ZONE_DISPLAYS } from '../preferences.ts';

const DashboardIdSchema = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });

/** What one person prefers; absent = what the page does by itself. */
export const PreferencesSchema = Type.Object(
  {
    theme: Type.Optional(Type.Enum([...THEMES])),
    density: Type.Optional(Type.Enum([...DENSITIES])),
    /** In which zone times are shown that have none of their own. */
    zoneDisplay: Type.Optional(Type.Enum([...ZONE_DISPLAYS])),
    defaultDashboard: Type.Optional(DashboardIdSchema),
    favourites: Type.Optional(Type.Array(DashboardIdSchema, { maxItems: MAX_FAVOURITES, uniqueItems: true })),
    /** Newest first. */
    recent: Type.Optional(Type.Array(DashboardIdSchema, { maxItems: MAX_RECENT, uniqueItems: true })),
  },
  { additionalProperties: false },
);
