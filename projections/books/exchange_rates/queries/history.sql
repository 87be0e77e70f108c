-- Every rate that was listed, the newest days first.

SELECT
  base,
  quote,
  day,
  rate,
  position = max(position) OVER (PARTITION BY base, quote, day) AS counts,
  listed_at,
  position,
  note
FROM exchange_rates
WHERE ledger_id = :ledger
  AND day >= coalesce(:from, '-infinity')
  AND day <= coalesce(:to, 'infinity')
  AND (:base IS NULL OR base = ANY (:base))
  AND (:quote IS NULL OR quote = ANY (:quote))
ORDER BY
  day DESC,
  base,
  quote,
  position DESC;
