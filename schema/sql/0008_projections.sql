-- The bookkeeping of the books.
-- Keeps true: each build of a projection is known with its definition, at most one build of a projection is live, and
-- each has one cursor a ledger: the position up to which its tables hold exactly what the log says. A cursor only moves
-- in the transaction that posted the events it moves over. The same version may be built again (a rebuild), so builds
-- are counted and versions are not keys.

CREATE TABLE daybook.projections (
  projection text COLLATE "C" NOT NULL,
  build integer NOT NULL,
  version integer NOT NULL,
  state text COLLATE "C" NOT NULL,
  definition jsonb NOT NULL,
  definition_checksum text COLLATE "C" NOT NULL,
  schema_name text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  live_at timestamptz,
  retired_at timestamptz,
  CONSTRAINT projections_pkey PRIMARY KEY (projection, build),
  CONSTRAINT projections_build_is_positive CHECK (build > 0),
  CONSTRAINT projections_version_is_positive CHECK (version > 0),
  CONSTRAINT projections_state_is_known CHECK (state IN ('building', 'live', 'retired')),
  CONSTRAINT projections_definition_checksum_is_sha256 CHECK (definition_checksum ~ '^[0-9a-f]{64}$')
);
CREATE UNIQUE INDEX projections_one_is_live ON daybook.projections (projection) WHERE state = 'live';
COMMENT ON INDEX daybook.projections_one_is_live IS 'At most one build of a projection is live.';
COMMENT ON TABLE daybook.projections IS
  'The builds of each projection. It belongs to the deployment, so no ledger leads its key.';
COMMENT ON COLUMN daybook.projections.projection IS 'Name of the projection, as its folder.';
COMMENT ON COLUMN daybook.projections.build IS 'Counts the builds of the projection, from 1.';
COMMENT ON COLUMN daybook.projections.version IS 'Version of its definition, from 1.';
COMMENT ON COLUMN daybook.projections.state IS 'building: posted beside the live one; live: queried; retired: no more posted.';
COMMENT ON COLUMN daybook.projections.definition IS
  'The files of its folder, by path: what posts and serves this build, whatever a newer binary brings.';
COMMENT ON COLUMN daybook.projections.definition_checksum IS
  'SHA-256 (hex) of what decides its tables; another one under the same version is refused.';
COMMENT ON COLUMN daybook.projections.schema_name IS 'Postgres schema of its tables: book_<projection>_v<version>, from the second build on with _b<build>.';
COMMENT ON COLUMN daybook.projections.created_at IS 'When its tables were made.';
COMMENT ON COLUMN daybook.projections.live_at IS 'When it became the live one.';
COMMENT ON COLUMN daybook.projections.retired_at IS 'When another build took its place.';

CREATE TABLE daybook.cursors (
  ledger_id text COLLATE "C" NOT NULL,
  projection text COLLATE "C" NOT NULL,
  build integer NOT NULL,
  position bigint NOT NULL,
  recorded_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT cursors_pkey PRIMARY KEY (ledger_id, projection, build),
  CONSTRAINT cursors_position_is_not_negative CHECK (position >= 0)
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 50);
COMMENT ON TABLE daybook.cursors IS 'How far each build of each projection has posted each ledger.';
COMMENT ON COLUMN daybook.cursors.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.cursors.projection IS 'The projection.';
COMMENT ON COLUMN daybook.cursors.build IS 'Its build.';
COMMENT ON COLUMN daybook.cursors.position IS 'Every event up to here is posted, none after it; 0: none.';
COMMENT ON COLUMN daybook.cursors.recorded_at IS 'When the event at the position was recorded; NULL: none is posted.';
COMMENT ON COLUMN daybook.cursors.updated_at IS 'When the cursor moved last.';

CREATE TABLE daybook.projection_faults (
  ledger_id text COLLATE "C" NOT NULL,
  projection text COLLATE "C" NOT NULL,
  build integer NOT NULL,
  version integer NOT NULL,
  position bigint NOT NULL,
  sqlstate text COLLATE "C" NOT NULL,
  message text NOT NULL,
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT projection_faults_pkey PRIMARY KEY (ledger_id, projection, build),
  CONSTRAINT projection_faults_position_is_positive CHECK (position > 0)
);
COMMENT ON TABLE daybook.projection_faults IS
  'Where a projection stands still because an event could not be posted. No row: it runs.';
COMMENT ON COLUMN daybook.projection_faults.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.projection_faults.projection IS 'The projection.';
COMMENT ON COLUMN daybook.projection_faults.build IS 'Its build.';
COMMENT ON COLUMN daybook.projection_faults.version IS 'Its version.';
COMMENT ON COLUMN daybook.projection_faults.position IS 'The event that could not be posted.';
COMMENT ON COLUMN daybook.projection_faults.sqlstate IS 'SQLSTATE of the error.';
COMMENT ON COLUMN daybook.projection_faults.message IS 'Message of the error, without payloads.';
COMMENT ON COLUMN daybook.projection_faults.since IS 'Since when it stands there.';
