-- The register of people: who was seen in a territory, what its administrators grant them, and what every process must
-- learn of at once. The only table with personal data of people who sign in is `people`.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lumina_access') THEN CREATE ROLE lumina_access NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
GRANT lumina_access TO CURRENT_USER;

-- No reference to territories: the identity provider may send people before a territory has a directory.
CREATE TABLE people (
  territory_id bigint NOT NULL CHECK (territory_id >= 0),
  sub text NOT NULL CHECK (length(sub) BETWEEN 1 AND 255),
  source text NOT NULL CHECK (source IN ('token', 'invitation', 'grant')),
  added_at timestamptz NOT NULL DEFAULT now(),
  first_seen_at timestamptz,
  last_seen_at timestamptz,
  last_sign_in_at timestamptz,
  -- What the newest token said: rights that hold where no grant says otherwise.
  token_roles text[],
  token_scope jsonb,
  -- Personal data, as the tokens or the invitation had it.
  name text CHECK (length(name) <= 200),
  email text CHECK (length(email) <= 320),
  erased_at timestamptz,
  PRIMARY KEY (territory_id, sub),
  CHECK (erased_at IS NULL OR (name IS NULL AND email IS NULL))
);

-- Sessions whose sign-in is on record, so that each is recorded once, whichever process sees it.
CREATE TABLE person_sessions (
  territory_id bigint NOT NULL,
  sub text NOT NULL,
  signed_in_at timestamptz NOT NULL,
  PRIMARY KEY (territory_id, sub, signed_in_at),
  FOREIGN KEY (territory_id, sub) REFERENCES people (territory_id, sub) ON DELETE CASCADE
);

CREATE TABLE access_grants (
  territory_id bigint NOT NULL,
  sub text NOT NULL,
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  -- Null: what the token says. A territory never makes a super_admin.
  roles text[] CHECK (cardinality(roles) BETWEEN 1 AND 3 AND roles <@ ARRAY['viewer', 'editor', 'admin']),
  scope jsonb,
  disabled_at timestamptz,
  -- Tokens issued before are no longer good.
  valid_from timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  PRIMARY KEY (territory_id, sub),
  FOREIGN KEY (territory_id, sub) REFERENCES people (territory_id, sub) ON DELETE CASCADE
);

CREATE TABLE invitations (
  territory_id bigint NOT NULL,
  id text NOT NULL DEFAULT gen_random_uuid()::text,
  sub text NOT NULL,
  invited_at timestamptz NOT NULL DEFAULT now(),
  invited_by text NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (territory_id, id),
  FOREIGN KEY (territory_id, sub) REFERENCES people (territory_id, sub) ON DELETE CASCADE
);
CREATE INDEX invitations_by_person ON invitations (territory_id, sub);

-- Whose rights changed; every process of the region reads on from the last one that it knows.
CREATE TABLE access_changes (
  sequence bigint PRIMARY KEY,
  territory_id bigint NOT NULL,
  -- A person, or a client as `client|<id>`.
  sub text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX access_changes_by_territory ON access_changes (territory_id, changed_at);

-- The last sequence of the region: one row, worked on by the trigger below alone.
CREATE TABLE access_head (
  id integer PRIMARY KEY CHECK (id = 1),
  sequence bigint NOT NULL
);
INSERT INTO access_head (id, sequence) VALUES (1, 0);

DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY['people', 'person_sessions', 'access_grants', 'invitations', 'access_changes']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY own_territory ON %I TO lumina_app USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory())',
      owned);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO lumina_app', owned);
  END LOOP;
END
$$;
GRANT UPDATE ON people, access_grants, invitations TO lumina_app;
GRANT DELETE ON person_sessions, access_changes TO lumina_app;

ALTER TABLE access_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_head FORCE ROW LEVEL SECURITY;
-- For the owner, as whom the trigger runs, and for whoever may read how far the sequence is.
CREATE POLICY region ON access_head USING (true) WITH CHECK (true);

-- A process must hear of all territories of its region, and nothing but whose rights changed.
CREATE POLICY whole_region ON access_changes FOR SELECT TO lumina_access USING (true);
GRANT SELECT (sequence, territory_id, sub) ON access_changes TO lumina_access;
GRANT SELECT ON access_head TO lumina_access;

-- The row of the head stays locked until the commit, so the order of sequences is the order of commits and a reader
-- never passes over a change that was committed late.
CREATE FUNCTION stamp_access_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  UPDATE access_head SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence INTO NEW.sequence;
  RETURN NEW;
END
$$;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION stamp_access_change() SET search_path = %I, pg_temp', current_schema());
END
$$;
REVOKE ALL ON FUNCTION stamp_access_change() FROM PUBLIC;
CREATE TRIGGER access_changes_stamp BEFORE INSERT ON access_changes
  FOR EACH ROW EXECUTE FUNCTION stamp_access_change();
