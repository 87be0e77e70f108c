-- What providers bill for a period, beside what is booked for the same days, model by model or as a whole.

WITH
-- include shared/invoices_beside_books.sql
SELECT
  judged.finding,
  coalesce(judged.invoice, periods.invoice) AS invoice,
  judged.provider,
  judged.period_from,
  judged.period_through,
  nullif(judged.model, '') AS model,
  judged.currency,
  judged.invoices,
  judged.invoiced,
  judged.booked,
  judged.difference,
  daybook.share_of(judged.difference, judged.booked) AS difference_share,
  judged.all_calls AS calls,
  judged.unknown_calls AS unpriced_calls
FROM judged
JOIN periods USING (provider, period_from, period_through)
ORDER BY
  judged.period_from,
  judged.period_through,
  judged.provider,
  judged.model,
  judged.currency;
