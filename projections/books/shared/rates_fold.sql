-- Keeps the exchange rates and the ledger's reporting currency in tables of the book: see rates_tables. One look at the
-- batch, as it finds nothing almost always.

WITH news AS MATERIALIZED (
  SELECT
    e.ledger_id,
    e.position,
    e.type,
    e.data,
    e.derived
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type IN ('rate.listed', 'ledger.opened')
),
rates AS (
  INSERT INTO {{book}}_rates AS old (ledger_id, base, quote, day, rate, position)
  SELECT DISTINCT ON (data ->> 'base', data ->> 'quote', derived ->> 'valid_from')
    ledger_id,
    data ->> 'base',
    data ->> 'quote',
    (derived ->> 'valid_from')::date,
    (data ->> 'rate')::numeric,
    position
  FROM news
  WHERE type = 'rate.listed'
  ORDER BY
    data ->> 'base',
    data ->> 'quote',
    derived ->> 'valid_from',
    position DESC
  ON CONFLICT (ledger_id, base, quote, day) DO UPDATE SET
    rate = excluded.rate,
    position = excluded.position
)
INSERT INTO {{book}}_settings AS old (ledger_id, setting, value)
SELECT DISTINCT ON (ledger_id)
  ledger_id,
  'reporting_currency',
  data ->> 'reporting_currency'
FROM news
WHERE type = 'ledger.opened'
  AND data ? 'reporting_currency'
ORDER BY
  ledger_id,
  position DESC
ON CONFLICT (ledger_id, setting) DO UPDATE SET value = excluded.value;
