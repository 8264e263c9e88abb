-- A territory's own metrics: a formula over parts and metrics. Every version is kept, since it says what a number meant.
CREATE TABLE custom_metrics (
  territory_id bigint NOT NULL REFERENCES territories,
  id text NOT NULL CHECK (id ~ '^custom:[a-z0-9]{1,40}$'),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  PRIMARY KEY (territory_id, id)
);

CREATE TABLE custom_metric_versions (
  territory_id bigint NOT NULL,
  metric_id text NOT NULL,
  version integer NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  PRIMARY KEY (territory_id, metric_id, version),
  FOREIGN KEY (territory_id, metric_id) REFERENCES custom_metrics (territory_id, id) ON DELETE CASCADE
);

DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY['custom_metrics', 'custom_metric_versions']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY own_territory ON %I TO lumina_app, lumina_import USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory())',
      owned);
    EXECUTE format('GRANT SELECT ON %I TO lumina_app', owned);
  END LOOP;
END
$$;

GRANT INSERT, UPDATE, DELETE ON custom_metrics TO lumina_app;
GRANT INSERT ON custom_metric_versions TO lumina_app;
