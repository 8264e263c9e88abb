/** Subscriptions of one live connection. */
export const MAX_LIVE_SUBSCRIPTIONS = 24;
/** Queries of all subscriptions of one live connection together. */
export const MAX_LIVE_QUERIES = 200;
/** How often a live connection sends a frame per subscription, changed or not: a silent one is a broken one. */
export const LIVE_TICK_MS = 1_000;
/** How long no news of the store may come in before a live connection says `stale`. */
export const LIVE_STALE_AFTER_MS = 5_000;
/** How often an event stream sends a comment so that nothing in between takes it for idle. */
export const LIVE_HEARTBEAT_MS = 15_000;
/** Kinds of rows that can be watched: those of now. What lies behind a number is looked up, and audited, once. */
export const LIVE_ROW_KINDS = ['waiting', 'agents'] as const;
/** One kind of rows that can be watched. */
export type LiveRowKind = (typeof LIVE_ROW_KINDS)[number];
/** Header of the answer that names the stream, for `POST /api/live/{stream}/token`. */
export const LIVE_STREAM_HEADER = 'X-Lumina-Stream';
/** Why the service ends a live connection. */
export const BYE_REASONS = ['expired', 'shutdown', 'revoked', 'slow'] as const;
/** Why the service ends a live connection. */
export type ByeReason = (typeof BYE_REASONS)[number];

export type {
  LiveFrame,
  LiveRequest,
  LiveRowChanges,
  LiveRows,
  LiveSubscription,
  LiveTicket,
  LiveTokenReply,
} from './schemas/index.ts';
