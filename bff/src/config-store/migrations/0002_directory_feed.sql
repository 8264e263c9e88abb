-- The directory is fed by the changes that the live tail carries. They may come twice and out of order: each row
-- remembers the instant of the newest change it has seen, and an older one changes nothing.
ALTER TABLE queues ADD COLUMN changed_at timestamptz, ADD COLUMN retired_at timestamptz;
ALTER TABLE teams ADD COLUMN changed_at timestamptz, ADD COLUMN retired_at timestamptz;
ALTER TABLE agents ADD COLUMN changed_at timestamptz, ADD COLUMN retired_at timestamptz;
ALTER TABLE trunks ADD COLUMN changed_at timestamptz, ADD COLUMN retired_at timestamptz;

-- How far each shard of the live tail has been applied. No territory owns it.
CREATE TABLE feed_positions (
  shard_id text PRIMARY KEY,
  sequence text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE feed_positions ENABLE ROW LEVEL SECURITY;
ALTER TABLE feed_positions FORCE ROW LEVEL SECURITY;
CREATE POLICY feed ON feed_positions TO lumina_import USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON feed_positions TO lumina_import;
