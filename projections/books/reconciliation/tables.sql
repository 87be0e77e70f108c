-- What calls were expected to cost, what they cost, and what providers bill for them.
-- Keeps true: the sums equal the log's up to the cursor, each in its own currency: completions and costs with their
-- corrections, estimates of decisions whose call was reported, every line of every invoice, and every difference that
-- was recorded.

CREATE TABLE reconciliation (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  provider text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  calls bigint NOT NULL,
  unpriced_calls bigint NOT NULL,
  computed_calls bigint NOT NULL,
  reported_calls bigint NOT NULL,
  compared_calls bigint NOT NULL,
  estimated_calls bigint NOT NULL,
  booked numeric NOT NULL,
  computed numeric NOT NULL,
  reported numeric NOT NULL,
  compared_computed numeric NOT NULL,
  compared_reported numeric NOT NULL,
  estimated numeric NOT NULL,
  incurred numeric NOT NULL,
  CONSTRAINT reconciliation_pkey PRIMARY KEY (ledger_id, day, provider, model, currency)
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 70);
COMMENT ON TABLE reconciliation IS
  'One day of a provider''s model in one currency: estimated, computed, reported and booked.';
COMMENT ON COLUMN reconciliation.ledger_id IS 'The ledger.';
COMMENT ON COLUMN reconciliation.day IS
  'Posting date, in the ledger''s reporting time zone; of accrued costs each day.';
COMMENT ON COLUMN reconciliation.provider IS 'The provider; empty: a cost that names none.';
COMMENT ON COLUMN reconciliation.model IS 'The model; empty: a cost that names none.';
COMMENT ON COLUMN reconciliation.currency IS
  'ISO 4217; XXX for completions without a known cost, where amounts are 0 of nothing.';
COMMENT ON COLUMN reconciliation.calls IS
  'Completions booked in this currency, reversed ones taken off; under XXX those of unknown cost.';
COMMENT ON COLUMN reconciliation.unpriced_calls IS
  'Of these, completions whose cost is not known.';
COMMENT ON COLUMN reconciliation.computed_calls IS
  'Completions whose cost was computed from prices.';
COMMENT ON COLUMN reconciliation.reported_calls IS
  'Completions whose provider told a cost.';
COMMENT ON COLUMN reconciliation.compared_calls IS
  'Completions with both, in the same currency.';
COMMENT ON COLUMN reconciliation.estimated_calls IS
  'Calls that the ledger had decided, with an estimate of their cost; counted with the first completion of each.';
COMMENT ON COLUMN reconciliation.booked IS
  'What is booked of the completions now, restatements and adjustments included.';
COMMENT ON COLUMN reconciliation.computed IS
  'What their prices gave when they were recorded.';
COMMENT ON COLUMN reconciliation.reported IS
  'What the provider told with them.';
COMMENT ON COLUMN reconciliation.compared_computed IS
  'computed, of the completions that have both.';
COMMENT ON COLUMN reconciliation.compared_reported IS
  'reported, of the completions that have both.';
COMMENT ON COLUMN reconciliation.estimated IS
  'What the decisions estimated, under the model and provider that were chosen.';
COMMENT ON COLUMN reconciliation.incurred IS
  'Costs incurred that are no single call''s, accrued to the day.';

CREATE TABLE reconciliation_invoices (
  ledger_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  invoice text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  number text COLLATE "C",
  period_from date NOT NULL,
  period_through date NOT NULL,
  posting_date date NOT NULL,
  CONSTRAINT reconciliation_invoices_pkey PRIMARY KEY (ledger_id, position)
);
COMMENT ON TABLE reconciliation_invoices IS 'Invoices received.';
COMMENT ON COLUMN reconciliation_invoices.ledger_id IS 'The ledger.';
COMMENT ON COLUMN reconciliation_invoices.position IS 'Position of the event.';
COMMENT ON COLUMN reconciliation_invoices.invoice IS 'The ledger''s id of the invoice.';
COMMENT ON COLUMN reconciliation_invoices.provider IS 'Who billed.';
COMMENT ON COLUMN reconciliation_invoices.number IS 'The provider''s number; NULL: none was given.';
COMMENT ON COLUMN reconciliation_invoices.period_from IS 'First day of the billed period.';
COMMENT ON COLUMN reconciliation_invoices.period_through IS 'Last day of the billed period.';
COMMENT ON COLUMN reconciliation_invoices.posting_date IS 'The day the invoice is posted on.';

