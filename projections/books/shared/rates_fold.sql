-- Keeps the exchange rates and the ledger's reporting currency in tables of the book: see rates_tables.

INSERT INTO {{book}}_rates AS old (ledger_id, base, quote, day, rate, position)
SELECT DISTINCT ON (e.data ->> 'base', e.data ->> 'quote', e.derived ->> 'valid_from')
  e.ledger_id,
  e.data ->> 'base',
  e.data ->> 'quote',
  (e.derived ->> 'valid_from')::date,
  (e.data ->> 'rate')::numeric,
  e.position
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'rate.listed'
ORDER BY
  e.data ->> 'base',
  e.data ->> 'quote',
  e.derived ->> 'valid_from',
  e.position DESC
ON CONFLICT (ledger_id, base, quote, day) DO UPDATE SET
  rate = excluded.rate,
  position = excluded.position;

INSERT INTO {{book}}_settings AS old (ledger_id, setting, value)
SELECT DISTINCT ON (e.ledger_id)
  e.ledger_id,
  'reporting_currency',
  e.data ->> 'reporting_currency'
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'ledger.opened'
  AND e.data ? 'reporting_currency'
ORDER BY
  e.ledger_id,
  e.position DESC
ON CONFLICT (ledger_id, setting) DO UPDATE SET value = excluded.value;
