-- What facts name and nobody has named yet stands in the directory all the same, so that it can be chosen and named.
-- Of a person whose name was erased the id stays, and when that was: nothing older may bring the name back.
ALTER TABLE queues ADD COLUMN time_zone text, ADD COLUMN unnamed boolean NOT NULL DEFAULT false;
ALTER TABLE teams ADD COLUMN time_zone text, ADD COLUMN unnamed boolean NOT NULL DEFAULT false;
ALTER TABLE trunks ADD COLUMN time_zone text, ADD COLUMN unnamed boolean NOT NULL DEFAULT false;
ALTER TABLE agents ADD COLUMN time_zone text, ADD COLUMN unnamed boolean NOT NULL DEFAULT false,
  ADD COLUMN erased_at timestamptz,
  -- Of the newest statement about which queues the agent serves.
  ADD COLUMN members_changed_at timestamptz;

CREATE INDEX queues_by_name ON queues (territory_id, name, id);
CREATE INDEX teams_by_name ON teams (territory_id, name, id);
CREATE INDEX trunks_by_name ON trunks (territory_id, name, id);
CREATE INDEX agents_by_name ON agents (territory_id, name, id);

-- Counts the changes of a territory's directory. Whoever changes one locks its row first, so that two never wait in a ring.
CREATE TABLE directory_versions (
  territory_id bigint PRIMARY KEY REFERENCES territories,
  version bigint NOT NULL CHECK (version >= 0)
);
ALTER TABLE directory_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE directory_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_territory ON directory_versions TO lumina_app, lumina_import
  USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory());
GRANT SELECT ON directory_versions TO lumina_app;
GRANT SELECT, INSERT, UPDATE ON directory_versions TO lumina_import;

CREATE FUNCTION count_directory_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO directory_versions AS known (territory_id, version)
    SELECT DISTINCT territory_id, 1 FROM changed
    ON CONFLICT (territory_id) DO UPDATE SET version = known.version + 1;
  RETURN NULL;
END
$$;

-- A change that is told again changes nothing, and when something was last said is nothing that anybody sees.
CREATE FUNCTION count_directory_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO directory_versions AS known (territory_id, version)
    SELECT DISTINCT territory_id, 1 FROM (
      SELECT territory_id, to_jsonb(changed) - 'changed_at' - 'members_changed_at' FROM changed
      EXCEPT SELECT territory_id, to_jsonb(before) - 'changed_at' - 'members_changed_at' FROM before
    ) AS altered
    ON CONFLICT (territory_id) DO UPDATE SET version = known.version + 1;
  RETURN NULL;
END
$$;

DO $$
DECLARE
  counted text;
BEGIN
  FOREACH counted IN ARRAY ARRAY['queues', 'teams', 'agents', 'trunks', 'queue_members']
  LOOP
    EXECUTE format('CREATE TRIGGER count_added AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION count_directory_rows()', counted);
    EXECUTE format('CREATE TRIGGER count_altered AFTER UPDATE ON %I REFERENCING OLD TABLE AS before NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION count_directory_changes()', counted);
    EXECUTE format('CREATE TRIGGER count_removed AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION count_directory_rows()', counted);
  END LOOP;
END
$$;
-- Only what was planned and has not begun is ever removed.
GRANT DELETE ON queue_members TO lumina_import;
