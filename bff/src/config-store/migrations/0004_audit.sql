-- Who did what in a territory. Rows are added and never changed: the application has no right to, and a trigger refuses
-- it to everybody else. Only the pruning role may remove rows, and only old ones.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lumina_prune') THEN CREATE ROLE lumina_prune NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
GRANT lumina_prune TO CURRENT_USER;

-- No reference to territories: what happened stays known when a territory is gone, and territory 0 has no row there.
CREATE TABLE audit_events (
  territory_id bigint NOT NULL CHECK (territory_id >= 0),
  -- Of the territory alone, without gaps, in the order of commits: a cursor never skips what was committed late.
  sequence bigint NOT NULL CHECK (sequence > 0),
  id text NOT NULL DEFAULT gen_random_uuid()::text,
  at timestamptz NOT NULL,
  action text NOT NULL CHECK (action ~ '^[a-z_]{1,40}$'),
  actor_sub text NOT NULL CHECK (length(actor_sub) BETWEEN 1 AND 255),
  actor_roles text[] NOT NULL,
  reason text CHECK (length(reason) <= 500),
  target_kind text CHECK (target_kind ~ '^[a-z_]{1,40}$'),
  target_id text CHECK (length(target_id) <= 255),
  detail jsonb NOT NULL DEFAULT '{}' CHECK (length(detail::text) <= 20000),
  PRIMARY KEY (territory_id, sequence),
  UNIQUE (territory_id, id),
  CHECK ((target_kind IS NULL) = (target_id IS NULL))
);
CREATE INDEX audit_events_by_time ON audit_events (territory_id, at);
CREATE INDEX audit_events_by_actor ON audit_events (territory_id, actor_sub, sequence);
CREATE INDEX audit_events_by_action ON audit_events (territory_id, action, sequence);
CREATE INDEX audit_events_by_target ON audit_events (territory_id, target_id, sequence);

-- The last sequence of each territory. Nobody is granted it; the trigger below works on it as the owner.
CREATE TABLE audit_heads (
  territory_id bigint PRIMARY KEY,
  sequence bigint NOT NULL
);

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;
-- For whoever has a grant, the owner among them: its trigger runs inside the transaction of a territory.
CREATE POLICY own_territory ON audit_events FOR SELECT USING (territory_id = current_territory());
CREATE POLICY own_acts ON audit_events FOR INSERT WITH CHECK (territory_id = current_territory());
CREATE POLICY own_territory ON audit_heads
  USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory());
CREATE POLICY old_acts_seen ON audit_events FOR SELECT TO lumina_prune USING (at < now() - interval '90 days');
CREATE POLICY old_acts_removed ON audit_events FOR DELETE TO lumina_prune USING (at < now() - interval '90 days');

GRANT SELECT ON audit_events TO lumina_app;
GRANT INSERT (territory_id, action, actor_sub, actor_roles, reason, target_kind, target_id, detail)
  ON audit_events TO lumina_app, lumina_import, lumina_prune;
GRANT SELECT, DELETE ON audit_events TO lumina_prune;

-- Order and instant are the database's own. The row of the head is locked until the commit, which makes the order of
-- sequences the order of commits; whoever records does so last in its transaction, so that two never wait in a ring.
CREATE FUNCTION stamp_audit_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NEW.territory_id IS DISTINCT FROM current_territory() THEN
    RAISE insufficient_privilege USING MESSAGE = 'an act belongs to the territory of its transaction';
  END IF;
  INSERT INTO audit_heads AS head (territory_id, sequence) VALUES (NEW.territory_id, 1)
    ON CONFLICT (territory_id) DO UPDATE SET sequence = head.sequence + 1
    RETURNING sequence INTO NEW.sequence;
  NEW.id := gen_random_uuid()::text;
  NEW.at := date_trunc('milliseconds', clock_timestamp());
  -- One visit of a super_admin is one row, however many requests it takes and whichever process they reach.
  IF NEW.action = 'act_as' AND EXISTS (
    SELECT FROM audit_events
    WHERE territory_id = NEW.territory_id AND actor_sub = NEW.actor_sub AND action = 'act_as'
      AND reason IS NOT DISTINCT FROM NEW.reason AND at > NEW.at - interval '15 minutes'
  ) THEN
    UPDATE audit_heads SET sequence = sequence - 1 WHERE territory_id = NEW.territory_id;
    RETURN NULL;
  END IF;
  RETURN NEW;
END
$$;

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'lumina_prune' THEN RETURN OLD; END IF;
  RAISE insufficient_privilege USING MESSAGE = 'the audit trail is append-only';
END
$$;

-- Resolved in this schema whatever the caller's search path, temporary objects last.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION stamp_audit_event() SET search_path = %I, pg_temp', current_schema());
END
$$;
REVOKE ALL ON FUNCTION stamp_audit_event() FROM PUBLIC;

CREATE TRIGGER audit_events_stamp BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION stamp_audit_event();
CREATE TRIGGER audit_events_keep BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_keep_all BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
