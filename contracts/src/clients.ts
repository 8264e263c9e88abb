/** Ids of registered clients: `r`, the region, and 128 random bits. */
export const CLIENT_ID = /^r[1-6]_[A-Za-z0-9_-]{22}$/;

export type {
  ClientChange,
  ClientDraft,
  ClientOriginList,
  ClientWithSecret,
  RegisteredClient,
} from './schemas/index.ts';
