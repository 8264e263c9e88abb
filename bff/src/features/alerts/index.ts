import type { Registry } from 'prom-client';
import type { Identity } from '../../auth/identity.ts';
import type { ConfigStore } from '../../config-store/config-store.ts';
import type { TailFollower } from '../../live-tail/live-tail.ts';
import { systemClock } from '../../live/index.ts';
import type { AlertNews, Announcement, Clock } from '../../live/index.ts';
import { AlertEngine } from './alert-engine.ts';
import type { SettingsOfTerritory } from './alert-hours.ts';
import { createAlertMeter } from './alert-meter.ts';
import { announceNews, newsFor } from './alert-news.ts';
import type { Answers } from './ask-rules.ts';
import { createSqlEvaluationStore } from './sql-evaluation-store.ts';
import type { AllowedHosts, ResolveHost } from './webhook-address.ts';
import { createWebhookSender } from './webhook-sender.ts';

/** What alerts of one process need. */
export interface AlertsFeatureOptions {
  readonly store: ConfigStore;
  readonly answers: Answers;
  readonly settings: SettingsOfTerritory;
  readonly regionId: number;
  readonly registry: Registry;
  /** Hosts and ports that webhooks may call though they are not public; for tests on one machine. */
  readonly allowedHosts: AllowedHosts;
  readonly onFailure: (error: unknown) => void;
  readonly clock?: Clock;
  readonly resolve?: ResolveHost;
}

/** Evaluation and delivery in one process; of all processes of a region one does both at a time. */
export interface AlertsFeature {
  /** Begins; the store must be migrated. */
  readonly start: () => void;
  /** Hears that something was stored; must come after whoever answers from it. */
  readonly follower: TailFollower;
  /** Where the alerts are that an identity may hear of. */
  readonly newsFor: (identity: Identity) => readonly AlertNews[];
  /** What happens from now on, whoever finds it out. */
  readonly onNews: (tell: (announcement: Announcement) => void) => void;
  readonly close: () => Promise<void>;
}

/** Wires evaluation and delivery; the routes are wired with the other routes. */
export function createAlertsFeature(options: AlertsFeatureOptions): AlertsFeature {
  const { store, registry, allowedHosts, clock = systemClock, resolve } = options;
  const sender = { allowedHosts, clock: clock.now, ...(resolve === undefined ? {} : { resolve }) };
  const engine = new AlertEngine({
    ...options,
    store: createSqlEvaluationStore(store),
    send: createWebhookSender(sender),
    clock,
    meter: createAlertMeter(registry),
  });
  return {
    start: () => {
      engine.start();
    },
    follower: {
      take: ({ records }) => {
        engine.wake(new Set(records.flatMap(({ facts }) => facts.map(({ territoryId }) => territoryId))));
      },
    },
    newsFor: (identity) => newsFor(engine.book, identity),
    onNews: (tell) => {
      announceNews(engine.book, tell);
    },
    close: () => engine.close(),
  };
}

export { alertRuleRoutes } from './alert-routes.ts';
export { createSqlAlertRuleStore } from './sql-alert-rule-store.ts';
export type { AlertRuleStore } from './alert-rule-store.ts';
export { createSqlWebhookStore } from './sql-webhook-store.ts';
export type { WebhookStore } from './webhook-store.ts';
export { webhookRoutes } from './webhook-routes.ts';
