-- Programs and hosts that a territory has registered. Of a secret only the SHA-256 is ever stored.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lumina_clients') THEN CREATE ROLE lumina_clients NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
GRANT lumina_clients TO CURRENT_USER;

CREATE TABLE clients (
  territory_id bigint NOT NULL REFERENCES territories,
  -- Names its region, so that a request without a token finds its way; unguessable, though it is no secret.
  id text NOT NULL UNIQUE CHECK (id ~ '^r[1-6]_[A-Za-z0-9_-]{22}$'),
  kind text NOT NULL CHECK (kind IN ('service', 'embed')),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  origins text[] NOT NULL CHECK (cardinality(origins) <= 20),
  permissions text[] NOT NULL CHECK (cardinality(permissions) >= 1 AND NOT 'system:read' = ANY (permissions)),
  scope jsonb,
  secret_hash text NOT NULL CHECK (secret_hash ~ '^[0-9a-f]{64}$'),
  previous_secret_hash text CHECK (previous_secret_hash ~ '^[0-9a-f]{64}$'),
  previous_secret_until timestamptz,
  -- Grows with every change, so that the sum of all versions tells that something has changed.
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (territory_id, id),
  CHECK ((previous_secret_hash IS NULL) = (previous_secret_until IS NULL))
);

ALTER TABLE clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE clients FORCE ROW LEVEL SECURITY;
CREATE POLICY own_territory ON clients TO lumina_app
  USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory());
GRANT SELECT, INSERT, UPDATE ON clients TO lumina_app;

-- Whoever checks secrets and tokens sees the clients of all territories of the region, and changes nothing.
CREATE POLICY all_clients ON clients FOR SELECT TO lumina_clients USING (true);
GRANT SELECT ON clients TO lumina_clients;
