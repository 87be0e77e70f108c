-- Who may what.
-- Keeps true: the processes of Daybook take one of four roles (SET ROLE) and can do no more than their part. Nobody has
-- UPDATE or DELETE on the log, the books' readers see no event, and the projector sees no personal part.
-- Roles belong to the whole cluster, so several databases may be making them at this moment.

DO $$
DECLARE
  role_name text;
  attempt integer := 0;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['daybook_writer', 'daybook_projector', 'daybook_reader', 'daybook_auditor'] LOOP
    LOOP
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
          EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
        IF NOT EXISTS (
          SELECT
          FROM pg_auth_members
          WHERE roleid = (SELECT oid FROM pg_roles WHERE rolname = role_name)
            AND member = (SELECT oid FROM pg_roles WHERE rolname = current_user)
        ) THEN
          EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
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
  END LOOP;
END
$$;

GRANT USAGE ON SCHEMA daybook TO daybook_writer, daybook_projector, daybook_reader, daybook_auditor;
GRANT USAGE ON SCHEMA books TO daybook_projector, daybook_reader, daybook_auditor;
GRANT SELECT ON daybook.schema_migrations TO daybook_writer, daybook_projector, daybook_reader, daybook_auditor;

-- The writer appends.
GRANT SELECT, INSERT ON
  daybook.ledgers,
  daybook.events,
  daybook.persons,
  daybook.seals,
  daybook.control_snapshots
TO daybook_writer;
-- FOR NO KEY UPDATE asks for UPDATE on one column at least; the trigger refuses the update itself.
GRANT UPDATE (created_at) ON daybook.ledgers TO daybook_writer;
-- The service answers how far the books are.
GRANT SELECT ON daybook.projections, daybook.cursors, daybook.projection_faults TO daybook_writer;

-- The projector posts. It cannot see personal and salt, so no book can hold what an erasure must reach.
GRANT SELECT ON daybook.ledgers TO daybook_projector;
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
  data,
  personal_hash,
  derived,
  payload_hash
) ON daybook.events TO daybook_projector;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  daybook.projections,
  daybook.cursors,
  daybook.projection_faults
TO daybook_projector;
GRANT CREATE ON SCHEMA books TO daybook_projector;
DO $$
BEGIN
  -- For the schema of each version of each book.
  EXECUTE format('GRANT CREATE ON DATABASE %I TO daybook_projector', current_database());
END
$$;

-- The reader queries books, and how far they are. Book schemas and tables open to it as the projector makes them.
GRANT SELECT ON daybook.projections, daybook.cursors, daybook.projection_faults TO daybook_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE daybook_projector GRANT USAGE ON SCHEMAS TO daybook_reader, daybook_auditor;
ALTER DEFAULT PRIVILEGES FOR ROLE daybook_projector GRANT SELECT ON TABLES TO daybook_reader, daybook_auditor;

-- The auditor reads the log, and what was posted from it.
GRANT SELECT ON
  daybook.ledgers,
  daybook.events,
  daybook.persons,
  daybook.seals,
  daybook.control_snapshots,
  daybook.projections,
  daybook.cursors,
  daybook.projection_faults
TO daybook_auditor;
