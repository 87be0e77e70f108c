-- What the notary keeps: signed checkpoints with cosignatures, full tiles of the tree, and the halts of ledgers.
-- Keeps true: nothing here is ever changed. A checkpoint is also in a file outside this database, fsynced before its row
-- was written, and the key that signs is outside too: whoever changes the log together with these tables is found out by
-- the file, by witnesses, and by anybody who holds an older checkpoint.

CREATE TABLE daybook.checkpoint_series (
  ledger_id text COLLATE "C" NOT NULL,
  series integer NOT NULL,
  origin text COLLATE "C" NOT NULL,
  verifier_key text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  started_at timestamptz NOT NULL,
  CONSTRAINT checkpoint_series_pkey PRIMARY KEY (ledger_id, series),
  CONSTRAINT checkpoint_series_is_positive CHECK (series > 0)
);
COMMENT ON TABLE daybook.checkpoint_series IS
  'Under which name and key each ledger''s checkpoints are signed. A new series starts only where a person accepted that the log is no continuation of what was signed.';
COMMENT ON COLUMN daybook.checkpoint_series.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.checkpoint_series.series IS 'Counts the series of the ledger, from 1.';
COMMENT ON COLUMN daybook.checkpoint_series.origin IS 'The log''s name: first line of its checkpoints and name of its key.';
COMMENT ON COLUMN daybook.checkpoint_series.verifier_key IS 'The key that verifies them: name+id+base64 (c2sp.org/signed-note).';
COMMENT ON COLUMN daybook.checkpoint_series.reason IS 'Why it was started, for people.';
COMMENT ON COLUMN daybook.checkpoint_series.started_at IS 'When it was started, by the notary''s clock.';

CREATE TABLE daybook.checkpoints (
  ledger_id text COLLATE "C" NOT NULL,
  series integer NOT NULL,
  position bigint NOT NULL,
  root bytea NOT NULL,
  note bytea NOT NULL,
  signed_at timestamptz NOT NULL,
  CONSTRAINT checkpoints_pkey PRIMARY KEY (ledger_id, series, position),
  CONSTRAINT checkpoints_position_is_positive CHECK (position > 0),
  CONSTRAINT checkpoints_root_is_sha256 CHECK (octet_length(root) = 32)
)
WITH (fillfactor = 100, autovacuum_freeze_min_age = 0);
COMMENT ON TABLE daybook.checkpoints IS 'What the notary signed: size and root of each ledger''s tree, as notes.';
COMMENT ON COLUMN daybook.checkpoints.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.checkpoints.series IS 'The series that it belongs to.';
COMMENT ON COLUMN daybook.checkpoints.position IS 'The tree''s size: it covers the events 1 to position.';
COMMENT ON COLUMN daybook.checkpoints.root IS 'The root hash of the tree, 32 bytes.';
COMMENT ON COLUMN daybook.checkpoints.note IS 'The checkpoint with the log''s signature, UTF-8 (c2sp.org/tlog-checkpoint).';
COMMENT ON COLUMN daybook.checkpoints.signed_at IS 'When it was signed, by the notary''s clock.';

CREATE TABLE daybook.cosignatures (
  ledger_id text COLLATE "C" NOT NULL,
  series integer NOT NULL,
  position bigint NOT NULL,
  witness text COLLATE "C" NOT NULL,
  line text COLLATE "C" NOT NULL,
  received_at timestamptz NOT NULL,
  CONSTRAINT cosignatures_pkey PRIMARY KEY (ledger_id, series, position, witness)
)
WITH (fillfactor = 100, autovacuum_freeze_min_age = 0);
CREATE INDEX cosignatures_of_witness ON daybook.cosignatures (ledger_id, witness, series, position);
COMMENT ON TABLE daybook.cosignatures IS 'What witnesses signed: that a checkpoint continues all that they saw before.';
COMMENT ON COLUMN daybook.cosignatures.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.cosignatures.series IS 'The checkpoint''s series.';
COMMENT ON COLUMN daybook.cosignatures.position IS 'The checkpoint''s position.';
COMMENT ON COLUMN daybook.cosignatures.witness IS 'The witness''s verifier key: name+id+base64.';
COMMENT ON COLUMN daybook.cosignatures.line IS 'The signature line with its newline (c2sp.org/tlog-cosignature).';
COMMENT ON COLUMN daybook.cosignatures.received_at IS 'When it was received and verified, by the notary''s clock.';

