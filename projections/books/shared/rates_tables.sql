-- Exchange rates and the ledger's reporting currency, for a book that shows amounts in one currency: queries see the
-- tables of their own book alone, as they must at any position. book: its name.

CREATE TABLE {{book}}_rates (
  ledger_id text COLLATE "C" NOT NULL,
  base text COLLATE "C" NOT NULL,
  quote text COLLATE "C" NOT NULL,
  day date NOT NULL,
  rate numeric NOT NULL,
  position bigint NOT NULL,
  CONSTRAINT {{book}}_rates_pkey PRIMARY KEY (ledger_id, base, quote, day)
);
COMMENT ON TABLE {{book}}_rates IS 'Exchange rates: one of a pair holds from its day until the next one''s.';
COMMENT ON COLUMN {{book}}_rates.ledger_id IS 'The ledger.';
COMMENT ON COLUMN {{book}}_rates.base IS 'ISO 4217: one of this …';
COMMENT ON COLUMN {{book}}_rates.quote IS 'ISO 4217: … is so many of this.';
COMMENT ON COLUMN {{book}}_rates.day IS 'First day that the rate holds.';
COMMENT ON COLUMN {{book}}_rates.rate IS 'How many.';
COMMENT ON COLUMN {{book}}_rates.position IS 'Position of the event: the last one of a day counts.';

CREATE TABLE {{book}}_settings (
  ledger_id text COLLATE "C" NOT NULL,
  setting text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  CONSTRAINT {{book}}_settings_pkey PRIMARY KEY (ledger_id, setting)
);
COMMENT ON TABLE {{book}}_settings IS 'What the ledger was opened with: reporting_currency.';
COMMENT ON COLUMN {{book}}_settings.ledger_id IS 'The ledger.';
COMMENT ON COLUMN {{book}}_settings.setting IS 'reporting_currency.';
COMMENT ON COLUMN {{book}}_settings.value IS 'Its value.';
