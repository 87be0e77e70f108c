-- Every time that a kill switch was pulled.
-- Keeps true: one row for each activation, closed by the next deactivation of the same scope.

CREATE TABLE kill_switch_history (
  ledger_id text COLLATE "C" NOT NULL,
  scope text COLLATE "C" NOT NULL,
  activated_position bigint NOT NULL,
  activated_at timestamptz NOT NULL,
  activated_by text COLLATE "C" NOT NULL,
  activated_owner text COLLATE "C",
  activation_reason text NOT NULL,
  activation_trigger text COLLATE "C",
  deactivated_position bigint,
  deactivated_at timestamptz,
  deactivated_by text COLLATE "C",
  deactivated_owner text COLLATE "C",
  deactivation_reason text,
  deactivation_trigger text COLLATE "C",
  refusals bigint NOT NULL,
  CONSTRAINT kill_switch_history_pkey PRIMARY KEY (ledger_id, scope, activated_position)
);
COMMENT ON TABLE kill_switch_history IS 'One row an activation.';
COMMENT ON COLUMN kill_switch_history.ledger_id IS 'The ledger.';
COMMENT ON COLUMN kill_switch_history.scope IS 'global, or a name under operation/, model/, provider/, user/ or team/.';
COMMENT ON COLUMN kill_switch_history.activated_position IS 'Position of the activation: it holds for every decision after it.';
COMMENT ON COLUMN kill_switch_history.activated_at IS 'When it was recorded.';
COMMENT ON COLUMN kill_switch_history.activated_by IS 'The key that pulled it.';
COMMENT ON COLUMN kill_switch_history.activated_owner IS 'The owner accountable for that key.';
COMMENT ON COLUMN kill_switch_history.activation_reason IS 'Why.';
COMMENT ON COLUMN kill_switch_history.activation_trigger IS 'cli, api or agent.';
COMMENT ON COLUMN kill_switch_history.deactivated_position IS 'Position of the deactivation; NULL: it is active.';
COMMENT ON COLUMN kill_switch_history.deactivated_at IS 'When that was recorded.';
COMMENT ON COLUMN kill_switch_history.deactivated_by IS 'The key that released it.';
COMMENT ON COLUMN kill_switch_history.deactivated_owner IS 'The owner accountable for that key.';
COMMENT ON COLUMN kill_switch_history.deactivation_reason IS 'Why.';
COMMENT ON COLUMN kill_switch_history.deactivation_trigger IS 'cli or api.';
COMMENT ON COLUMN kill_switch_history.refusals IS 'Decisions of the ledger that were denied and had met it.';
