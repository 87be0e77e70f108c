-- What budgets counted, window by window.
-- Keeps true: spent, reserved, settled and expired are the sums of what decisions, completions and expiries of the
-- ledger up to its cursor say of a budget, a counter and a window. Windows are kept for good. Reversals change nothing
-- here, as they free no budget.

CREATE TABLE budget_status (
  ledger_id text COLLATE "C" NOT NULL,
  budget text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  spent numeric NOT NULL,
  calls bigint NOT NULL,
  assumed_calls bigint NOT NULL,
  unknown_calls bigint NOT NULL,
  unreserved numeric NOT NULL,
  reservations bigint NOT NULL,
  reserved numeric NOT NULL,
  settled bigint NOT NULL,
  settled_reserved numeric NOT NULL,
  expired bigint NOT NULL,
  expired_reserved numeric NOT NULL,
  overruns bigint NOT NULL,
  overrun numeric NOT NULL,
  thresholds_crossed bigint NOT NULL,
  CONSTRAINT budget_status_pkey PRIMARY KEY (ledger_id, budget, key, period, currency)
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 70);
COMMENT ON TABLE budget_status IS 'One counter of one budget in one window.';
COMMENT ON COLUMN budget_status.ledger_id IS 'The ledger.';
COMMENT ON COLUMN budget_status.budget IS 'The id of the budget.';
COMMENT ON COLUMN budget_status.key IS
  'The counter: a token of a user, a team, a model, a tier, …; ledger for the whole ledger.';
COMMENT ON COLUMN budget_status.period IS
  'The window: a day, a month, or total, in the reporting time zone of the ledger.';
COMMENT ON COLUMN budget_status.currency IS 'ISO 4217: the currency of the budget.';
COMMENT ON COLUMN budget_status.spent IS 'What was booked.';
COMMENT ON COLUMN budget_status.calls IS 'Calls booked.';
COMMENT ON COLUMN budget_status.assumed_calls IS 'Of these, calls booked at their reservation or at the worst case.';
COMMENT ON COLUMN budget_status.unknown_calls IS
  'Of these, calls of unknown cost, for which nothing was booked.';
COMMENT ON COLUMN budget_status.unreserved IS 'Part of spent: what no reservation stood for.';
COMMENT ON COLUMN budget_status.reservations IS 'Reservations made.';
COMMENT ON COLUMN budget_status.reserved IS 'What they held.';
COMMENT ON COLUMN budget_status.settled IS 'Reservations that a completion ended.';
COMMENT ON COLUMN budget_status.settled_reserved IS 'What these had held.';
COMMENT ON COLUMN budget_status.expired IS 'Reservations that ended by themselves.';
COMMENT ON COLUMN budget_status.expired_reserved IS 'What these had held.';
COMMENT ON COLUMN budget_status.overruns IS 'Settled calls that cost more than was reserved.';
COMMENT ON COLUMN budget_status.overrun IS 'Part of spent: by how much more.';
COMMENT ON COLUMN budget_status.thresholds_crossed IS 'Thresholds, or shares, that were gone over.';

CREATE TABLE budget_status_crossings (
  ledger_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  crossed_at timestamptz NOT NULL,
  budget text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  threshold numeric,
  share numeric,
  spent numeric NOT NULL,
  reserved numeric NOT NULL,
  CONSTRAINT budget_status_crossings_pkey PRIMARY KEY (ledger_id, position)
);
COMMENT ON TABLE budget_status_crossings IS 'Each threshold that was reached and each share that was exceeded.';
COMMENT ON COLUMN budget_status_crossings.ledger_id IS 'The ledger.';
COMMENT ON COLUMN budget_status_crossings.position IS 'Position of the event.';
COMMENT ON COLUMN budget_status_crossings.crossed_at IS 'When it was recorded.';
COMMENT ON COLUMN budget_status_crossings.budget IS 'The id of the budget.';
COMMENT ON COLUMN budget_status_crossings.key IS 'The counter.';
COMMENT ON COLUMN budget_status_crossings.period IS 'The window.';
COMMENT ON COLUMN budget_status_crossings.currency IS 'ISO 4217: the currency of the budget.';
COMMENT ON COLUMN budget_status_crossings.threshold IS 'The amount that was reached; NULL for a share.';
COMMENT ON COLUMN budget_status_crossings.share IS 'The share that was exceeded, from 0 to 1; NULL for an amount.';
COMMENT ON COLUMN budget_status_crossings.spent IS 'What was booked by then.';
COMMENT ON COLUMN budget_status_crossings.reserved IS 'What open reservations held then.';

CREATE TABLE budget_status_budgets (
  ledger_id text COLLATE "C" NOT NULL,
  budget text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  scope text COLLATE "C" NOT NULL,
  budget_limit numeric,
  is_hard boolean NOT NULL,
  is_enabled boolean NOT NULL,
  position bigint NOT NULL,
  CONSTRAINT budget_status_budgets_pkey PRIMARY KEY (ledger_id, budget)
);
COMMENT ON TABLE budget_status_budgets IS 'The budgets as they were configured last.';
COMMENT ON COLUMN budget_status_budgets.ledger_id IS 'The ledger.';
COMMENT ON COLUMN budget_status_budgets.budget IS 'The id of the budget.';
COMMENT ON COLUMN budget_status_budgets.kind IS 'spend, tokens_per_minute or tier_share.';
COMMENT ON COLUMN budget_status_budgets.scope IS 'Whose spend it counts; users by token.';
COMMENT ON COLUMN budget_status_budgets.budget_limit IS
  'The most that may be spent and reserved; NULL where it limits no money.';
COMMENT ON COLUMN budget_status_budgets.is_hard IS 'Whether it refuses.';
COMMENT ON COLUMN budget_status_budgets.is_enabled IS 'Whether it refuses or warns at present.';
COMMENT ON COLUMN budget_status_budgets.position IS 'Position of its last configuration.';