CREATE TABLE reconciliation_lines (
  ledger_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  line integer NOT NULL,
  model text COLLATE "C" NOT NULL,
  sku text COLLATE "C",
  quantity numeric,
  unit text COLLATE "C",
  currency text COLLATE "C" NOT NULL,
  cost numeric NOT NULL,
  CONSTRAINT reconciliation_lines_pkey PRIMARY KEY (ledger_id, position, line)
);
COMMENT ON TABLE reconciliation_lines IS 'Lines of invoices.';
COMMENT ON COLUMN reconciliation_lines.ledger_id IS 'The ledger.';
COMMENT ON COLUMN reconciliation_lines.position IS 'Position of the invoice.';
COMMENT ON COLUMN reconciliation_lines.line IS 'The line, from 1.';
COMMENT ON COLUMN reconciliation_lines.model IS 'The model; empty: the line names none.';
COMMENT ON COLUMN reconciliation_lines.sku IS 'The provider''s article.';
COMMENT ON COLUMN reconciliation_lines.quantity IS 'How many units.';
COMMENT ON COLUMN reconciliation_lines.unit IS 'Of what.';
COMMENT ON COLUMN reconciliation_lines.currency IS 'ISO 4217.';
COMMENT ON COLUMN reconciliation_lines.cost IS 'What is billed; below zero for a credit.';

CREATE TABLE reconciliation_recorded (
  ledger_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  invoice text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  period_from date NOT NULL,
  period_through date NOT NULL,
  model text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  invoiced numeric NOT NULL,
  booked numeric NOT NULL,
  difference numeric NOT NULL,
  tolerance numeric,
  tolerance_share numeric,
  book_position bigint NOT NULL,
  CONSTRAINT reconciliation_recorded_pkey PRIMARY KEY (ledger_id, position)
);
COMMENT ON TABLE reconciliation_recorded IS 'Differences that somebody recorded: what the book said then.';
COMMENT ON COLUMN reconciliation_recorded.ledger_id IS 'The ledger.';
COMMENT ON COLUMN reconciliation_recorded.position IS 'Position of the event.';
COMMENT ON COLUMN reconciliation_recorded.recorded_at IS 'When it was recorded.';
COMMENT ON COLUMN reconciliation_recorded.invoice IS 'The ledger''s id of the invoice.';
COMMENT ON COLUMN reconciliation_recorded.provider IS 'Who billed.';
COMMENT ON COLUMN reconciliation_recorded.period_from IS 'First day that was compared.';
COMMENT ON COLUMN reconciliation_recorded.period_through IS 'Last day that was compared.';
COMMENT ON COLUMN reconciliation_recorded.model IS 'The model; empty: all together.';
COMMENT ON COLUMN reconciliation_recorded.currency IS 'ISO 4217.';
COMMENT ON COLUMN reconciliation_recorded.invoiced IS 'What was invoiced.';
COMMENT ON COLUMN reconciliation_recorded.booked IS 'What was booked.';
COMMENT ON COLUMN reconciliation_recorded.difference IS 'invoiced - booked.';
COMMENT ON COLUMN reconciliation_recorded.tolerance IS 'The largest amount that was tolerated; NULL: none was named.';
COMMENT ON COLUMN reconciliation_recorded.tolerance_share IS
  'The largest share that was tolerated; NULL: none was named.';
COMMENT ON COLUMN reconciliation_recorded.book_position IS 'The position that the book reflected.';

-- include shared/rates_tables.sql book=reconciliation
