import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { RoleConfig } from '../config.ts';
import type { ConfigStore } from '../config-store/config-store.ts';
import { alertRuleRoutes, createAlertsFeature, webhookRoutes } from '../features/alerts/index.ts';
import type { AlertRuleStore, AlertsFeature, AlertsFeatureOptions, WebhookStore } from '../features/alerts/index.ts';
import type { Route } from '../http/route.ts';

type Regional = Extract<RoleConfig, { role: 'regional' }>;

/** Where rules and endpoints lie. */
interface AlertStores {
  readonly alertRules: AlertRuleStore;
  readonly webhooks: WebhookStore;
}

/** What alerts need of the process around them. */
interface Surroundings extends Pick<AlertsFeatureOptions, 'answers' | 'settings'> {
  readonly store: ConfigStore;
  readonly registry: Registry;
  readonly logger: Logger;
}

/** Hosts that webhooks may call though they are not public. */
const allowedHostsOf = ({ webhookAllowedHosts = [] }: Pick<Regional, 'webhookAllowedHosts'>): ReadonlySet<string> =>
  new Set(webhookAllowedHosts);

/** Wires evaluation and delivery of alerts, and begins. */
export function startAlerts(own: Regional, { logger, ...surroundings }: Surroundings): AlertsFeature {
  const alerts = createAlertsFeature({
    ...surroundings,
    regionId: own.regionId,
    allowedHosts: allowedHostsOf(own),
    onFailure: (error) => {
      logger.error({ err: error }, 'alerts could not be evaluated or delivered; trying again');
    },
  });
  alerts.start();
  return alerts;
}

/** The routes of rules and endpoints. */
export function alertRoutes(
  { alertRules, webhooks }: AlertStores,
  answers: AlertsFeatureOptions['answers'],
  own: Pick<Regional, 'webhookAllowedHosts'>,
): readonly Route[] {
  return [
    ...webhookRoutes({ webhooks, allowedHosts: allowedHostsOf(own) }),
    ...alertRuleRoutes({ rules: alertRules, webhooks, answers }),
  ];
}
