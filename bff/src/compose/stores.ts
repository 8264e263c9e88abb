import type { Pseudonyms } from '../auth/pseudonyms.ts';
import type { ConfigStore } from '../config-store/config-store.ts';
import { createSqlAlertRuleStore, createSqlWebhookStore } from '../features/alerts/index.ts';
import type { AlertRuleStore, WebhookStore } from '../features/alerts/index.ts';
import { auditRoutes } from '../features/audit/audit.ts';
import type { AuditLog } from '../features/audit/audit-log.ts';
import type { AuditTrail } from '../features/audit/audit-trail.ts';
import { createSqlAuditLog } from '../features/audit/sql-audit-log.ts';
import { createSqlAuditTrail } from '../features/audit/sql-audit-trail.ts';
import { clientRoutes, createSqlClientStore } from '../features/clients/index.ts';
import type { ClientRoutesOptions, ClientStore } from '../features/clients/index.ts';
import type { CustomMetricStore } from '../features/custom-metrics/custom-metric-store.ts';
import { customMetricRoutes } from '../features/custom-metrics/custom-metrics.ts';
import { createSqlCustomMetricStore } from '../features/custom-metrics/sql-custom-metric-store.ts';
import type { DashboardStore } from '../features/dashboards/dashboard-store.ts';
import { dashboardRoutes } from '../features/dashboards/dashboards.ts';
import { createSqlDashboardStore } from '../features/dashboards/sql-dashboard-store.ts';
import type { DirectoryStore } from '../features/directory/directory-store.ts';
import type { DirectoryEditor } from '../features/directory/directory-editor.ts';
import { directoryEditRoutes } from '../features/directory/directory-edits.ts';
import { directoryRoutes } from '../features/directory/directory.ts';
import { createSqlDirectoryEditor } from '../features/directory/sql-directory-editor.ts';
import { createSqlDirectoryStore } from '../features/directory/sql-directory-store.ts';
import type { KeyRegister } from '../features/ingest-keys/ingest-key-store.ts';
import { ingestKeyRoutes } from '../features/ingest-keys/ingest-keys.ts';
import { createSqlKeyRegister } from '../features/ingest-keys/sql-ingest-key-store.ts';
import { rowRoutes } from '../features/metrics/index.ts';
import type { RowService } from '../features/metrics/index.ts';
import { LIVE_OPERATIONS } from '../features/openapi/live-operations.ts';
import { METRIC_OPERATIONS } from '../features/openapi/metric-operations.ts';
import { TOKEN_OPERATIONS } from '../features/openapi/token-operations.ts';
import { createSqlPreferencesStore, preferencesRoutes } from '../features/preferences/preferences.ts';
import type { PreferencesStore } from '../features/preferences/preferences.ts';
import { sessionRoutes } from '../features/session/session.ts';
import { SETTINGS_SUBJECT, createSqlSettingsStore, settingsRoutes } from '../features/settings/index.ts';
import type { SettingsRouteOptions, SettingsStore } from '../features/settings/index.ts';
import {
  createSqlInvitationStore,
  createSqlPeopleStore,
  invitationRoutes,
  recordAccessChange,
  userRoutes,
} from '../features/users/index.ts';
import type { InvitationOptions, InvitationStore, PeopleStore } from '../features/users/index.ts';
import { createSqlWidgetTemplateStore } from '../features/widgets/sql-widget-template-store.ts';
import type { WidgetTemplateStore } from '../features/widgets/widget-template-store.ts';
import { widgetRoutes } from '../features/widgets/widgets.ts';
import type { Route } from '../http/route.ts';

/** Where the configuration of a region lies. */
export interface Stores {
  readonly alertRules: AlertRuleStore;
  readonly audit: AuditTrail;
  readonly auditLog: AuditLog;
  readonly clients: ClientStore;
  readonly customMetrics: CustomMetricStore;
  readonly dashboards: DashboardStore;
  readonly directory: DirectoryStore;
  readonly directoryEditor: DirectoryEditor;
  readonly invitations: InvitationStore;
  readonly keys: KeyRegister;
  readonly people: PeopleStore;
  readonly preferences: PreferencesStore;
  readonly settings: SettingsStore;
  readonly webhooks: WebhookStore;
  readonly widgets: WidgetTemplateStore;
}

/** The stores over one configuration database. */
export function storesOf(store: ConfigStore): Stores {
  const audit = createSqlAuditTrail(store);
  return {
    alertRules: createSqlAlertRuleStore(store, audit),
    audit,
    auditLog: createSqlAuditLog(store),
    clients: createSqlClientStore(store, audit),
    customMetrics: createSqlCustomMetricStore(store, audit),
    dashboards: createSqlDashboardStore(store, audit),
    directory: createSqlDirectoryStore(store),
    directoryEditor: createSqlDirectoryEditor(store, audit),
    invitations: createSqlInvitationStore(store, audit),
    keys: createSqlKeyRegister(store, audit),
    people: createSqlPeopleStore(store, audit),
    preferences: createSqlPreferencesStore(store),
    settings: createSqlSettingsStore(store, audit, (transaction, tenant) =>
      recordAccessChange(transaction, tenant, SETTINGS_SUBJECT),
    ),
    webhooks: createSqlWebhookStore(store, audit),
    widgets: createSqlWidgetTemplateStore(store, audit),
  };
}

/** The routes of a regional BFF: what it serves, and what both roles document. */
export function apiRoutes(
  { audit, auditLog, customMetrics, dashboards, directory, directoryEditor, keys, preferences, widgets }: Stores,
  rows: Pick<RowService, 'query'>,
  settings: SettingsRouteOptions,
  clients: ClientRoutesOptions,
  users: InvitationOptions,
  pseudonyms: Pseudonyms,
): readonly Route[] {
  return [
    ...sessionRoutes(directory),
    ...dashboardRoutes(dashboards),
    ...directoryRoutes(directory, pseudonyms),
    ...directoryEditRoutes({ store: directory, editor: directoryEditor, pseudonyms }),
    ...widgetRoutes(widgets),
    ...preferencesRoutes(preferences),
    ...customMetricRoutes(customMetrics),
    ...ingestKeyRoutes(keys),
    ...auditRoutes(auditLog, audit),
    ...settingsRoutes(settings),
    ...clientRoutes(clients),
    ...invitationRoutes(users),
    ...userRoutes(users),
    ...TOKEN_OPERATIONS,
    ...METRIC_OPERATIONS,
    ...rowRoutes(rows),
    ...LIVE_OPERATIONS,
  ];
}

/** The distributor documents the routes of the regions without serving one; a handler that ran would be a mistake. */
export const absent = (): Promise<never> => Promise.reject(new Error('The distributor has no stores.'));

/** The configuration database of a process that has none. */
export function absentStore(): ConfigStore {
  return { withTenant: absent, withRole: absent, ping: absent, migrate: absent, close: absent };
}
