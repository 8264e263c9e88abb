import type { Router } from 'express';
import type { RegionId } from '@lumina/contracts';
import type { Served } from '../http/create-server.ts';
import type { TailFollower } from '../live-tail/live-tail.ts';
import type { Announcement } from './announcements.ts';
import { systemClock } from './clock.ts';
import { LiveHub } from './hub.ts';
import type { LiveHubOptions, Revocation } from './hub.ts';
import { liveRouter } from './route.ts';
import { createTickets } from './tickets.ts';
import { createLiveSockets } from './web-sockets.ts';

/** What live connections need. */
export interface LiveFeatureOptions extends LiveHubOptions {
  readonly regionId: RegionId;
}

/** Live connections of one process. */
export interface LiveFeature {
  /** Mount it at `/api/live`, behind authentication and a JSON body parser. */
  readonly router: Router;
  readonly upgrade: Served['upgrade'];
  /** Hears that something was stored; must come after whoever answers from it. Without it questions are asked by the clock. */
  readonly follower: TailFollower;
  /** Ends streams at once whose rights have changed; tickets that were not used yet too. @returns how many streams. */
  readonly revoke: (whose: Revocation) => number;
  /** Evaluates at once what is watched of a territory: its settings have changed. */
  readonly reconsider: (territoryId: number) => void;
  /** Tells the streams of a territory of an alert. */
  readonly announce: (announcement: Announcement) => void;
  /** Says goodbye to all, and lets nobody new in. */
  readonly drain: () => void;
}

/** Live frames over event streams and WebSockets. */
export function createLiveFeature(options: LiveFeatureOptions): LiveFeature {
  const { regionId, clock = systemClock } = options;
  const hub = new LiveHub(options);
  const tickets = createTickets(regionId, clock);
  const sockets = createLiveSockets(hub, tickets, clock);
  return {
    router: liveRouter(hub, tickets),
    upgrade: sockets.upgrade,
    follower: {
      take: ({ records }) => {
        hub.wake(new Set(records.flatMap(({ facts }) => facts.map(({ territoryId }) => territoryId))));
      },
    },
    revoke: (whose) => {
      tickets.revoke(whose);
      return hub.revoke(whose);
    },
    reconsider: (territoryId) => {
      hub.reconsider(territoryId);
    },
    announce: (announcement) => {
      hub.announce(announcement);
    },
    drain: () => {
      sockets.drain();
      hub.drain();
    },
  };
}

export type { AlertNews, Announcement } from './announcements.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { LiveHub } from './hub.ts';
export type { Sink } from './stream.ts';
