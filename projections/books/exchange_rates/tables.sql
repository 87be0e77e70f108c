-- Exchange rates as they were listed.
-- Keeps true: every rate that was listed is a row; of several for one pair and day, the last one counts.

CREATE TABLE exchange_rates (
  ledger_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  listed_at timestamptz NOT NULL,
  base text COLLATE "C" NOT NULL,
  quote text COLLATE "C" NOT NULL,
  day date NOT NULL,
  rate numeric NOT NULL,
  note text COLLATE "C",
  CONSTRAINT exchange_rates_pkey PRIMARY KEY (ledger_id, position)
);
COMMENT ON TABLE exchange_rates IS 'One rate that was listed.';
COMMENT ON COLUMN exchange_rates.ledger_id IS 'The ledger.';
COMMENT ON COLUMN exchange_rates.position IS 'Position of the event.';
COMMENT ON COLUMN exchange_rates.listed_at IS 'When it was recorded.';
COMMENT ON COLUMN exchange_rates.base IS 'ISO 4217: one of this …';
COMMENT ON COLUMN exchange_rates.quote IS 'ISO 4217: … is so many of this.';
COMMENT ON COLUMN exchange_rates.day IS 'First day that the rate holds, in the ledger''s reporting time zone.';
COMMENT ON COLUMN exchange_rates.rate IS 'How many.';
COMMENT ON COLUMN exchange_rates.note IS 'For people; NULL: none.';
