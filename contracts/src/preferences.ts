/** Looks that a person can prefer; `system` follows the device. */
export const THEMES = ['system', 'light', 'dark', 'contrast'] as const;
/** How close things stand. */
export const DENSITIES = ['comfortable', 'compact', 'wall'] as const;
/** Whose zone times are shown in. */
export const ZONE_DISPLAYS = ['territory', 'device'] as const;
/** Favourite dashboards of one person at most. */
export const MAX_FAVOURITES = 100;
/** Dashboards that one person saw last. */
export const MAX_RECENT = 20;

export type { Preferences } from './schemas/index.ts';
