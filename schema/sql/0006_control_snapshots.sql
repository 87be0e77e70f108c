-- The control state at intervals.
-- Keeps true: a snapshot is the fold of the events 1 to position under its version of the rules, so that a process is
-- ready after reading it and the tail of the log. It saves time only: the events are what counts.

CREATE TABLE daybook.control_snapshots (
  ledger_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  rules_version integer NOT NULL,
  state bytea NOT NULL,
  digest bytea NOT NULL,
  CONSTRAINT control_snapshots_pkey PRIMARY KEY (ledger_id, rules_version, position),
  CONSTRAINT control_snapshots_position_is_positive CHECK (position > 0),
  CONSTRAINT control_snapshots_rules_version_is_positive CHECK (rules_version > 0),
  CONSTRAINT control_snapshots_digest_is_sha256 CHECK (octet_length(digest) = 32)
)
WITH (fillfactor = 100, autovacuum_freeze_min_age = 0);
-- It is compressed already.
ALTER TABLE daybook.control_snapshots ALTER COLUMN state SET STORAGE EXTERNAL;
COMMENT ON TABLE daybook.control_snapshots IS 'What the rules know at a position, for a quick start.';
COMMENT ON COLUMN daybook.control_snapshots.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.control_snapshots.position IS 'The last event that is folded in.';
COMMENT ON COLUMN daybook.control_snapshots.rules_version IS 'Version of the rules that folded it; others ignore it.';
COMMENT ON COLUMN daybook.control_snapshots.state IS 'Canonical JSON of the control state, zstd.';
COMMENT ON COLUMN daybook.control_snapshots.digest IS 'SHA-256 of the canonical JSON: the same on every machine.';
