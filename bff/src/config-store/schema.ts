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
}

/** The tables of the migrations, as Kysely sees them. */
export interface ConfigSchema {
  territories: { territory_id: number; region_id: number; name: string; time_zone: string };
  queues: NamedTable;
  teams: NamedTable;
  agents: NamedTable & { team_id: string | null };
  trunks: NamedTable;
  queue_members: {
    territory_id: number;
    queue_id: string;
    agent_id: string;
    valid_from: Instant;
    valid_to: Date | null;
  };
  ingest_keys: { hash: string; territory_id: number; label: string; created_at: Instant; revoked_at: Date | null };
  dashboards: {
    territory_id: number;
    id: string;
    title: string;
    version: Generated<number>;
    body: Json;
    updated_at: Instant;
    updated_by: string;
  };
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
  feed_positions: { shard_id: string; sequence: string; updated_at: Instant };
  widget_templates: { id: string; territory_id: number | null; title: string; body: Json };
}
