-- The ledgers of this deployment.
-- Keeps true: a ledger's row is written once and never updated. Writers lock it (FOR NO KEY UPDATE) for the length of
-- a batch, which orders them; a row that were updated for each batch would bloat under any old snapshot.

CREATE TABLE daybook.ledgers (
  ledger_id text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ledgers_pkey PRIMARY KEY (ledger_id),
  CONSTRAINT ledgers_name_is_well_formed CHECK (ledger_id ~ '^[a-z][a-z0-9_-]{0,62}$')
);
COMMENT ON TABLE daybook.ledgers IS
  'One row a ledger, never updated. Its lock is what makes the order of the ledger''s events total.';
COMMENT ON COLUMN daybook.ledgers.ledger_id IS 'The ledger''s name: [a-z][a-z0-9_-]{0,62}.';
COMMENT ON COLUMN daybook.ledgers.created_at IS
  'When the row was made, by this server''s clock. The ledger''s own history starts with its event ledger.opened.';
