/** What the audit trail records; a closed list, so that a filter can offer all of it. */
export const AUDIT_ACTIONS = [
  'sign_in',
  'act_as',
  'facts_read',
  'export',
  'user_granted',
  'user_disabled',
  'user_enabled',
  'user_invited',
  'invitation_revoked',
  'scope_changed',
  'key_created',
  'key_revoked',
  'client_created',
  'client_changed',
  'client_revoked',
  'settings_changed',
  'dashboard_created',
  'dashboard_changed',
  'dashboard_deleted',
  'dashboard_restored',
  'dashboard_shared',
  'widget_template_created',
  'widget_template_changed',
  'widget_template_deleted',
  'directory_changed',
  'person_erased',
  'alert_created',
  'alert_changed',
  'alert_deleted',
  'webhook_created',
  'webhook_changed',
  'webhook_secret_replaced',
  'webhook_deleted',
  'custom_metric_created',
  'custom_metric_changed',
  'custom_metric_deleted',
  'audit_pruned',
] as const;
/** One kind of act that is recorded. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** A detail of an act: ids, counts and flags, never a name, an address, a secret or the value of a filter. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export type { AuditEntry, AuditPage } from './schemas/index.ts';
