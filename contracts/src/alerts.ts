/** How the value of a rule is compared with its threshold. */
export const ALERT_OPERATORS = ['gt', 'gte', 'lt', 'lte'] as const;
/** What a rule is at: quiet, about to fire, firing, or without anything to decide by. */
export const ALERT_PHASES = ['normal', 'pending', 'alerting', 'no_data'] as const;
/** What absent data means: the state stays, it counts as a breach, or as all is well. */
export const NO_DATA_POLICIES = ['keep', 'alert', 'ok'] as const;
/** How grave it is; decides nothing, but is told. */
export const ALERT_SEVERITIES = ['info', 'warning', 'critical'] as const;
/** What happened to an alert. Between two `firing` of one rule there is always a `resolved`. */
export const ALERT_TRANSITIONS = ['firing', 'resolved'] as const;
/** Why: the number decided, the hours ended, or the rule was changed, switched off or deleted. */
export const ALERT_REASONS = ['value', 'no_data', 'hours', 'changed', 'disabled', 'deleted'] as const;
/** Where a delivery is: waiting for its (next) attempt, taken by the receiver, or given up. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
/** What a webhook tells of. */
export const WEBHOOK_EVENTS = ['alert.firing', 'alert.resolved', 'test'] as const;

/** Rules of one territory. */
export const MAX_ALERT_RULES = 100;
/** Endpoints of one territory. */
export const MAX_WEBHOOKS = 10;
/** Longest time a threshold may have to be crossed before a rule fires. */
export const MAX_ALERT_FOR_S = 86_400;

/** Header that names a delivery: the same at every attempt, so that a receiver can tell a repetition. */
export const WEBHOOK_DELIVERY_HEADER = 'Lumina-Delivery';
/** Header with the instant (Unix seconds) and the signatures: `t=1700000000,v1=<hex>`; two `v1` while a secret is replaced. */
export const WEBHOOK_SIGNATURE_HEADER = 'Lumina-Signature';
/** Header with one of {@link WEBHOOK_EVENTS}. */
export const WEBHOOK_EVENT_HEADER = 'Lumina-Event';

/** A way to compare. */
export type AlertOperator = (typeof ALERT_OPERATORS)[number];
/** Where a rule is. */
export type AlertPhase = (typeof ALERT_PHASES)[number];
/** What absent data means. */
export type NoDataPolicy = (typeof NO_DATA_POLICIES)[number];
/** How grave an alert is. */
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];
/** What happened to an alert. */
export type AlertTransitionKind = (typeof ALERT_TRANSITIONS)[number];
/** Why it happened. */
export type AlertReason = (typeof ALERT_REASONS)[number];
/** Where a delivery is. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];
/** What a webhook tells of. */
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export type {
  AlertHours,
  AlertRule,
  AlertRuleDraft,
  AlertStateReport,
  AlertTransition,
  Webhook,
  WebhookDelivery,
  WebhookDraft,
} from './schemas/index.ts';
