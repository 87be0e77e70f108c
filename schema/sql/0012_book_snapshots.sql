-- Books at intervals.
-- Keeps true: a snapshot is the rows of one build of a book for one ledger, exactly as the events 1 to position make them:
-- it is written in the transaction that moved the build's cursor to that position. It saves time only: a replay that
-- finds none, or none that gives its own digest, folds more of the log. Books hold tokens, never names, so an erasure
-- has nothing to reach here.

CREATE TABLE daybook.book_snapshots (
  ledger_id text COLLATE "C" NOT NULL,
  projection text COLLATE "C" NOT NULL,
  build integer NOT NULL,
  position bigint NOT NULL,
  definition_checksum text COLLATE "C" NOT NULL,
  tables jsonb NOT NULL,
  content bytea NOT NULL,
  digest bytea NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT book_snapshots_pkey PRIMARY KEY (ledger_id, projection, build, position),
  CONSTRAINT book_snapshots_position_is_positive CHECK (position > 0),
  CONSTRAINT book_snapshots_build_is_positive CHECK (build > 0),
  CONSTRAINT book_snapshots_content_is_bounded CHECK (octet_length(content) <= 268435456),
  CONSTRAINT book_snapshots_definition_checksum_is_sha256 CHECK (definition_checksum ~ '^[0-9a-f]{64}$'),
  CONSTRAINT book_snapshots_digest_is_sha256 CHECK (octet_length(digest) = 32)
)
WITH (fillfactor = 100, autovacuum_freeze_min_age = 0);
-- It is compressed already.
ALTER TABLE daybook.book_snapshots ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE daybook.book_snapshots IS 'Books as they stood at a position, so that a replay folds only what follows.';
COMMENT ON COLUMN daybook.book_snapshots.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.book_snapshots.projection IS 'The book.';
COMMENT ON COLUMN daybook.book_snapshots.build IS 'The build of it that was copied.';
COMMENT ON COLUMN daybook.book_snapshots.position IS 'The last event that is posted in it.';
COMMENT ON COLUMN daybook.book_snapshots.definition_checksum IS 'SHA-256 (hex) of what decided the rows; others ignore it.';
COMMENT ON COLUMN daybook.book_snapshots.tables IS
  'What the content holds, in order: [{name, columns, rows, bytes}].';
COMMENT ON COLUMN daybook.book_snapshots.content IS 'The rows of each table as COPY''s text form, one after the other, zstd.';
COMMENT ON COLUMN daybook.book_snapshots.digest IS
  'SHA-256 of the canonical JSON of ledger, projection, definition, position, tables and the SHA-256 of the content before compression.';
COMMENT ON COLUMN daybook.book_snapshots.taken_at IS 'When it was taken.';

CREATE FUNCTION daybook.refuse_removal_of_needed_snapshots() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
  IF NOT EXISTS (
    SELECT
    FROM daybook.projections AS p
    WHERE p.projection = OLD.projection AND p.build = OLD.build AND p.state <> 'retired'
  ) OR EXISTS (
    SELECT
    FROM daybook.book_snapshots AS newer
    WHERE newer.ledger_id = OLD.ledger_id
      AND newer.projection = OLD.projection
      AND newer.build = OLD.build
      AND newer.position > OLD.position
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = 'DB001',
    MESSAGE = format('the newest snapshot of build %s of %I is needed: DELETE is refused', OLD.build, OLD.projection),
    HINT = 'Snapshots of retired builds, and all but the newest one of others, can be removed.',
    SCHEMA = TG_TABLE_SCHEMA,
    TABLE = TG_TABLE_NAME;
END
$$;
COMMENT ON FUNCTION daybook.refuse_removal_of_needed_snapshots() IS
  'Lets snapshots of retired builds go, and all but the newest one of the others; else DB001 append_only.';

CREATE TRIGGER book_snapshots_refuse_change BEFORE UPDATE OR TRUNCATE ON daybook.book_snapshots
FOR EACH STATEMENT EXECUTE FUNCTION daybook.refuse_change();
COMMENT ON TRIGGER book_snapshots_refuse_change ON daybook.book_snapshots IS 'Snapshots are never changed.';

CREATE TRIGGER book_snapshots_refuse_removal BEFORE DELETE ON daybook.book_snapshots
FOR EACH ROW EXECUTE FUNCTION daybook.refuse_removal_of_needed_snapshots();
COMMENT ON TRIGGER book_snapshots_refuse_removal ON daybook.book_snapshots IS
  'The newest snapshot of a build that serves stays.';

ALTER TABLE daybook.book_snapshots ENABLE ALWAYS TRIGGER book_snapshots_refuse_change;
ALTER TABLE daybook.book_snapshots ENABLE ALWAYS TRIGGER book_snapshots_refuse_removal;

-- The projector takes them, reads them for replays and thins them out.
GRANT SELECT, INSERT, DELETE ON daybook.book_snapshots TO daybook_projector;
GRANT SELECT ON daybook.book_snapshots TO daybook_auditor;
