import type Type from 'typebox';

import type {
  AlertHoursSchema,
  AlertRuleDraftSchema,
  AlertRuleSchema,
  AlertStateReportSchema,
  AlertTransitionSchema,
  WebhookDeliverySchema,
  WebhookDraftSchema,
  WebhookSchema,
} from './alerts.ts';
import type { AuditEntrySchema, AuditPageSchema } from './audit.ts';
import type { ClientEventSchema, ClientReportSchema } from './client-events.ts';
import type {
  ClientChangeSchema,
  ClientDraftSchema,
  ClientOriginListSchema,
  ClientWithSecretSchema,
  RegisteredClientSchema,
} from './clients.ts';
import type { CustomMetricDraftSchema, CustomMetricSchema } from './custom-metric.ts';
import type {
  DashboardSchema,
  DashboardVariableSchema,
  ThresholdSchema,
  WidgetOptionsSchema,
  WidgetSchema,
  WidgetTemplateBodySchema,
} from './dashboard.ts';
import type { SessionSchema, TokenClaimsSchema } from './identity.ts';
import type { IngestKeyEntrySchema, IngestKeyListSchema, IngestKeySchema } from './ingest-keys.ts';
import type { GrantDraftSchema, InvitationDraftSchema, InvitationSchema, PersonSchema } from './people.ts';
import type {
  LiveFrameSchema,
  LiveRequestSchema,
  LiveRowChangesSchema,
  LiveRowsSchema,
  LiveSubscriptionSchema,
  LiveTicketSchema,
  LiveTokenReplySchema,
} from './live.ts';
import type { PreferencesSchema } from './preferences.ts';
import type {
  DataRowSchema,
  FilterSchema,
  MetricAggregationSchema,
  MetricQueryRequestSchema,
  MetricQuerySchema,
  MetricReplySchema,
  MetricSeriesSchema,
  QueryErrorSchema,
  QueryOptionsSchema,
  RangeSchema,
  ReplyMetaSchema,
  RowsReplySchema,
  RowsRequestSchema,
} from './query.ts';
import type {
  HolidaySchema,
  OpenHoursSchema,
  SettingsVersionSchema,
  TargetSchema,
  TerritorySettingsSchema,
} from './settings.ts';

export * from './alerts.ts';
export * from './audit.ts';
export * from './client-events.ts';
export * from './clients.ts';
export * from './custom-metric.ts';
export * from './dashboard.ts';
export * from './directory-fields.ts';
export * from './event.ts';
export * from './id.ts';
export * from './identity.ts';
export * from './ingest-keys.ts';
export * from './live.ts';
export * from './people.ts';
export * from './preferences.ts';
export * from './problem.ts';
export * from './query.ts';
export * from './settings.ts';

