-- Posts rates.

INSERT INTO exchange_rates (
  ledger_id,
  position,
  listed_at,
  base,
  quote,
  day,
  rate,
  note
)
SELECT
  e.ledger_id,
  e.position,
  e.recorded_at,
  e.data ->> 'base',
  e.data ->> 'quote',
  (e.derived ->> 'valid_from')::date,
  (e.data ->> 'rate')::numeric,
  e.data ->> 'note'
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'rate.listed';
