-- The two schemas, and the record of what this database has been through.
-- Keeps true: every file under schema/sql that was applied here is known by number, name and checksum, so a file that
-- was changed afterwards, or a database newer than the program, is noticed before anything is written.

CREATE SCHEMA daybook;
COMMENT ON SCHEMA daybook IS
  'The log: events in the order in which they happened, never changed. Everything else is posted from it.';

CREATE SCHEMA books;
COMMENT ON SCHEMA books IS
  'The read models: views, named as their tables, on the live version of every book. For psql and BI tools.';

CREATE TABLE daybook.schema_migrations (
  number integer NOT NULL,
  name text COLLATE "C" NOT NULL,
  checksum text COLLATE "C" NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (number),
  CONSTRAINT schema_migrations_number_is_positive CHECK (number > 0),
  CONSTRAINT schema_migrations_checksum_is_sha256 CHECK (checksum ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE daybook.schema_migrations IS 'Which numbered files of SQL were applied to this database.';
COMMENT ON COLUMN daybook.schema_migrations.number IS 'The number that the file''s name starts with; 1, 2, 3, …';
COMMENT ON COLUMN daybook.schema_migrations.name IS 'The rest of the file''s name.';
COMMENT ON COLUMN daybook.schema_migrations.checksum IS 'SHA-256 of the file''s bytes, lower-case hex.';
COMMENT ON COLUMN daybook.schema_migrations.applied_at IS 'When it was applied, by this server''s clock.';