CREATE TABLE daybook.tiles (
  ledger_id text COLLATE "C" NOT NULL,
  level integer NOT NULL,
  tile bigint NOT NULL,
  revision integer NOT NULL,
  root bytea NOT NULL,
  hashes bytea NOT NULL,
  CONSTRAINT tiles_pkey PRIMARY KEY (ledger_id, level, tile, revision),
  CONSTRAINT tiles_level_is_known CHECK (level BETWEEN 0 AND 7),
  CONSTRAINT tiles_tile_is_not_negative CHECK (tile >= 0),
  CONSTRAINT tiles_revision_is_positive CHECK (revision > 0),
  CONSTRAINT tiles_root_is_sha256 CHECK (octet_length(root) = 32),
  CONSTRAINT tiles_are_full CHECK (octet_length(hashes) = 8192)
)
WITH (fillfactor = 100, autovacuum_freeze_min_age = 0);
-- Hashes do not compress.
ALTER TABLE daybook.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
COMMENT ON TABLE daybook.tiles IS
  'The full tiles of each ledger''s tree (c2sp.org/tlog-tiles): a projection of the events, so that no proof scans the log.';
COMMENT ON COLUMN daybook.tiles.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.tiles.level IS '0: leaf hashes; above, each hash is the root of a tile of the level below.';
COMMENT ON COLUMN daybook.tiles.tile IS 'Place among the tiles of the level, from 0.';
COMMENT ON COLUMN daybook.tiles.revision IS
  'The highest one counts. There is a second one only where a tile was found to differ from the events.';
COMMENT ON COLUMN daybook.tiles.root IS 'The root over the tile''s hashes, which is one hash of the level above.';
COMMENT ON COLUMN daybook.tiles.hashes IS '256 hashes of 32 bytes.';

CREATE TABLE daybook.halts (
  ledger_id text COLLATE "C" NOT NULL,
  halt integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  stops_appends boolean NOT NULL,
  position bigint NOT NULL,
  signed_position bigint NOT NULL,
  log_position bigint NOT NULL,
  detail text NOT NULL,
  halted_at timestamptz NOT NULL,
  CONSTRAINT halts_pkey PRIMARY KEY (ledger_id, halt),
  CONSTRAINT halts_kind_is_known CHECK (kind IN ('shrunk', 'forked', 'altered', 'key', 'record'))
);
COMMENT ON TABLE daybook.halts IS
  'When and why the notary refused to go on signing a ledger. A halt without a row in halt_ends is open.';
COMMENT ON COLUMN daybook.halts.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.halts.halt IS 'Counts the halts of the ledger, from 1.';
COMMENT ON COLUMN daybook.halts.kind IS
  'shrunk: the log ends before what was signed; forked: its entries give another root; altered: an entry behind it changed; key: another key than the one that signed; record: the kept checkpoints contradict each other.';
COMMENT ON COLUMN daybook.halts.stops_appends IS 'While it is open, nothing is appended: what came next would grow on another tree than was signed.';
COMMENT ON COLUMN daybook.halts.position IS 'The first position at fault, as far as it is known; else 0.';
COMMENT ON COLUMN daybook.halts.signed_position IS 'The last position that was signed; 0: none.';
COMMENT ON COLUMN daybook.halts.log_position IS 'The last position of the log at that time.';
COMMENT ON COLUMN daybook.halts.detail IS 'What was found, for people; no payload.';
COMMENT ON COLUMN daybook.halts.halted_at IS 'When, by the notary''s clock.';

