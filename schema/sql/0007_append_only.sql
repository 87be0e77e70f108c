-- Nobody rewrites the log.
-- Keeps true: UPDATE, DELETE and TRUNCATE of the log's tables fail with DB001, for the owner and superusers too, and
-- under session_replication_role = replica. INSERT fires no trigger. The one exception empties the personal part of
-- an event that a later payload.erased names; its hashes stay, so every proof still holds.
-- An owner can still drop a table or a trigger: that is what checkpoints outside the database are for.

CREATE FUNCTION daybook.refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'DB001',
    MESSAGE = format('%I.%I is append-only: %s is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP),
    HINT = 'What was written down stays. Mistakes are corrected by further entries.',
    SCHEMA = TG_TABLE_SCHEMA,
    TABLE = TG_TABLE_NAME;
END
$$;
COMMENT ON FUNCTION daybook.refuse_change() IS 'Refuses the statement: DB001 append_only.';

CREATE FUNCTION daybook.refuse_change_but_erasure() RETURNS trigger
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
COMMENT ON FUNCTION daybook.refuse_change_but_erasure() IS
  'Refuses every UPDATE of an event (DB001 append_only) but the erasure of its personal part.';

CREATE TRIGGER events_refuse_update BEFORE UPDATE ON daybook.events
FOR EACH ROW EXECUTE FUNCTION daybook.refuse_change_but_erasure();
COMMENT ON TRIGGER events_refuse_update ON daybook.events IS 'Events are never changed; personal parts can be erased.';

CREATE TRIGGER events_refuse_removal BEFORE DELETE OR TRUNCATE ON daybook.events
FOR EACH STATEMENT EXECUTE FUNCTION daybook.refuse_change();
COMMENT ON TRIGGER events_refuse_removal ON daybook.events IS 'Events are never removed.';

CREATE TRIGGER ledgers_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON daybook.ledgers
FOR EACH STATEMENT EXECUTE FUNCTION daybook.refuse_change();
COMMENT ON TRIGGER ledgers_refuse_change ON daybook.ledgers IS 'Ledgers are never changed or removed.';

CREATE TRIGGER seals_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON daybook.seals
FOR EACH STATEMENT EXECUTE FUNCTION daybook.refuse_change();
COMMENT ON TRIGGER seals_refuse_change ON daybook.seals IS 'Seals are never changed or removed.';

CREATE TRIGGER control_snapshots_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON daybook.control_snapshots
FOR EACH STATEMENT EXECUTE FUNCTION daybook.refuse_change();
COMMENT ON TRIGGER control_snapshots_refuse_change ON daybook.control_snapshots IS
  'Snapshots are never changed or removed.';

CREATE TRIGGER persons_refuse_change BEFORE UPDATE OR TRUNCATE ON daybook.persons
FOR EACH STATEMENT EXECUTE FUNCTION daybook.refuse_change();
COMMENT ON TRIGGER persons_refuse_change ON daybook.persons IS
  'A token never changes hands. Single rows are deleted by erasure, which nobody has a grant for yet.';

CREATE TRIGGER schema_migrations_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON daybook.schema_migrations
FOR EACH STATEMENT EXECUTE FUNCTION daybook.refuse_change();
COMMENT ON TRIGGER schema_migrations_refuse_change ON daybook.schema_migrations IS
  'What was applied to a database stays on record.';

ALTER TABLE daybook.events ENABLE ALWAYS TRIGGER events_refuse_update;
ALTER TABLE daybook.events ENABLE ALWAYS TRIGGER events_refuse_removal;
ALTER TABLE daybook.ledgers ENABLE ALWAYS TRIGGER ledgers_refuse_change;
ALTER TABLE daybook.seals ENABLE ALWAYS TRIGGER seals_refuse_change;
ALTER TABLE daybook.control_snapshots ENABLE ALWAYS TRIGGER control_snapshots_refuse_change;
ALTER TABLE daybook.persons ENABLE ALWAYS TRIGGER persons_refuse_change;
ALTER TABLE daybook.schema_migrations ENABLE ALWAYS TRIGGER schema_migrations_refuse_change;
