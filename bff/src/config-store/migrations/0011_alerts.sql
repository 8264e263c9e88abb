-- Alert rules, what they are at, what happened to them, and who is told. One replica of a region evaluates at a time: it
-- holds the lease, and every write of its carries the fence of that lease.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lumina_alerts') THEN CREATE ROLE lumina_alerts NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

GRANT lumina_alerts TO CURRENT_USER;

CREATE TABLE webhook_endpoints (
  territory_id bigint NOT NULL REFERENCES territories,
  id text NOT NULL CHECK (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  name text NOT NULL,
  url text NOT NULL,
  -- Signs what is sent, so it must be readable: by the evaluator's role alone.
  secret text NOT NULL,
  former_secret text,
  former_until timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  PRIMARY KEY (territory_id, id)
);

-- Whoever replaces a secret need not be able to read the one before.
CREATE FUNCTION keep_former_secret() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.secret IS DISTINCT FROM OLD.secret THEN NEW.former_secret := OLD.secret; END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER former_secret BEFORE UPDATE ON webhook_endpoints FOR EACH ROW EXECUTE FUNCTION keep_former_secret();

CREATE TABLE alert_rules (
  territory_id bigint NOT NULL REFERENCES territories,
  id text NOT NULL CHECK (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  body jsonb NOT NULL,
  -- The rows that whoever saved it could see; null is the whole territory. The rule sees no others.
  scope jsonb,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  -- Kept, so that an alert that fires is resolved and its history stays.
  deleted_at timestamptz,
  PRIMARY KEY (territory_id, id)
);

CREATE TABLE alert_rule_versions (
  territory_id bigint NOT NULL,
  rule_id text NOT NULL,
  version integer NOT NULL,
  body jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  PRIMARY KEY (territory_id, rule_id, version),
  FOREIGN KEY (territory_id, rule_id) REFERENCES alert_rules (territory_id, id)
);

CREATE TABLE alert_states (
  territory_id bigint NOT NULL,
  rule_id text NOT NULL,
  -- Transitions so far. It only grows, also over changes of the rule.
  number integer NOT NULL CHECK (number >= 0),
  fence bigint NOT NULL,
  body jsonb NOT NULL,
  PRIMARY KEY (territory_id, rule_id),
  FOREIGN KEY (territory_id, rule_id) REFERENCES alert_rules (territory_id, id)
);

CREATE TABLE alert_transitions (
  territory_id bigint NOT NULL,
  rule_id text NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  fence bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('firing', 'resolved')),
  reason text NOT NULL,
  at timestamptz NOT NULL,
  value double precision,
  rule_version integer NOT NULL,
  PRIMARY KEY (territory_id, rule_id, number),
  FOREIGN KEY (territory_id, rule_id) REFERENCES alert_rules (territory_id, id)
);

CREATE TABLE webhook_deliveries (
  -- What the receiver tells repetitions by.
  id uuid PRIMARY KEY,
  territory_id bigint NOT NULL,
  endpoint_id text NOT NULL,
  -- The order in which an endpoint is told; never leaves the database.
  position bigint GENERATED ALWAYS AS IDENTITY,
  event text NOT NULL CHECK (event IN ('alert.firing', 'alert.resolved', 'test')),
  rule_id text,
  number integer,
  body text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  error text,
  -- One message per transition, whoever tries to write it.
  UNIQUE (territory_id, rule_id, number),
  FOREIGN KEY (territory_id, endpoint_id) REFERENCES webhook_endpoints (territory_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (territory_id, endpoint_id, position) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (territory_id, endpoint_id, position);

CREATE TABLE alert_leases (
  name text PRIMARY KEY,
  holder text NOT NULL,
  -- One more at each change of hands: what the one before still writes is refused.
  fence bigint NOT NULL,
  expires_at timestamptz NOT NULL
);

DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY['webhook_endpoints', 'alert_rules', 'alert_rule_versions', 'alert_states', 'alert_transitions', 'webhook_deliveries']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY own_territory ON %I TO lumina_app USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory())',
      owned);
  END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE ON alert_rules TO lumina_app;
GRANT SELECT, INSERT ON alert_rule_versions TO lumina_app;
GRANT SELECT ON alert_states, alert_transitions TO lumina_app;
-- The application writes secrets and never reads one.
GRANT SELECT (territory_id, id, version, name, url, former_until, updated_at, updated_by) ON webhook_endpoints TO lumina_app;
GRANT INSERT, UPDATE, DELETE ON webhook_endpoints TO lumina_app;
GRANT SELECT, INSERT ON webhook_deliveries TO lumina_app;

-- The evaluator reads the rules of all territories of the region; it writes of one at a time, and only what follows from them.
CREATE POLICY evaluator_reads ON alert_rules FOR SELECT TO lumina_alerts USING (true);
CREATE POLICY evaluator_reads ON alert_states FOR SELECT TO lumina_alerts USING (true);
CREATE POLICY evaluator_reads ON webhook_endpoints FOR SELECT TO lumina_alerts USING (true);
CREATE POLICY evaluator_reads ON webhook_deliveries FOR SELECT TO lumina_alerts USING (true);
CREATE POLICY evaluator_adds ON alert_states FOR INSERT TO lumina_alerts WITH CHECK (territory_id = current_territory());
CREATE POLICY evaluator_changes ON alert_states FOR UPDATE TO lumina_alerts
  USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory());
CREATE POLICY evaluator_adds ON alert_transitions FOR INSERT TO lumina_alerts WITH CHECK (territory_id = current_territory());
CREATE POLICY evaluator_adds ON webhook_deliveries FOR INSERT TO lumina_alerts WITH CHECK (territory_id = current_territory());
CREATE POLICY evaluator_changes ON webhook_deliveries FOR UPDATE TO lumina_alerts
  USING (territory_id = current_territory()) WITH CHECK (territory_id = current_territory());
-- What was told long ago is forgotten; what still waits never is.
CREATE POLICY evaluator_forgets ON webhook_deliveries FOR DELETE TO lumina_alerts
  USING (status <> 'pending' AND created_at < now() - interval '30 days');
GRANT SELECT ON alert_rules, webhook_endpoints TO lumina_alerts;
GRANT SELECT, INSERT, UPDATE ON alert_states TO lumina_alerts;
GRANT INSERT ON alert_transitions TO lumina_alerts;
GRANT SELECT, INSERT, DELETE ON webhook_deliveries TO lumina_alerts;
GRANT UPDATE (status, attempts, next_attempt_at, error) ON webhook_deliveries TO lumina_alerts;

ALTER TABLE alert_leases ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_leases FORCE ROW LEVEL SECURITY;
CREATE POLICY evaluator ON alert_leases TO lumina_alerts USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON alert_leases TO lumina_alerts;
