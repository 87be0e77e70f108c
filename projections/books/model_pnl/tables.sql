-- What each model earned and cost, day by day.
-- Keeps true: sums over the table equal sums over all revenue, completions and costs of the ledger up to its cursor, less
-- what was reversed. What names no model stands under the empty text: in a row of its own, never lost. Completions without
-- a cost stand under the currency XXX, where every amount is NULL: unknown, not zero.

CREATE TABLE model_pnl (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  model text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  revenue_direct numeric,
  inference_cost numeric,
  operating_cost numeric,
  calls bigint NOT NULL,
  unpriced_calls bigint NOT NULL,
  CONSTRAINT model_pnl_pkey PRIMARY KEY (ledger_id, day, model, currency),
  CONSTRAINT model_pnl_amounts_are_known_but_for_xxx CHECK (
    (revenue_direct IS NULL) = (currency = 'XXX')
    AND (inference_cost IS NULL) = (currency = 'XXX')
    AND (operating_cost IS NULL) = (currency = 'XXX')
  )
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 70);
COMMENT ON TABLE model_pnl IS 'Revenue and costs of one day by model and currency.';
COMMENT ON COLUMN model_pnl.ledger_id IS 'The ledger.';
COMMENT ON COLUMN model_pnl.day IS 'Posting date, in the reporting time zone of the ledger.';
COMMENT ON COLUMN model_pnl.model IS 'The model; empty: what was said names none.';
COMMENT ON COLUMN model_pnl.currency IS 'ISO 4217; XXX for completions without a known cost.';
COMMENT ON COLUMN model_pnl.revenue_direct IS 'Revenue that names the model.';
COMMENT ON COLUMN model_pnl.inference_cost IS 'Booked cost of the completions that the model served.';
COMMENT ON COLUMN model_pnl.operating_cost IS 'Costs incurred, as they name the model; not yet allocated where they name none.';
COMMENT ON COLUMN model_pnl.calls IS 'Completions, reversed ones taken off.';
COMMENT ON COLUMN model_pnl.unpriced_calls IS 'Of these, completions whose cost is not known.';