/** One act in a territory. */
export type AuditEntry = Type.Static<typeof AuditEntrySchema>;
/** A page of the audit trail, newest first. */
export type AuditPage = Type.Static<typeof AuditPageSchema>;
/** What a writer says of a custom metric. */
export type CustomMetricDraft = Type.Static<typeof CustomMetricDraftSchema>;
/** A territory's own metric. */
export type CustomMetric = Type.Static<typeof CustomMetricSchema>;
/** The body of a dashboard. */
export type Dashboard = Type.Static<typeof DashboardSchema>;
/** A choice over the tiles of a dashboard. */
export type DashboardVariable = Type.Static<typeof DashboardVariableSchema>;
/** One widget of a dashboard. */
export type Widget = Type.Static<typeof WidgetSchema>;
/** A widget to start from, without a place on a board. */
export type WidgetTemplateBody = Type.Static<typeof WidgetTemplateBodySchema>;
/** What one person prefers. */
export type Preferences = Type.Static<typeof PreferencesSchema>;
/** How a widget shows its data, beyond its kind. */
export type WidgetOptions = Type.Static<typeof WidgetOptionsSchema>;
/** From which value on a tone applies. */
export type Threshold = Type.Static<typeof ThresholdSchema>;
/** A valid ingest key. */
export type IngestKey = Type.Static<typeof IngestKeySchema>;
/** An ingest key as administrators see it. */
export type IngestKeyEntry = Type.Static<typeof IngestKeyEntrySchema>;
/** The ingest keys that are valid now. */
export type IngestKeyList = Type.Static<typeof IngestKeyListSchema>;
/** Body of `POST /api/live`. */
export type LiveRequest = Type.Static<typeof LiveRequestSchema>;
/** One of several queries on a live connection. */
export type LiveSubscription = Type.Static<typeof LiveSubscriptionSchema>;
/** Rows that a subscription watches. */
export type LiveRows = Type.Static<typeof LiveRowsSchema>;
/** How watched rows changed. */
export type LiveRowChanges = Type.Static<typeof LiveRowChangesSchema>;
/** Opens one WebSocket. */
export type LiveTicket = Type.Static<typeof LiveTicketSchema>;
/** Until when a stream may go on. */
export type LiveTokenReply = Type.Static<typeof LiveTokenReplySchema>;
/** One live frame. */
export type LiveFrame = Type.Static<typeof LiveFrameSchema>;
/** Who is asking, as the page needs to know it. */
export type Session = Type.Static<typeof SessionSchema>;
/** Claims of an access token as they stand in it, namespaces removed. */
export type TokenClaims = Type.Static<typeof TokenClaimsSchema>;
/** A range of time: the last so much, two instants, or a calendar range. */
export type QueryRange = Type.Static<typeof RangeSchema>;
/** A filter of a query. */
export type MetricFilter = Type.Static<typeof FilterSchema>;
/** Options of a query. */
export type MetricQueryOptions = Type.Static<typeof QueryOptionsSchema>;
/** One query of a request. */
export type MetricQuery = Type.Static<typeof MetricQuerySchema>;
/** Body of `POST /api/metrics/query`. */
export type MetricQueryRequest = Type.Static<typeof MetricQueryRequestSchema>;
/** One series of a reply. */
export type MetricSeries = Type.Static<typeof MetricSeriesSchema>;
/** One aggregation of a reply. */
export type MetricAggregation = Type.Static<typeof MetricAggregationSchema>;
/** An error that concerns one query. */
export type QueryError = Type.Static<typeof QueryErrorSchema>;
/** What a reply says about itself. */
export type ReplyMeta = Type.Static<typeof ReplyMetaSchema>;
/** Reply of `POST /api/metrics/query`. */
export type MetricReply = Type.Static<typeof MetricReplySchema>;
/** Body of `POST /api/rows/query`. */
export type RowsRequest = Type.Static<typeof RowsRequestSchema>;
/** One row of a reply. */
export type DataRow = Type.Static<typeof DataRowSchema>;
/** Reply of `POST /api/rows/query`. */
export type RowsReply = Type.Static<typeof RowsReplySchema>;
/** Openings of one day, `[from, to]` each; none = closed. */
export type OpenHours = Type.Static<typeof OpenHoursSchema>;
/** A day with hours of its own. */
export type Holiday = Type.Static<typeof HolidaySchema>;
/** What a metric is meant to reach. */
export type Target = Type.Static<typeof TargetSchema>;
/** The settings of a territory. */
export type TerritorySettings = Type.Static<typeof TerritorySettingsSchema>;
/** One version of a territory's settings. */
export type SettingsVersion = Type.Static<typeof SettingsVersionSchema>;
/** When a rule decides. */
export type AlertHours = Type.Static<typeof AlertHoursSchema>;
/** What a writer says of a rule. */
export type AlertRuleDraft = Type.Static<typeof AlertRuleDraftSchema>;
/** A stored rule. */
export type AlertRule = Type.Static<typeof AlertRuleSchema>;
/** Where a rule is. */
export type AlertStateReport = Type.Static<typeof AlertStateReportSchema>;
/** One thing that happened to an alert. */
export type AlertTransition = Type.Static<typeof AlertTransitionSchema>;
/** What a writer says of an endpoint. */
export type WebhookDraft = Type.Static<typeof WebhookDraftSchema>;
/** An endpoint that is told of alerts. */
export type Webhook = Type.Static<typeof WebhookSchema>;
/** One message to an endpoint. */
export type WebhookDelivery = Type.Static<typeof WebhookDeliverySchema>;
/** What an administrator says of a new registered client. */
export type ClientDraft = Type.Static<typeof ClientDraftSchema>;
/** What an administrator changes of one. */
export type ClientChange = Type.Static<typeof ClientChangeSchema>;
/** A registered client, without its secret. */
export type RegisteredClient = Type.Static<typeof RegisteredClientSchema>;
/** A registered client with the secret that is shown once. */
export type ClientWithSecret = Type.Static<typeof ClientWithSecretSchema>;
/** Origins that the territories of a region have registered. */
export type ClientOriginList = Type.Static<typeof ClientOriginListSchema>;
/** What a territory says of a person. */
export type GrantDraft = Type.Static<typeof GrantDraftSchema>;
/** A person of a territory, with the rights that hold. */
export type Person = Type.Static<typeof PersonSchema>;
/** An invitation that has not been followed yet. */
export type Invitation = Type.Static<typeof InvitationSchema>;
/** Whom to invite, and with which rights. */
export type InvitationDraft = Type.Static<typeof InvitationDraftSchema>;
/** One thing that a page tells of itself. */
export type ClientEvent = Type.Static<typeof ClientEventSchema>;
/** Body of `POST /api/client-events`. */
export type ClientReport = Type.Static<typeof ClientReportSchema>;
