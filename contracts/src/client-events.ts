/** What a page may report of itself; each becomes a user action of the platform of the same name. */
export const CLIENT_EVENT_TYPES = ['dashboard_viewed', 'widget_error', 'render_time'] as const;
/** One of them. */
export type ClientEventType = (typeof CLIENT_EVENT_TYPES)[number];

/** Most events in one report. */
export const MAX_CLIENT_EVENTS = 50;

/** Codes of what goes wrong between a tile and its data, as a page reports them. */
export const CLIENT_ERROR_CODES = [
  'AUTH_REQUIRED',
  'TOKEN_REJECTED',
  'SCOPE_DENIED',
  'OFFLINE',
  'TIMEOUT',
  'RATE_LIMITED',
  'QUERY_INVALID',
  'REGION_UNKNOWN',
  'REGION_UNAVAILABLE',
  'NOT_FOUND',
  'CONFLICT',
  'UPGRADE_REQUIRED',
  'INTERNAL',
] as const;
/** One of them. */
export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number];

export type { ClientEvent, ClientReport } from './schemas/index.ts';
