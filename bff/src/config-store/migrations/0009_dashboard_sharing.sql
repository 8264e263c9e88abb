-- Who owns, sees and changes a board. Boards from before keep what they had: everyone in the territory sees them and
-- every editor changes them. Without an owner it is whoever saved it last, as a process of the former release leaves it.
ALTER TABLE dashboards
  ADD COLUMN owner_sub text,
  ADD COLUMN folder text NOT NULL DEFAULT '',
  ADD COLUMN visibility text NOT NULL DEFAULT 'territory' CHECK (visibility IN ('private', 'groups', 'territory')),
  ADD COLUMN everyone_may text NOT NULL DEFAULT 'edit' CHECK (everyone_may IN ('view', 'edit')),
  ADD COLUMN is_template boolean NOT NULL DEFAULT false,
  ADD COLUMN deleted_at timestamptz,
  ADD COLUMN deleted_by text;
CREATE INDEX dashboards_by_title ON dashboards (territory_id, title, id);

CREATE TABLE dashboard_grants (
  territory_id bigint NOT NULL,
  dashboard_id text NOT NULL,
  grantee_kind text NOT NULL CHECK (grantee_kind IN ('user', 'team', 'role')),
  grantee text NOT NULL,
  may text NOT NULL CHECK (may IN ('view', 'edit')),
  PRIMARY KEY (territory_id, dashboard_id, grantee_kind, grantee),
  FOREIGN KEY (territory_id, dashboard_id) REFERENCES dashboards (territory_id, id) ON DELETE CASCADE
);

-- What was refused because somebody had saved in the meantime: its author can still take it up again.
CREATE TABLE dashboard_drafts (
  territory_id bigint NOT NULL,
  dashboard_id text NOT NULL,
  id text NOT NULL,
  base_version integer NOT NULL CHECK (base_version > 0),
  title text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  author text NOT NULL,
  PRIMARY KEY (territory_id, dashboard_id, id),
  FOREIGN KEY (territory_id, dashboard_id) REFERENCES dashboards (territory_id, id) ON DELETE CASCADE
);

CREATE TABLE preferences (
  territory_id bigint NOT NULL REFERENCES territories,
  sub text NOT NULL,
  body jsonb NOT NULL CHECK (pg_column_size(body) <= 16384),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (territory_id, sub)
);

DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY['dashboard_grants', 'dashboard_drafts', 'preferences']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO lumina_app', owned);
  END LOOP;
  FOREACH owned IN ARRAY ARRAY['dashboard_grants', 'dashboard_drafts']
  LOOP
    EXECUTE format(
      'CREATE POLICY own_territory ON %I TO lumina_app USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory())',
      owned);
  END LOOP;
END
$$;

-- Preferences are one person's: the transaction names them too.
CREATE POLICY own_preferences ON preferences TO lumina_app
  USING (territory_id = current_territory() AND sub = current_setting('app.sub', true))
  WITH CHECK (territory_id = current_territory() AND sub = current_setting('app.sub', true));

-- Templates of a territory are its editors'; those without a territory stay as the platform gives them.
ALTER TABLE widget_templates
  ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN updated_by text NOT NULL DEFAULT 'import';
CREATE POLICY own_added ON widget_templates FOR INSERT TO lumina_app WITH CHECK (territory_id = current_territory());
CREATE POLICY own_changed ON widget_templates FOR UPDATE TO lumina_app
  USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory());
CREATE POLICY own_removed ON widget_templates FOR DELETE TO lumina_app USING (territory_id = current_territory());
GRANT INSERT, UPDATE, DELETE ON widget_templates TO lumina_app;
