-- Every difference that was recorded, the newest first.

SELECT
  position,
  recorded_at,
  invoice,
  provider,
  period_from,
  period_through,
  nullif(model, '') AS model,
  currency,
  invoiced,
  booked,
  difference,
  daybook.share_of(difference, booked) AS difference_share,
  tolerance,
  tolerance_share,
  book_position
FROM reconciliation_recorded
WHERE ledger_id = :ledger
  AND period_through >= coalesce(:from, '-infinity')
  AND period_from <= coalesce(:to, 'infinity')
  AND (:provider IS NULL OR provider = ANY (:provider))
  AND (:invoice IS NULL OR invoice = ANY (:invoice))
ORDER BY
  position DESC;
