-- What is beyond tolerance, and what is billed twice.

WITH repeated_lines AS (
  SELECT
    i.provider,
    i.period_from,
    i.period_through,
    l.model,
    l.currency,
    sign(l.cost) AS direction,
    (array_agg(i.invoice ORDER BY i.position DESC))[1] AS invoice,
    count(DISTINCT i.position) AS invoices,
    sum(l.cost) AS invoiced
  FROM reconciliation_invoices AS i
  JOIN reconciliation_lines AS l USING (ledger_id, position)
  WHERE i.ledger_id = :ledger
    AND l.cost <> 0
    AND (:provider IS NULL OR i.provider = ANY (:provider))
    AND i.period_through >= coalesce(:from, '-infinity')
    AND i.period_from <= coalesce(:to, 'infinity')
  GROUP BY
    i.provider,
    i.period_from,
    i.period_through,
    l.model,
    l.currency,
    sign(l.cost)
  HAVING count(DISTINCT i.position) > 1
),
repeated_numbers AS (
  SELECT
    i.provider,
    i.number,
    min(i.period_from) AS period_from,
    max(i.period_through) AS period_through,
    (array_agg(i.invoice ORDER BY i.position DESC))[1] AS invoice,
    count(*) AS invoices
  FROM reconciliation_invoices AS i
  WHERE i.ledger_id = :ledger
    AND i.number IS NOT NULL
    AND (:provider IS NULL OR i.provider = ANY (:provider))
    AND i.period_through >= coalesce(:from, '-infinity')
    AND i.period_from <= coalesce(:to, 'infinity')
  GROUP BY
    i.provider,
    i.number
  HAVING count(*) > 1
),
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
  judged.unknown_calls AS unpriced_calls,
  recorded.position AS recorded_position,
  recorded.recorded_at,
  recorded.difference AS recorded_difference
FROM judged
JOIN periods USING (provider, period_from, period_through)
LEFT JOIN LATERAL (
  SELECT
    r.position,
    r.recorded_at,
    r.difference
  FROM reconciliation_recorded AS r
  WHERE r.ledger_id = :ledger
    AND r.provider = judged.provider
    AND r.period_from = judged.period_from
    AND r.period_through = judged.period_through
    AND r.model = judged.model
    AND r.currency = judged.currency
    -- Recorded without a model, it is of all models together, not of the lines that name none.
    AND (:level = 'provider' OR r.model <> '')
  ORDER BY
    r.position DESC
  LIMIT 1
) AS recorded ON true
WHERE judged.finding <> 'matched'
UNION ALL
SELECT
  'duplicate_line',
  invoice,
  provider,
  period_from,
  period_through,
  nullif(model, ''),
  currency,
  invoices,
  invoiced,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL
FROM repeated_lines
WHERE :invoice IS NULL
  OR invoice = ANY (:invoice)
UNION ALL
SELECT
  'duplicate_number',
  invoice,
  provider,
  period_from,
  period_through,
  NULL,
  NULL,
  invoices,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL
FROM repeated_numbers
WHERE :invoice IS NULL
  OR invoice = ANY (:invoice)
ORDER BY
  period_from,
  period_through,
  provider,
  finding,
  model,
  currency,
  invoice;
