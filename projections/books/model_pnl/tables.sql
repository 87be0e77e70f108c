-- What each model earned and cost, day by day.
-- Keeps true: direct and allocated columns together add up, by currency, to all revenue, completions and costs of
-- the ledger up to its cursor, corrections included, to the last digit. What names no model is divided among the
-- models by the inference cost of what it does name (strategy, or the ledger) on its day, in its currency; where
-- there is none it stands in the row of the empty text. Completions without a cost stand under the currency XXX,
-- where every amount is NULL: unknown, not zero.

CREATE TABLE model_pnl (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  model text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  revenue_direct numeric,
  revenue_allocated numeric,
  inference_cost numeric,
  ai_inference_direct numeric,
  ai_inference_allocated numeric,
  vm_direct numeric,
  vm_allocated numeric,
  api_service_direct numeric,
  api_service_allocated numeric,
  other_direct numeric,
  other_allocated numeric,
  calls bigint NOT NULL,
  unpriced_calls bigint NOT NULL,
  CONSTRAINT model_pnl_pkey PRIMARY KEY (ledger_id, day, model, currency),
  CONSTRAINT model_pnl_amounts_are_known_but_for_xxx CHECK (
    num_nulls(
      revenue_direct,
      revenue_allocated,
      inference_cost,
      ai_inference_direct,
      ai_inference_allocated,
      vm_direct,
      vm_allocated,
      api_service_direct,
      api_service_allocated,
      other_direct,
      other_allocated
    ) = CASE currency WHEN 'XXX' THEN 11 ELSE 0 END
  )
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 70);
COMMENT ON TABLE model_pnl IS 'Revenue and costs of one day by model and currency.';
COMMENT ON COLUMN model_pnl.ledger_id IS 'The ledger.';
COMMENT ON COLUMN model_pnl.day IS 'Posting date, in the ledger''s reporting time zone; of accrued costs each day.';
COMMENT ON COLUMN model_pnl.model IS 'The model; empty: what was said names none.';
COMMENT ON COLUMN model_pnl.currency IS 'ISO 4217; XXX for completions without a known cost.';
COMMENT ON COLUMN model_pnl.revenue_direct IS
  'Revenue that names the model; in the row without a model, what could not be allocated.';
COMMENT ON COLUMN model_pnl.revenue_allocated IS
  'Share of revenue that names no model, by inference cost.';
COMMENT ON COLUMN model_pnl.inference_cost IS
  'Booked cost of the completions, restatements and adjustments included.';
COMMENT ON COLUMN model_pnl.ai_inference_direct IS
  'Accrued cost that names the model; in the row without a model, what could not be allocated.';
COMMENT ON COLUMN model_pnl.ai_inference_allocated IS
  'Share of accrued costs that name no model, by inference cost.';
COMMENT ON COLUMN model_pnl.vm_direct IS
  'Accrued cost that names the model; in the row without a model, what could not be allocated.';
COMMENT ON COLUMN model_pnl.vm_allocated IS
  'Share of accrued costs that name no model, by inference cost.';
COMMENT ON COLUMN model_pnl.api_service_direct IS
  'Accrued cost that names the model; in the row without a model, what could not be allocated.';
COMMENT ON COLUMN model_pnl.api_service_allocated IS
  'Share of accrued costs that name no model, by inference cost.';
COMMENT ON COLUMN model_pnl.other_direct IS
  'Accrued cost that names the model; in the row without a model, what could not be allocated.';
COMMENT ON COLUMN model_pnl.other_allocated IS
  'Share of accrued costs that name no model, by inference cost.';
COMMENT ON COLUMN model_pnl.calls IS 'Completions, reversed ones taken off.';
COMMENT ON COLUMN model_pnl.unpriced_calls IS 'Of these, completions whose cost is not known.';

