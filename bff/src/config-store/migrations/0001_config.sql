-- Roles belong to the whole cluster, so another database may have made them already.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lumina_app') THEN CREATE ROLE lumina_app NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lumina_import') THEN CREATE ROLE lumina_import NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lumina_keys') THEN CREATE ROLE lumina_keys NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

GRANT lumina_app, lumina_import, lumina_keys TO CURRENT_USER;

CREATE FUNCTION current_territory() RETURNS bigint LANGUAGE sql STABLE
  -- After a transaction the setting reads '' and not NULL, hence nullif.
  AS $$ SELECT nullif(current_setting('app.territory_id', true), '')::bigint $$;

CREATE TABLE territories (
  territory_id bigint PRIMARY KEY CHECK (territory_id >= 0),
  region_id integer NOT NULL CHECK (region_id BETWEEN 1 AND 6),
  name text NOT NULL,
  time_zone text NOT NULL
);

CREATE TABLE queues (
  territory_id bigint NOT NULL REFERENCES territories,
  id text NOT NULL,
  name text NOT NULL,
  external_id text,
  PRIMARY KEY (territory_id, id)
);

CREATE TABLE teams (
  territory_id bigint NOT NULL REFERENCES territories,
  id text NOT NULL,
  name text NOT NULL,
  external_id text,
  PRIMARY KEY (territory_id, id)
);

CREATE TABLE agents (
  territory_id bigint NOT NULL REFERENCES territories,
  id text NOT NULL,
  name text NOT NULL,
  external_id text,
  team_id text,
  PRIMARY KEY (territory_id, id),
  FOREIGN KEY (territory_id, team_id) REFERENCES teams (territory_id, id)
);
CREATE INDEX agents_by_team ON agents (territory_id, team_id);

CREATE TABLE trunks (
  territory_id bigint NOT NULL REFERENCES territories,
  id text NOT NULL,
  name text NOT NULL,
  external_id text,
  PRIMARY KEY (territory_id, id)
);

-- Membership has validity: who left a queue still belongs to its past.
CREATE TABLE queue_members (
  territory_id bigint NOT NULL,
  queue_id text NOT NULL,
  agent_id text NOT NULL,
  valid_from timestamptz NOT NULL DEFAULT now(),
  valid_to timestamptz,
  PRIMARY KEY (territory_id, queue_id, agent_id, valid_from),
  FOREIGN KEY (territory_id, queue_id) REFERENCES queues (territory_id, id),
  FOREIGN KEY (territory_id, agent_id) REFERENCES agents (territory_id, id),
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX queue_members_open ON queue_members (territory_id, queue_id, agent_id) WHERE valid_to IS NULL;
CREATE INDEX queue_members_by_agent ON queue_members (territory_id, agent_id);

CREATE TABLE ingest_keys (
  -- Only the SHA-256 of a key is ever stored.
  hash text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
  territory_id bigint NOT NULL REFERENCES territories,
  label text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

CREATE TABLE dashboards (
  territory_id bigint NOT NULL REFERENCES territories,
  id text NOT NULL CHECK (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  title text NOT NULL,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  PRIMARY KEY (territory_id, id)
);

CREATE TABLE dashboard_versions (
  territory_id bigint NOT NULL,
  dashboard_id text NOT NULL,
  version integer NOT NULL,
  title text NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  PRIMARY KEY (territory_id, dashboard_id, version),
  FOREIGN KEY (territory_id, dashboard_id) REFERENCES dashboards (territory_id, id) ON DELETE CASCADE
);

-- A template without a territory is offered to all.
CREATE TABLE widget_templates (
  id text PRIMARY KEY,
  territory_id bigint REFERENCES territories,
  title text NOT NULL,
  body jsonb NOT NULL
);

DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY['territories', 'queues', 'teams', 'agents', 'trunks', 'queue_members', 'ingest_keys', 'dashboards', 'dashboard_versions']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY own_territory ON %I TO lumina_app, lumina_import USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory())',
      owned);
    EXECUTE format('GRANT SELECT ON %I TO lumina_app', owned);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO lumina_import', owned);
  END LOOP;
END
$$;

ALTER TABLE widget_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE widget_templates FORCE ROW LEVEL SECURITY;
CREATE POLICY own_or_shared ON widget_templates FOR SELECT TO lumina_app
  USING (territory_id IS NULL OR territory_id = current_territory());
CREATE POLICY import_any ON widget_templates TO lumina_import
  USING (territory_id IS NOT DISTINCT FROM current_territory())
  WITH CHECK (territory_id IS NOT DISTINCT FROM current_territory());
GRANT SELECT ON widget_templates TO lumina_app;
GRANT SELECT, INSERT, UPDATE ON widget_templates TO lumina_import;

GRANT INSERT, UPDATE, DELETE ON dashboards TO lumina_app;
GRANT INSERT ON dashboard_versions TO lumina_app;

-- The collector needs the keys of all territories of the region, and nothing else of them.
CREATE POLICY all_keys ON ingest_keys FOR SELECT TO lumina_keys USING (true);
CREATE POLICY all_regions ON territories FOR SELECT TO lumina_keys USING (true);
GRANT SELECT (hash, territory_id, revoked_at) ON ingest_keys TO lumina_keys;
GRANT SELECT (territory_id, region_id) ON territories TO lumina_keys;
