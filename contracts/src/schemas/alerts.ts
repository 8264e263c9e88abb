import Type from 'typebox';

import {
  ALERT_OPERATORS,
  ALERT_PHASES,
  ALERT_REASONS,
  ALERT_SEVERITIES,
  ALERT_TRANSITIONS,
  DELIVERY_STATUSES,
  MAX_ALERT_FOR_S,
  NO_DATA_POLICIES,
  WEBHOOK_EVENTS,
} from '../alerts.ts';
import { FilterSchema, QueryOptionsSchema } from './query.ts';
import { TerritorySettingsSchema } from './settings.ts';

const closed = { additionalProperties: false } as const;
const MetricSchema = Type.String({ minLength: 1, maxLength: 60 });
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const { timeZone, openingHours } = TerritorySettingsSchema.properties;

/**
 * When a rule decides: always, while the territory is open by its settings, or at hours of its own. Own hours without a
 * zone are read in the territory's.
 */
export const AlertHoursSchema = Type.Union([
  Type.Literal('always'),
  Type.Literal('opening'),
  Type.Object({ timeZone: Type.Optional(timeZone), openingHours }, closed),
]);

const draft = {
  name: Type.String({ minLength: 1, maxLength: 120 }),
  metric: MetricSchema,
  filters: Type.Optional(Type.Array(FilterSchema, { maxItems: 10 })),
  options: Type.Optional(QueryOptionsSchema),
  /** The last so much decides: 1m to 24h, or 1d. */
  window: Type.String({ pattern: '^(?:(?:[1-9]|[1-9]\\d|1[01]\\d|120)m|(?:[1-9]|1\\d|2[0-4])h|1d)$' }),
  op: Type.Enum([...ALERT_OPERATORS]),
  /** In the metric's unit. */
  threshold: Type.Number(),
  /** How long the threshold must be crossed without a break before the rule fires; 0 = at once. */
  forS: Type.Integer({ minimum: 0, maximum: MAX_ALERT_FOR_S }),
  /**
   * Below so much there is nothing to judge, and the rule decides nothing: of the named metric in the same window and
   * with the same filters, or, without a name, of the metric's own denominator (offered visits of a service level).
   */
  minVolume: Type.Optional(
    Type.Object({ metric: Type.Optional(MetricSchema), n: Type.Number({ minimum: 1 }) }, closed),
  ),
  hours: AlertHoursSchema,
  noData: Type.Enum([...NO_DATA_POLICIES]),
  severity: Type.Enum([...ALERT_SEVERITIES]),
  /** Id of the endpoint that is told. */
  webhook: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  enabled: Type.Boolean(),
};

/** What a writer says of a rule. */
export const AlertRuleDraftSchema = Type.Object(draft, closed);

/** A stored rule; `version` is its ETag. `limited` tells that it sees only the rows its last editor could see. */
export const AlertRuleSchema = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
  limited: Type.Boolean(),
  ...draft,
});

/** Where a rule is: `since` and `value` (epoch ms, the metric's unit) are of the last change; `problem` why it cannot be evaluated. */
export const AlertStateReportSchema = Type.Object({
  ruleId: Type.String(),
  state: Type.Enum([...ALERT_PHASES]),
  since: Type.Number(),
  value: NumberOrNull,
  problem: TextOrNull,
});

/** One thing that happened to an alert; `number` counts them per rule. */
export const AlertTransitionSchema = Type.Object({
  ruleId: Type.String(),
  number: Type.Integer(),
  kind: Type.Enum([...ALERT_TRANSITIONS]),
  reason: Type.Enum([...ALERT_REASONS]),
  at: Type.Number(),
  value: NumberOrNull,
  ruleVersion: Type.Integer(),
});

/** What a writer says of an endpoint. Only https on port 443, at a public address. */
export const WebhookDraftSchema = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 120 }), url: Type.String({ minLength: 9, maxLength: 2_000 }) },
  closed,
);

/** An endpoint. Its `secret` is told once, when it is made or replaced. */
export const WebhookSchema = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  name: Type.String(),
  url: Type.String(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
  /** Until when the secret before is used beside the new one; null while there is only one. */
  formerSecretUntil: TextOrNull,
  secret: Type.Optional(Type.String()),
});

/** One message to an endpoint and what became of it; `id` is what the receiver sees as `Lumina-Delivery`. */
export const WebhookDeliverySchema = Type.Object({
  id: Type.String(),
  event: Type.Enum([...WEBHOOK_EVENTS]),
  ruleId: TextOrNull,
  status: Type.Enum([...DELIVERY_STATUSES]),
  attempts: Type.Integer(),
  createdAt: Type.String(),
  /** When it is tried again, or ended. */
  nextAttemptAt: Type.String(),
  /** Of the last attempt that failed: an HTTP status such as `http_500`, or a code such as `webhook_address_refused`. */
  error: TextOrNull,
});
