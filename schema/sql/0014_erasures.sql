-- Erasures: the writer may carry out what the log says is erased, and nothing else.
-- Keeps true: personal and salt are emptied only where a later payload.erased names the position, and a person's row goes
-- only where a payload.erased names the token as forgotten. What is to be erased stands in the log first, so that whoever
-- was interrupted, or restores an older copy, carries it out again.

CREATE FUNCTION daybook.erasure_bound(data jsonb, place integer) RETURNS bigint
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT CASE jsonb_typeof(data -> 'positions' -> place) WHEN 'number' THEN (data -> 'positions' -> place)::bigint END
$$;
COMMENT ON FUNCTION daybook.erasure_bound(jsonb, integer) IS
  'The position at a place of a payload.erased''s list, which ascends: 0 the first, -1 the last.';

-- One erasure may take hundreds of events of thousands of positions each: those that cannot hold a position are left out
-- without reading their lists.
CREATE INDEX events_erased_ranges ON daybook.events (
  ledger_id,
  (daybook.erasure_bound(data, -1)),
  (daybook.erasure_bound(data, 0))
)
WHERE type = 'payload.erased';
COMMENT ON INDEX daybook.events_erased_ranges IS 'The ranges of positions that erasures name.';

CREATE INDEX events_forgotten ON daybook.events USING gin ((data -> 'forgotten'))
WHERE type = 'payload.erased';
COMMENT ON INDEX daybook.events_forgotten IS 'The tokens of persons that erasures name.';

CREATE OR REPLACE FUNCTION daybook.refuse_change_but_erasure() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
DECLARE
  erased daybook.events := OLD;
BEGIN
  erased.personal := NULL;
  erased.salt := NULL;
  -- Byte for byte (*=): jsonb's own equality takes 1 and 1.0 for the same.
  IF NEW *= erased AND EXISTS (
    SELECT
    FROM daybook.events AS erasure
    WHERE erasure.ledger_id = OLD.ledger_id
      AND erasure.position > OLD.position
      AND erasure.type = 'payload.erased'
      AND daybook.erasure_bound(erasure.data, -1) >= OLD.position
      AND daybook.erasure_bound(erasure.data, 0) <= OLD.position
      AND erasure.data -> 'positions' @> to_jsonb(OLD.position)
  ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = 'DB001',
    MESSAGE = format(
      'daybook.events is append-only: UPDATE of position %s of ledger %s is refused', OLD.position, OLD.ledger_id),
    HINT = 'Only personal and salt can be emptied, and only where a later payload.erased event names the position.',
    SCHEMA = TG_TABLE_SCHEMA,
    TABLE = TG_TABLE_NAME;
END
$$;

CREATE FUNCTION daybook.refuse_removal_but_forgotten() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
  IF EXISTS (
    SELECT
    FROM daybook.events AS erasure
    WHERE erasure.ledger_id = OLD.ledger_id
      AND erasure.type = 'payload.erased'
      AND erasure.data -> 'forgotten' @> jsonb_build_array(OLD.token)
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = 'DB001',
    MESSAGE = format('daybook.persons: DELETE of token %s of ledger %s is refused', OLD.token, OLD.ledger_id),
    HINT = 'A person''s row goes only where a payload.erased event names its token as forgotten.',
    SCHEMA = TG_TABLE_SCHEMA,
    TABLE = TG_TABLE_NAME;
END
$$;
COMMENT ON FUNCTION daybook.refuse_removal_but_forgotten() IS
  'Refuses every DELETE of a person (DB001 append_only) but of one whom an erasure names.';

CREATE TRIGGER persons_refuse_removal BEFORE DELETE ON daybook.persons
FOR EACH ROW EXECUTE FUNCTION daybook.refuse_removal_but_forgotten();
COMMENT ON TRIGGER persons_refuse_removal ON daybook.persons IS 'Persons are forgotten by erasures only.';
ALTER TABLE daybook.persons ENABLE ALWAYS TRIGGER persons_refuse_removal;

COMMENT ON TRIGGER persons_refuse_change ON daybook.persons IS
  'A token never changes hands. Single rows are deleted by erasure.';

GRANT UPDATE (personal, salt) ON daybook.events TO daybook_writer;
GRANT DELETE ON daybook.persons TO daybook_writer;

-- Old versions of rows come from erasures alone (and from batches that were given up): vacuum shall not wait for a fifth of
-- the table before it takes them off the disk.
ALTER TABLE daybook.events SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
ALTER TABLE daybook.persons SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);

-- The planner keeps samples of columns, and would keep names that were erased until it takes the next ones. Nothing is
-- planned by these.
ALTER TABLE daybook.events ALTER COLUMN personal SET STATISTICS 0;
ALTER TABLE daybook.events ALTER COLUMN salt SET STATISTICS 0;
ALTER TABLE daybook.persons ALTER COLUMN value SET STATISTICS 0;
DO $$
BEGIN
  DELETE FROM pg_statistic
  WHERE (starelid, staattnum) IN (
      SELECT attrelid, attnum
      FROM pg_attribute
      WHERE (attrelid = 'daybook.events'::regclass AND attname IN ('personal', 'salt'))
        OR (attrelid = 'daybook.persons'::regclass AND attname = 'value')
    );
EXCEPTION
  -- Only a superuser may; the samples go with the next version of the table.
  WHEN insufficient_privilege THEN NULL;
END
$$;
