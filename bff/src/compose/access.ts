import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Identity } from '../auth/identity.ts';
import { asTheyAre } from '../auth/pseudonyms.ts';
import type { Pseudonyms } from '../auth/pseudonyms.ts';
import type { Stores } from './stores.ts';
import type { ConfigStore } from '../config-store/config-store.ts';
import {
  AccessFollower,
  Admissions,
  SeenPeople,
  admit,
  createAuth0Invitations,
  createSqlAccessChangeLog,
  createSqlAccessSource,
  createSqlSightingStore,
} from '../features/users/index.ts';
import type { Auth0ManagementConfig, InvitationOptions } from '../features/users/index.ts';

type Listener = (whose: { readonly sub?: string; readonly territoryId: number }) => void;

/** Who is let in to a region, and whoever must hear when that changes. */
export interface Access {
  /** After `requireRegion`. */
  readonly admit: RequestHandler;
  /** Whether an admitted identity still stands. */
  readonly isCurrent: (identity: Identity) => boolean;
  readonly routes: InvitationOptions;
  /** Who is told whose streams end. */
  readonly onRevoked: (listener: Listener) => void;
  readonly start: () => void;
  readonly close: () => Promise<void>;
}

interface AccessParts {
  readonly store: ConfigStore;
  readonly stores: Stores;
  readonly pseudonyms: Pseudonyms;
  /** Absent: nobody is invited from here. */
  readonly management?: Auth0ManagementConfig | undefined;
  readonly logger: Logger;
}

/** Wires the register of people of a region. */
export function createAccess({ store, stores, pseudonyms, management, logger }: AccessParts): Access {
  const listeners: Listener[] = [];
  const tell: Listener = (whose) => {
    for (const listener of listeners) listener(whose);
  };
  const admissions = new Admissions({
    source: createSqlAccessSource(store),
    followedAtMs: () => follower.followedAtMs,
  });
  const follower: AccessFollower = new AccessFollower({
    log: createSqlAccessChangeLog(store),
    onChange: ({ territoryId, sub }) => {
      admissions.forget({ territoryId, sub });
      tell({ territoryId, sub });
    },
    onMissed: () => {
      for (const territoryId of admissions.forgetAll()) tell({ territoryId });
    },
    onFailure: (error) => {
      logger.warn({ err: error }, 'changes of rights could not be read; trying again');
    },
  });
  const seen = new SeenPeople({
    store: createSqlSightingStore(store, stores.audit),
    onFailure: (error, lost) => {
      logger.warn({ err: error, lost }, 'who was seen could not be kept');
    },
  });
  return {
    admit: admit(admissions, (identity) => {
      seen.note(identity);
    }),
    isCurrent: (identity) => admissions.isCurrent(identity),
    routes: {
      people: stores.people,
      invitations: stores.invitations,
      ...(management === undefined ? {} : { sender: createAuth0Invitations(management) }),
      directory: stores.directory,
      changes: {
        announce: (change) => {
          follower.tell(change);
        },
      },
      pseudonyms,
    },
    onRevoked: (listener) => {
      listeners.push(listener);
    },
    start: () => {
      follower.start();
    },
    close: async () => {
      await seen.close();
      await follower.close();
    },
  };
}

/** What the distributor documents of people without serving it. */
export function documentedUsers({ people, invitations, directory }: Stores): InvitationOptions {
  return { people, invitations, directory, changes: { announce: () => undefined }, pseudonyms: asTheyAre };
}
