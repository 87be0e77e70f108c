-- The tables of a book of profit and loss; parameters as in pnl_fold.

CREATE TABLE {{book}} (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  {{key}} text COLLATE "C" NOT NULL,
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
  CONSTRAINT {{book}}_pkey PRIMARY KEY (ledger_id, day, {{key}}, currency),
  CONSTRAINT {{book}}_amounts_are_known_but_for_xxx CHECK (
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
COMMENT ON TABLE {{book}} IS 'Revenue and costs of one day by {{key}} and currency.';
COMMENT ON COLUMN {{book}}.ledger_id IS 'The ledger.';
COMMENT ON COLUMN {{book}}.day IS 'Posting date, in the ledger''s reporting time zone; of accrued costs each day.';
COMMENT ON COLUMN {{book}}.{{key}} IS 'The {{key}}; empty: what was said names none.';
COMMENT ON COLUMN {{book}}.currency IS 'ISO 4217; XXX for completions without a known cost.';
COMMENT ON COLUMN {{book}}.revenue_direct IS
  'Revenue that names the {{key}}; in the row without a {{key}}, what could not be allocated.';
COMMENT ON COLUMN {{book}}.revenue_allocated IS
  'Share of revenue that names no {{key}}, by inference cost.';
COMMENT ON COLUMN {{book}}.inference_cost IS
  'Booked cost of the completions, restatements and adjustments included.';
COMMENT ON COLUMN {{book}}.ai_inference_direct IS
  'Accrued cost that names the {{key}}; in the row without a {{key}}, what could not be allocated.';
COMMENT ON COLUMN {{book}}.ai_inference_allocated IS
  'Share of accrued costs that name no {{key}}, by inference cost.';
COMMENT ON COLUMN {{book}}.vm_direct IS
  'Accrued cost that names the {{key}}; in the row without a {{key}}, what could not be allocated.';
COMMENT ON COLUMN {{book}}.vm_allocated IS
  'Share of accrued costs that name no {{key}}, by inference cost.';
COMMENT ON COLUMN {{book}}.api_service_direct IS
  'Accrued cost that names the {{key}}; in the row without a {{key}}, what could not be allocated.';
COMMENT ON COLUMN {{book}}.api_service_allocated IS
  'Share of accrued costs that name no {{key}}, by inference cost.';
COMMENT ON COLUMN {{book}}.other_direct IS
  'Accrued cost that names the {{key}}; in the row without a {{key}}, what could not be allocated.';
COMMENT ON COLUMN {{book}}.other_allocated IS
  'Share of accrued costs that name no {{key}}, by inference cost.';
COMMENT ON COLUMN {{book}}.calls IS 'Completions, reversed ones taken off.';
COMMENT ON COLUMN {{book}}.unpriced_calls IS 'Of these, completions whose cost is not known.';

CREATE TABLE {{book}}_inference (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  {{columns}} text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  cost numeric NOT NULL,
  CONSTRAINT {{book}}_inference_pkey PRIMARY KEY (ledger_id, day, {{columns, }}, currency)
)
WITH (fillfactor = 70);
COMMENT ON TABLE {{book}}_inference IS 'Inference cost of one day, as fine as allocation needs it.';
COMMENT ON COLUMN {{book}}_inference.ledger_id IS 'The ledger.';
COMMENT ON COLUMN {{book}}_inference.day IS 'Posting date.';
COMMENT ON COLUMN {{book}}_inference.{{columns}} IS 'The {{columns}}; empty: none was named.';
COMMENT ON COLUMN {{book}}_inference.currency IS 'ISO 4217.';
COMMENT ON COLUMN {{book}}_inference.cost IS
  'Sum of the booked costs; may be below zero after corrections.';

CREATE TABLE {{book}}_pools (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  {{scope}} text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  amount numeric NOT NULL,
  CONSTRAINT {{book}}_pools_pkey PRIMARY KEY (ledger_id, day, {{scope, }}, kind, currency)
)
WITH (fillfactor = 70);
COMMENT ON TABLE {{book}}_pools IS
  'What names no {{key}}: one day''s revenue or costs that are divided together.';
COMMENT ON COLUMN {{book}}_pools.ledger_id IS 'The ledger.';
COMMENT ON COLUMN {{book}}_pools.day IS 'Posting date, or the accrued day.';
COMMENT ON COLUMN {{book}}_pools.{{scope}} IS 'The {{scope}} that is named; empty: none.';
COMMENT ON COLUMN {{book}}_pools.kind IS 'revenue, or the category of the cost.';
COMMENT ON COLUMN {{book}}_pools.currency IS 'ISO 4217.';
COMMENT ON COLUMN {{book}}_pools.amount IS 'Sum of the day.';

CREATE TABLE {{book}}_pending (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  CONSTRAINT {{book}}_pending_pkey PRIMARY KEY (ledger_id, day)
);
COMMENT ON TABLE {{book}}_pending IS 'Days to be allocated anew; empty but within a batch.';
COMMENT ON COLUMN {{book}}_pending.ledger_id IS 'The ledger.';
COMMENT ON COLUMN {{book}}_pending.day IS 'A day that the batch posted something to.';

-- include shared/rates_tables.sql book={{book}}
