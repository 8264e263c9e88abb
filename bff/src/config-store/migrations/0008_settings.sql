-- The settings of a territory. Every version is kept, since it says by what rules numbers were told.
CREATE TABLE settings (
  territory_id bigint PRIMARY KEY REFERENCES territories,
  version integer NOT NULL CHECK (version > 0),
  -- The version that last changed what a metric means; the others leave every number as it is.
  definitions_version integer NOT NULL CHECK (definitions_version BETWEEN 0 AND version),
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL
);

CREATE TABLE settings_versions (
  territory_id bigint NOT NULL REFERENCES settings,
  version integer NOT NULL,
  definitions_version integer NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  PRIMARY KEY (territory_id, version)
);

DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY['settings', 'settings_versions']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY own_territory ON %I TO lumina_app, lumina_import USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory())',
      owned);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO lumina_app, lumina_import', owned);
  END LOOP;
END
$$;

GRANT UPDATE (version, definitions_version, body, updated_at, updated_by) ON settings TO lumina_app;
-- The zone of the settings is the zone of the territory, for whoever reads only that.
GRANT UPDATE (time_zone) ON territories TO lumina_app;
