-- The log itself.
-- Keeps true: within a ledger, positions are unique (the writer, under the ledger's lock, makes them gapless), the
-- identity (id, source) is unique, and the sequence counts within the subject. There is no foreign key to ledgers: the
-- writer holds the ledger's row while it appends, and a check for each row would only cost. No column has a default:
-- each value is part of what is hashed, so the writer says all of them.

CREATE TABLE daybook.events (
  ledger_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  type_version integer NOT NULL,
  subject text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  actor text COLLATE "C" NOT NULL,
  actor_kind text COLLATE "C" NOT NULL,
  correlation_id text COLLATE "C",
  causation_id text COLLATE "C",
  traceparent text COLLATE "C",
  data jsonb NOT NULL,
  personal jsonb,
  salt bytea,
  personal_hash bytea,
  derived jsonb,
  payload_hash bytea NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (ledger_id, position),
  CONSTRAINT events_identity_is_unique UNIQUE (ledger_id, id, source),
  CONSTRAINT events_sequence_is_unique_in_subject UNIQUE (ledger_id, subject, sequence),
  CONSTRAINT events_position_is_positive CHECK (position > 0),
  CONSTRAINT events_sequence_is_positive CHECK (sequence > 0),
  CONSTRAINT events_type_version_is_positive CHECK (type_version > 0),
  CONSTRAINT events_actor_kind_is_known CHECK (actor_kind IN ('service', 'agent', 'human', 'system')),
  CONSTRAINT events_data_is_an_object CHECK (jsonb_typeof(data) = 'object'),
  CONSTRAINT events_payload_hash_is_sha256 CHECK (octet_length(payload_hash) = 32),
  CONSTRAINT events_personal_hash_is_sha256 CHECK (octet_length(personal_hash) = 32),
  CONSTRAINT events_salt_is_16_bytes CHECK (octet_length(salt) = 16),
  CONSTRAINT events_personal_is_salted CHECK ((personal IS NULL) = (salt IS NULL)),
  CONSTRAINT events_personal_is_hashed CHECK (personal IS NULL OR personal_hash IS NOT NULL)
)
WITH (
  fillfactor = 100,
  -- Rows are never changed, so they can be frozen the first time that vacuum passes, soon after they came.
  autovacuum_freeze_min_age = 0,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02
);

COMMENT ON TABLE daybook.events IS
  'Everything that happened, in order, never changed: the leaves of each ledger''s Merkle tree.';
COMMENT ON COLUMN daybook.events.ledger_id IS 'The ledger: the unit of order, of integrity and of sharding.';
COMMENT ON COLUMN daybook.events.position IS
  'Place in the ledger: 1, 2, 3, … without gaps. A missing number is a finding. The leaf''s index is position - 1.';
COMMENT ON COLUMN daybook.events.id IS 'The producer''s id of the event, printable ASCII; with source, its identity.';
COMMENT ON COLUMN daybook.events.source IS 'Who produced it, printable ASCII (CloudEvents source).';
COMMENT ON COLUMN daybook.events.type IS 'What happened, as the catalogue of events names it; x.… are the user''s own.';
COMMENT ON COLUMN daybook.events.type_version IS 'Version of the type''s shape, from 1.';
COMMENT ON COLUMN daybook.events.subject IS 'What the event is about: call/…, approval/…, kill-switch/…';
COMMENT ON COLUMN daybook.events.sequence IS 'Place within the subject: 1, 2, 3, … without gaps.';
COMMENT ON COLUMN daybook.events.occurred_at IS 'When it happened, by the producer''s word; microseconds, UTC.';
COMMENT ON COLUMN daybook.events.recorded_at IS
  'When the ledger took it; never before that of the event in front of it. The clock of every decision.';
COMMENT ON COLUMN daybook.events.actor IS 'Which key appended it, stamped from the credential.';
COMMENT ON COLUMN daybook.events.actor_kind IS 'Kind of that key: human, service, agent or system.';
COMMENT ON COLUMN daybook.events.correlation_id IS 'What it belongs together with, by the producer''s word.';
COMMENT ON COLUMN daybook.events.causation_id IS 'What caused it, by the producer''s word.';
COMMENT ON COLUMN daybook.events.traceparent IS 'W3C trace context, as the producer sent it.';
COMMENT ON COLUMN daybook.events.data IS 'What the producer said, without its personal part.';
COMMENT ON COLUMN daybook.events.personal IS
  'What the producer said about persons: JSON Pointers into the data, to values. NULL: none, or erased (see personal_hash).';
COMMENT ON COLUMN daybook.events.salt IS '16 random bytes that personal_hash is made with; erased together with personal.';
COMMENT ON COLUMN daybook.events.personal_hash IS
  'SHA-256 of salt and canonical personal. NULL: there never was a personal part. It outlives an erasure.';
COMMENT ON COLUMN daybook.events.derived IS
  'What the ledger concluded when it took the event: cost lines, posting date, tokens for persons, …';
COMMENT ON COLUMN daybook.events.payload_hash IS 'SHA-256 of the canonical JSON of data, derived and personalhash.';

-- What services append in bulk is left out, so that the events that steer the ledger can be read without a scan. A
-- query uses the index when it repeats the condition, or names types as constants. Both halves are btree comparisons
-- because the planner can prove those from `type = '…'`, and could not from NOT LIKE.
CREATE INDEX events_control ON daybook.events (ledger_id, position)
WHERE type NOT IN (
    'completion.recorded',
    'route.decided',
    'route.denied',
    'reservation.expired',
    'tool.invoked',
    'retrieval.performed',
    'case.escalated',
    'cost.incurred',
    'revenue.earned',
    'invoice.received'
  )
  AND (type < 'x.' OR type >= 'x/');
COMMENT ON INDEX daybook.events_control IS
  'The few events that steer a ledger (prices, approvals, kill switches, keys, reversals, …), in order.';

CREATE INDEX events_erasures ON daybook.events (ledger_id, position) WHERE type = 'payload.erased';
COMMENT ON INDEX daybook.events_erasures IS 'The erasures: what the append-only trigger asks before personal is emptied.';

-- lz4 decompresses several times faster than pglz; not every build of Postgres has it.
DO $$
BEGIN
  IF 'lz4' = ANY ((SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression')::text[]) THEN
    ALTER TABLE daybook.events ALTER COLUMN data SET COMPRESSION lz4;
    ALTER TABLE daybook.events ALTER COLUMN personal SET COMPRESSION lz4;
    ALTER TABLE daybook.events ALTER COLUMN derived SET COMPRESSION lz4;
  END IF;
END
$$;