CREATE TABLE daybook.halt_ends (
  ledger_id text COLLATE "C" NOT NULL,
  halt integer NOT NULL,
  is_accepted boolean NOT NULL,
  reason text NOT NULL,
  ended_at timestamptz NOT NULL,
  CONSTRAINT halt_ends_pkey PRIMARY KEY (ledger_id, halt)
);
COMMENT ON TABLE daybook.halt_ends IS 'How halts ended: the log agreed again, or a person accepted what it is.';
COMMENT ON COLUMN daybook.halt_ends.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.halt_ends.halt IS 'The halt.';
COMMENT ON COLUMN daybook.halt_ends.is_accepted IS 'True: a person accepted what was found. False: it was mended.';
COMMENT ON COLUMN daybook.halt_ends.reason IS 'How, for people.';
COMMENT ON COLUMN daybook.halt_ends.ended_at IS 'When, by the notary''s clock.';

DO $$
DECLARE
  table_name text;
BEGIN
  FOREACH table_name IN ARRAY
    ARRAY['checkpoint_series', 'checkpoints', 'cosignatures', 'tiles', 'halts', 'halt_ends'] LOOP
    EXECUTE format(
      'CREATE TRIGGER %1$I BEFORE UPDATE OR DELETE OR TRUNCATE ON daybook.%2$I '
        'FOR EACH STATEMENT EXECUTE FUNCTION daybook.refuse_change()', table_name || '_refuse_change', table_name);
    EXECUTE format(
      'COMMENT ON TRIGGER %1$I ON daybook.%2$I IS %3$L', table_name || '_refuse_change', table_name,
      'What the notary wrote is never changed or removed.');
    EXECUTE format(
      'ALTER TABLE daybook.%2$I ENABLE ALWAYS TRIGGER %1$I', table_name || '_refuse_change', table_name);
  END LOOP;
END
$$;

-- The notary reads entries, never payloads, and adds to its own tables. Roles belong to the whole cluster, so several
-- databases may be making it at this moment.
DO $$
DECLARE
  attempt integer := 0;
BEGIN
  LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'daybook_notary') THEN
        CREATE ROLE daybook_notary NOLOGIN;
      END IF;
      IF NOT EXISTS (
        SELECT
        FROM pg_auth_members
        WHERE roleid = (SELECT oid FROM pg_roles WHERE rolname = 'daybook_notary')
          AND member = (SELECT oid FROM pg_roles WHERE rolname = current_user)
      ) THEN
        GRANT daybook_notary TO CURRENT_USER;
      END IF;
      EXIT;
    EXCEPTION
      -- Another database was quicker. internal_error is "tuple concurrently updated".
      WHEN duplicate_object OR unique_violation OR undefined_object OR internal_error THEN
        attempt := attempt + 1;
        IF attempt > 100 THEN
          RAISE;
        END IF;
        PERFORM pg_sleep(0.01 + 0.04 * random());
    END;
  END LOOP;
END
$$;

GRANT USAGE ON SCHEMA daybook TO daybook_notary;
GRANT SELECT ON daybook.schema_migrations, daybook.ledgers, daybook.seals TO daybook_notary;
GRANT SELECT (
  ledger_id,
  position,
  id,
  source,
  type,
  type_version,
  subject,
  sequence,
  occurred_at,
  recorded_at,
  actor,
  actor_kind,
  correlation_id,
  causation_id,
  traceparent,
  payload_hash
) ON daybook.events TO daybook_notary;
GRANT SELECT, INSERT ON
  daybook.checkpoint_series,
  daybook.checkpoints,
  daybook.cosignatures,
  daybook.tiles,
  daybook.halts,
  daybook.halt_ends
TO daybook_notary;
-- Auditors read it all; writers look whether they may go on.
GRANT SELECT ON
  daybook.checkpoint_series,
  daybook.checkpoints,
  daybook.cosignatures,
  daybook.tiles,
  daybook.halts,
  daybook.halt_ends
TO daybook_auditor;
GRANT SELECT ON daybook.halts, daybook.halt_ends TO daybook_writer;
