-- Administrators make and revoke the ingest keys of their territory. A key is named by an id that gives nothing away.
ALTER TABLE ingest_keys
  ADD COLUMN id text NOT NULL DEFAULT gen_random_uuid()::text,
  ADD COLUMN created_by text,
  ADD COLUMN revoked_by text;
ALTER TABLE ingest_keys ADD CONSTRAINT ingest_keys_by_id UNIQUE (territory_id, id);

GRANT INSERT (territory_id, hash, label, created_by) ON ingest_keys TO lumina_app;
GRANT UPDATE (revoked_at, revoked_by) ON ingest_keys TO lumina_app;
-- What is revoked stays so: no statement of the application brings a key back.
CREATE POLICY revoked_for_good ON ingest_keys AS RESTRICTIVE FOR UPDATE TO lumina_app
  USING (revoked_at IS NULL) WITH CHECK (revoked_at IS NOT NULL);
-- An import adds keys and has never changed one.
REVOKE UPDATE ON ingest_keys FROM lumina_import;

-- Every process compares the schema with what it needs before it answers. These tables belong to no territory.
ALTER TABLE kysely_migration ENABLE ROW LEVEL SECURITY;
ALTER TABLE kysely_migration FORCE ROW LEVEL SECURITY;
CREATE POLICY schema_version ON kysely_migration USING (true) WITH CHECK (true);
ALTER TABLE kysely_migration_lock ENABLE ROW LEVEL SECURITY;
ALTER TABLE kysely_migration_lock FORCE ROW LEVEL SECURITY;
CREATE POLICY schema_version ON kysely_migration_lock USING (true) WITH CHECK (true);
GRANT SELECT ON kysely_migration TO lumina_app;
