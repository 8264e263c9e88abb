import { randomBytes } from 'node:crypto';
import type { LiveTicket, RegionId } from '@lumina/contracts';
import type { Identity } from '../auth/identity.ts';
import type { Clock } from './clock.ts';

/** One-time tickets for WebSockets, which in browsers cannot send a token. */
export interface Tickets {
  readonly issue: (identity: Identity) => LiveTicket;
  /** The identity of a ticket, once; undefined for what is unknown, used or late. */
  readonly take: (ticket: string) => Identity | undefined;
  /** Forgets the tickets of a person, of a territory, or of a person in a territory. */
  readonly revoke: (whose: { readonly sub?: string; readonly territoryId?: number }) => void;
}

const LIFETIME_MS = 30_000;
const MAX_TICKETS = 10_000;
/** So that nobody can push out the tickets of others. */
const MAX_TICKETS_PER_IDENTITY = 50;
const TICKET_BYTES = 24;

/** Keeps tickets in memory; where there are too many the oldest goes. */
export function createTickets(regionId: RegionId, clock: Clock): Tickets {
  // In the order of issue, which is that of expiry.
  const issued = new Map<string, { readonly identity: Identity; readonly expiresAt: number }>();

  function dropOld(): void {
    for (const [ticket, { expiresAt }] of issued) {
      if (expiresAt > clock.now() && issued.size < MAX_TICKETS) return;
      issued.delete(ticket);
    }
  }

  function dropOldestOf({ sub, territoryId }: Identity): void {
    const own = [...issued].filter(([, { identity }]) => identity.sub === sub && identity.territoryId === territoryId);
    const [oldest] = own;
    if (own.length >= MAX_TICKETS_PER_IDENTITY && oldest !== undefined) issued.delete(oldest[0]);
  }

  return {
    issue: (identity) => {
      dropOld();
      dropOldestOf(identity);
      const ticket = `r${String(regionId)}_${randomBytes(TICKET_BYTES).toString('base64url')}`;
      const expiresAt = clock.now() + LIFETIME_MS;
      issued.set(ticket, { identity, expiresAt });
      return { ticket, expiresAt };
    },
    take: (ticket) => {
      const known = issued.get(ticket);
      issued.delete(ticket);
      return known === undefined || known.expiresAt <= clock.now() ? undefined : known.identity;
    },
    revoke: ({ sub, territoryId }) => {
      if (sub === undefined && territoryId === undefined) return;
      for (const [ticket, { identity }] of issued) {
        const isOwn = sub === undefined || identity.sub === sub;
        const isHere = territoryId === undefined || identity.territoryId === territoryId;
        if (isOwn && isHere) issued.delete(ticket);
      }
    },
  };
}
