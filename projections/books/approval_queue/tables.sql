-- What waits for a person, and what was decided.
-- Keeps true: one row for each approval that was ever requested, and for each change that was made alone, in the state that the
-- last event left it in.

CREATE TABLE approval_queue (
  ledger_id text COLLATE "C" NOT NULL,
  approval text COLLATE "C" NOT NULL,
  origin text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  risk text COLLATE "C" NOT NULL,
  requester text COLLATE "C" NOT NULL,
  requester_owner text COLLATE "C",
  change jsonb NOT NULL,
  change_digest text COLLATE "C",
  reason_code text COLLATE "C",
  why text,
  estimated_impact jsonb,
  required_by text COLLATE "C",
  evidence jsonb NOT NULL,
  quorum bigint NOT NULL,
  grants bigint NOT NULL,
  decisions jsonb NOT NULL,
  requested_position bigint NOT NULL,
  requested_at timestamptz NOT NULL,
  expires_at timestamptz,
  decided_at timestamptz,
  consumed_by text COLLATE "C",
  CONSTRAINT approval_queue_pkey PRIMARY KEY (ledger_id, approval)
);
CREATE INDEX approval_queue_by_state ON approval_queue (ledger_id, state, requested_position);
COMMENT ON TABLE approval_queue IS 'One row an approval.';
COMMENT ON COLUMN approval_queue.ledger_id IS 'The ledger.';
COMMENT ON COLUMN approval_queue.approval IS 'Id of the approval, as in its subject approval/<id>, or of the broken glass, as in breakglass/<id>.';
COMMENT ON COLUMN approval_queue.origin IS 'request, or break_glass for a change that an admin made alone.';
COMMENT ON COLUMN approval_queue.state IS 'requested, granted, rejected, withdrawn, expired, consumed or revoked; unreviewed, justified or unjustified for broken glass.';
COMMENT ON COLUMN approval_queue.kind IS 'model_switch, cost_increase, budget_change, loosening, standing or action.';
COMMENT ON COLUMN approval_queue.risk IS 'low, medium or high, as the ledger set it.';
COMMENT ON COLUMN approval_queue.requester IS 'The key that asked, or that made the change alone.';
COMMENT ON COLUMN approval_queue.requester_owner IS 'The owner accountable for that key; he cannot decide.';
COMMENT ON COLUMN approval_queue.change IS 'What is to be approved, exactly.';
COMMENT ON COLUMN approval_queue.change_digest IS 'Hex SHA-256 of the change (RFC 8785).';
COMMENT ON COLUMN approval_queue.reason_code IS 'Why, in a word.';
COMMENT ON COLUMN approval_queue.why IS 'What the ledger says the change gives up; NULL: the requester describes it.';
COMMENT ON COLUMN approval_queue.estimated_impact IS 'What the requester expects of it.';
COMMENT ON COLUMN approval_queue.required_by IS 'By when it is needed, by the word of the requester.';
COMMENT ON COLUMN approval_queue.evidence IS 'What was shown, without the personal parts (text and uri).';
COMMENT ON COLUMN approval_queue.quorum IS 'How many owners must grant.';
COMMENT ON COLUMN approval_queue.grants IS 'How many granted.';
COMMENT ON COLUMN approval_queue.decisions IS 'What was decided, by whom, why and when, in order.';
COMMENT ON COLUMN approval_queue.requested_position IS 'Position of the request.';
COMMENT ON COLUMN approval_queue.requested_at IS 'When it was asked for.';
COMMENT ON COLUMN approval_queue.expires_at IS 'From when on it is expired: the request while it is open, the grant until it is used; a standing approval ends with its change.';
COMMENT ON COLUMN approval_queue.decided_at IS 'When it left the state requested; NULL: it is open.';
COMMENT ON COLUMN approval_queue.consumed_by IS 'What used the grant up: the subject of the change, or the call; NULL: nothing did.';
