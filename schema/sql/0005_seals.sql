-- The right edge of the Merkle tree at intervals.
-- Keeps true: a seal says what the tree's edge and root were at a position, so that a process can pick the tree up
-- without hashing the log from its start. A seal is never changed; it is checked against the events by verify.

CREATE TABLE daybook.seals (
  ledger_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  edge bytea NOT NULL,
  root bytea NOT NULL,
  CONSTRAINT seals_pkey PRIMARY KEY (ledger_id, position),
  CONSTRAINT seals_position_is_positive CHECK (position > 0),
  CONSTRAINT seals_edge_is_of_hashes CHECK (octet_length(edge) > 0 AND octet_length(edge) % 32 = 0),
  CONSTRAINT seals_root_is_sha256 CHECK (octet_length(root) = 32)
)
WITH (fillfactor = 100, autovacuum_freeze_min_age = 0);
COMMENT ON TABLE daybook.seals IS 'State of each ledger''s Merkle tree (RFC 6962) at intervals of at most 1,024 events.';
COMMENT ON COLUMN daybook.seals.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.seals.position IS 'The tree''s size: it covers the events 1 to position.';
COMMENT ON COLUMN daybook.seals.edge IS 'Roots of the complete subtrees, largest first, 32 bytes each.';
COMMENT ON COLUMN daybook.seals.root IS 'The root hash of the tree, 32 bytes.';