CREATE TABLE model_pnl_inference (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  strategy text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  cost numeric NOT NULL,
  CONSTRAINT model_pnl_inference_pkey PRIMARY KEY (ledger_id, day, strategy, model, currency)
)
WITH (fillfactor = 70);
COMMENT ON TABLE model_pnl_inference IS 'Inference cost of one day, as fine as allocation needs it.';
COMMENT ON COLUMN model_pnl_inference.ledger_id IS 'The ledger.';
COMMENT ON COLUMN model_pnl_inference.day IS 'Posting date.';
COMMENT ON COLUMN model_pnl_inference.strategy IS 'The strategy; empty: none was named.';
COMMENT ON COLUMN model_pnl_inference.model IS 'The model; empty: none was named.';
COMMENT ON COLUMN model_pnl_inference.currency IS 'ISO 4217.';
COMMENT ON COLUMN model_pnl_inference.cost IS
  'Sum of the booked costs; may be below zero after corrections.';

CREATE TABLE model_pnl_pools (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  strategy text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  amount numeric NOT NULL,
  CONSTRAINT model_pnl_pools_pkey PRIMARY KEY (ledger_id, day, strategy, kind, currency)
)
WITH (fillfactor = 70);
COMMENT ON TABLE model_pnl_pools IS
  'What names no model: one day''s revenue or costs that are divided together.';
COMMENT ON COLUMN model_pnl_pools.ledger_id IS 'The ledger.';
COMMENT ON COLUMN model_pnl_pools.day IS 'Posting date, or the accrued day.';
COMMENT ON COLUMN model_pnl_pools.strategy IS 'The strategy that is named; empty: none.';
COMMENT ON COLUMN model_pnl_pools.kind IS 'revenue, or the category of the cost.';
COMMENT ON COLUMN model_pnl_pools.currency IS 'ISO 4217.';
COMMENT ON COLUMN model_pnl_pools.amount IS 'Sum of the day.';

CREATE TABLE model_pnl_pending (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  CONSTRAINT model_pnl_pending_pkey PRIMARY KEY (ledger_id, day)
);
COMMENT ON TABLE model_pnl_pending IS 'Days to be allocated anew; empty but within a batch.';
COMMENT ON COLUMN model_pnl_pending.ledger_id IS 'The ledger.';
COMMENT ON COLUMN model_pnl_pending.day IS 'A day that the batch posted something to.';

CREATE TABLE model_pnl_rates (
  ledger_id text COLLATE "C" NOT NULL,
  base text COLLATE "C" NOT NULL,
  quote text COLLATE "C" NOT NULL,
  day date NOT NULL,
  rate numeric NOT NULL,
  position bigint NOT NULL,
  CONSTRAINT model_pnl_rates_pkey PRIMARY KEY (ledger_id, base, quote, day)
);
COMMENT ON TABLE model_pnl_rates IS 'Exchange rates: one of a pair holds from its day until the next one''s.';
COMMENT ON COLUMN model_pnl_rates.ledger_id IS 'The ledger.';
COMMENT ON COLUMN model_pnl_rates.base IS 'ISO 4217: one of this …';
COMMENT ON COLUMN model_pnl_rates.quote IS 'ISO 4217: … is so many of this.';
COMMENT ON COLUMN model_pnl_rates.day IS 'First day that the rate holds.';
COMMENT ON COLUMN model_pnl_rates.rate IS 'How many.';
COMMENT ON COLUMN model_pnl_rates.position IS 'Position of the event: the last one of a day counts.';

CREATE TABLE model_pnl_settings (
  ledger_id text COLLATE "C" NOT NULL,
  setting text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  CONSTRAINT model_pnl_settings_pkey PRIMARY KEY (ledger_id, setting)
);
COMMENT ON TABLE model_pnl_settings IS 'What the ledger was opened with: reporting_currency.';
COMMENT ON COLUMN model_pnl_settings.ledger_id IS 'The ledger.';
COMMENT ON COLUMN model_pnl_settings.setting IS 'reporting_currency.';
COMMENT ON COLUMN model_pnl_settings.value IS 'Its value.';
