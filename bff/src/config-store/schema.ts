import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

type Instant = ColumnType<Date, Date | undefined, Date>;
/** Written as JSON text, read as a value. */
type Json = ColumnType<unknown, string, string>;

interface NamedTable {
  territory_id: number;
  id: string;
  name: string;
  external_id: string | null;
  /** Of the newest change that the live tail told. */
  changed_at: Date | null;
  retired_at: Date | null;
  time_zone: string | null;
  /** Met in facts only; the name is the id. */
  unnamed: Generated<boolean>;
}

/** The tables of the migrations, as Kysely sees them. */
export interface ConfigSchema {
  territories: { territory_id: number; region_id: number; name: string; time_zone: string };
  queues: NamedTable;
  teams: NamedTable;
  agents: NamedTable & { team_id: string | null; erased_at: Date | null; members_changed_at: Date | null };
  directory_versions: { territory_id: number; version: number };
  trunks: NamedTable;
  queue_members: {
    territory_id: number;
    queue_id: string;
    agent_id: string;
    valid_from: Instant;
    valid_to: Date | null;
  };
  ingest_keys: {
    hash: string;
    territory_id: number;
    id: Generated<string>;
    label: string;
    created_at: Instant;
    created_by: string | null;
    revoked_at: Date | null;
    revoked_by: string | null;
  };
  dashboards: {
    territory_id: number;
    id: string;
    title: string;
    version: Generated<number>;
    body: Json;
    updated_at: Instant;
    updated_by: string;
    /** Null: whoever saved it last. */
    owner_sub: string | null;
    folder: Generated<string>;
    visibility: Generated<'private' | 'groups' | 'territory'>;
    everyone_may: Generated<'view' | 'edit'>;
    is_template: Generated<boolean>;
    deleted_at: Date | null;
    deleted_by: string | null;
  };
  dashboard_grants: {
    territory_id: number;
    dashboard_id: string;
    grantee_kind: 'user' | 'team' | 'role';
    grantee: string;
    may: 'view' | 'edit';
  };
  dashboard_drafts: {
    territory_id: number;
    dashboard_id: string;
    id: string;
    base_version: number;
    title: string;
    body: Json;
    created_at: Instant;
    author: string;
  };
  /** Seen only where the transaction names the person (`app.sub`). */
  preferences: { territory_id: number; sub: string; body: Json; updated_at: Instant };
  dashboard_versions: {
    territory_id: number;
    dashboard_id: string;
    version: number;
    title: string;
    body: Json;
    updated_at: Date;
    updated_by: string;
  };
  custom_metrics: {
    territory_id: number;
    id: string;
    version: Generated<number>;
    body: Json;
    updated_at: Instant;
    updated_by: string;
  };
  custom_metric_versions: {
    territory_id: number;
    metric_id: string;
    version: number;
    body: Json;
    updated_at: Date;
    updated_by: string;
  };
  /** Append-only; order, id and instant are the database's own. */
  audit_events: {
    territory_id: number;
    sequence: GeneratedAlways<number>;
    id: GeneratedAlways<string>;
    at: GeneratedAlways<Date>;
    action: string;
    actor_sub: string;
    actor_roles: string[];
    reason: string | null;
    target_kind: string | null;
    target_id: string | null;
    detail: Json;
  };
  /** The secrets are the evaluator's alone to read. */
  webhook_endpoints: {
    territory_id: number;
    id: string;
    version: Generated<number>;
    name: string;
    url: string;
    secret: string;
    former_secret: string | null;
    former_until: Date | null;
    updated_at: Instant;
    updated_by: string;
  };
  alert_rules: {
    territory_id: number;
    id: string;
    version: Generated<number>;
    body: Json;
    scope: ColumnType<unknown, string | null, string | null>;
    updated_at: Instant;
    updated_by: string;
    deleted_at: Date | null;
  };
  alert_rule_versions: {
    territory_id: number;
    rule_id: string;
    version: number;
    body: Json;
    updated_at: Date;
    updated_by: string;
  };
  alert_states: { territory_id: number; rule_id: string; number: number; fence: number; body: Json };
  /** Append-only. */
  alert_transitions: {
    territory_id: number;
    rule_id: string;
    number: number;
    fence: number;
    kind: 'firing' | 'resolved';
    reason: string;
    at: Date;
    value: number | null;
    rule_version: number;
  };
  webhook_deliveries: {
    id: string;
    territory_id: number;
    endpoint_id: string;
    position: Generated<number>;
    event: 'alert.firing' | 'alert.resolved' | 'test';
    rule_id: string | null;
    number: number | null;
    body: string;
    status: Generated<'pending' | 'delivered' | 'dead'>;
    attempts: Generated<number>;
    created_at: Instant;
    next_attempt_at: Instant;
    error: string | null;
  };
  alert_leases: { name: string; holder: string; fence: number; expires_at: Date };
  settings: {
    territory_id: number;
    version: number;
    definitions_version: number;
    body: Json;
    updated_at: Instant;
    updated_by: string;
  };
  settings_versions: {
    territory_id: number;
    version: number;
    definitions_version: number;
    body: Json;
    updated_at: Date;
    updated_by: string;
  };
  clients: {
    territory_id: number;
    id: string;
    kind: 'service' | 'embed';
    name: string;
    origins: string[];
    permissions: string[];
    scope: ColumnType<unknown, string | null, string | null>;
    secret_hash: string;
    previous_secret_hash: string | null;
    previous_secret_until: Date | null;
    version: Generated<number>;
    created_at: Instant;
    updated_at: Instant;
    updated_by: string;
    revoked_at: Date | null;
  };
  feed_positions: { shard_id: string; sequence: string; updated_at: Instant };
  widget_templates: {
    id: string;
    territory_id: number | null;
    title: string;
    body: Json;
    version: Generated<number>;
    updated_at: Instant;
    updated_by: Generated<string>;
  };
  people: {
    territory_id: number;
    sub: string;
    source: 'token' | 'invitation' | 'grant';
    added_at: Instant;
    first_seen_at: Date | null;
    last_seen_at: Date | null;
    last_sign_in_at: Date | null;
    token_roles: string[] | null;
    token_scope: Json | null;
    name: string | null;
    email: string | null;
    erased_at: Date | null;
  };
  person_sessions: { territory_id: number; sub: string; signed_in_at: Date };
  access_grants: {
    territory_id: number;
    sub: string;
    version: Generated<number>;
    roles: string[] | null;
    scope: Json | null;
    disabled_at: Date | null;
    valid_from: Date | null;
    updated_at: Instant;
    updated_by: string;
  };
  invitations: {
    territory_id: number;
    id: Generated<string>;
    sub: string;
    invited_at: Instant;
    invited_by: string;
    expires_at: Date;
    revoked_at: Date | null;
  };
  /** The sequence is the trigger's. */
  access_changes: { sequence: GeneratedAlways<number>; territory_id: number; sub: string; changed_at: Instant };
  access_head: { id: number; sequence: number };
}
