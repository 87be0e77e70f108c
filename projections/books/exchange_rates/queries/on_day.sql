-- The rate of each pair that holds on a day.

SELECT DISTINCT ON (base, quote)
  base,
  quote,
  day,
  rate,
  listed_at,
  position,
  note
FROM exchange_rates
WHERE ledger_id = :ledger
  AND day <= coalesce(:day, 'infinity')
  AND (:base IS NULL OR base = ANY (:base))
  AND (:quote IS NULL OR quote = ANY (:quote))
ORDER BY
  base,
  quote,
  day DESC,
  position DESC;
