-- Double entry: what every posting of money does to the accounts (see accounts.md), day by day.
-- Keeps true: debits and credits of every day and currency are equal at every position. A line above zero is a debit,
-- one below zero a credit, so what a reversal takes off stands on the other side and nothing is lost to netting. Lines of
-- allocation are what the day's pools and inference costs say at the position; those of entries only ever add up.

CREATE TABLE trial_balance (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  account text COLLATE "C" NOT NULL,
  origin text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  debit numeric NOT NULL,
  credit numeric NOT NULL,
  CONSTRAINT trial_balance_pkey PRIMARY KEY (ledger_id, day, account, origin, currency),
  CONSTRAINT trial_balance_origin_is_known CHECK (origin IN ('entry', 'allocation')),
  CONSTRAINT trial_balance_sides_are_not_negative CHECK (debit >= 0 AND credit >= 0)
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 70);
COMMENT ON TABLE trial_balance IS 'What one account was debited and credited on one day, in one currency.';
COMMENT ON COLUMN trial_balance.ledger_id IS 'The ledger.';
COMMENT ON COLUMN trial_balance.day IS 'Posting date, in the ledger''s reporting time zone; of accrued costs each day.';
COMMENT ON COLUMN trial_balance.account IS 'The account, its segments joined with colons.';
COMMENT ON COLUMN trial_balance.origin IS 'entry: of an event of the log; allocation: of dividing what names no model.';
COMMENT ON COLUMN trial_balance.currency IS 'ISO 4217.';
COMMENT ON COLUMN trial_balance.debit IS 'Sum of the lines above zero.';
COMMENT ON COLUMN trial_balance.credit IS 'Sum of the lines below zero, without the sign.';

CREATE TABLE trial_balance_inference (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  strategy text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  cost numeric NOT NULL,
  CONSTRAINT trial_balance_inference_pkey PRIMARY KEY (ledger_id, day, strategy, model, currency)
)
WITH (fillfactor = 70);
COMMENT ON TABLE trial_balance_inference IS 'Inference cost of one day by strategy and model: what allocation goes by.';
COMMENT ON COLUMN trial_balance_inference.ledger_id IS 'The ledger.';
COMMENT ON COLUMN trial_balance_inference.day IS 'Posting date.';
COMMENT ON COLUMN trial_balance_inference.strategy IS 'The strategy; empty: none was named.';
COMMENT ON COLUMN trial_balance_inference.model IS 'The model.';
COMMENT ON COLUMN trial_balance_inference.currency IS 'ISO 4217.';
COMMENT ON COLUMN trial_balance_inference.cost IS
  'Sum of the booked costs; may be below zero after corrections.';

CREATE TABLE trial_balance_pools (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  strategy text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  amount numeric NOT NULL,
  CONSTRAINT trial_balance_pools_pkey PRIMARY KEY (ledger_id, day, strategy, kind, currency)
)
WITH (fillfactor = 70);
COMMENT ON TABLE trial_balance_pools IS 'What names no model: one day''s revenue or costs that are divided together.';
COMMENT ON COLUMN trial_balance_pools.ledger_id IS 'The ledger.';
COMMENT ON COLUMN trial_balance_pools.day IS 'Posting date, or the accrued day.';
COMMENT ON COLUMN trial_balance_pools.strategy IS 'The strategy that is named; empty: none.';
COMMENT ON COLUMN trial_balance_pools.kind IS 'revenue, or the category of the cost.';
COMMENT ON COLUMN trial_balance_pools.currency IS 'ISO 4217.';
COMMENT ON COLUMN trial_balance_pools.amount IS 'Sum of the day.';

CREATE TABLE trial_balance_pending (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  CONSTRAINT trial_balance_pending_pkey PRIMARY KEY (ledger_id, day)
);
COMMENT ON TABLE trial_balance_pending IS 'Days to be allocated anew; empty but within a batch.';
COMMENT ON COLUMN trial_balance_pending.ledger_id IS 'The ledger.';
COMMENT ON COLUMN trial_balance_pending.day IS 'A day that the batch posted something to.';
