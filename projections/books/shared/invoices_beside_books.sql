-- What is billed beside what is booked for the same days, judged by tolerance: the common tables `periods` (each with
-- one of its invoices) and `judged` of the queries of reconciliation, with their parameters.

billed AS (
  SELECT
    i.provider,
    i.period_from,
    i.period_through,
    CASE WHEN :level = 'model' THEN l.model ELSE '' END AS model,
    l.currency,
    sum(l.cost) AS invoiced,
    count(DISTINCT i.position) AS invoices,
    (array_agg(i.invoice ORDER BY i.position DESC))[1] AS invoice
  FROM reconciliation_invoices AS i
  JOIN reconciliation_lines AS l USING (ledger_id, position)
  WHERE i.ledger_id = :ledger
    AND (:provider IS NULL OR i.provider = ANY (:provider))
    AND (:invoice IS NULL OR i.invoice = ANY (:invoice))
    AND i.period_through >= coalesce(:from, '-infinity')
    AND i.period_from <= coalesce(:to, 'infinity')
  GROUP BY
    1,
    2,
    3,
    4,
    5
),
periods AS (
  SELECT
    provider,
    period_from,
    period_through,
    (array_agg(invoice ORDER BY invoice))[1] AS invoice
  FROM billed
  GROUP BY
    provider,
    period_from,
    period_through
),
known AS (
  SELECT
    p.provider,
    p.period_from,
    p.period_through,
    CASE WHEN :level = 'model' THEN r.model ELSE '' END AS model,
    r.currency,
    CASE WHEN r.currency <> 'XXX' THEN sum(r.booked + r.incurred) END AS booked,
    sum(r.calls) AS calls,
    sum(r.unpriced_calls) AS unpriced_calls
  FROM periods AS p
  JOIN reconciliation AS r
    ON r.provider = p.provider
    AND r.day BETWEEN p.period_from AND p.period_through
  WHERE r.ledger_id = :ledger
  GROUP BY
    1,
    2,
    3,
    4,
    5
  -- Estimates and reported costs may stand in currencies in which nothing is booked.
  HAVING sum(r.calls) <> 0
    OR sum(r.booked + r.incurred) <> 0
),
sides AS (
  SELECT
    coalesce(b.provider, k.provider) AS provider,
    coalesce(b.period_from, k.period_from) AS period_from,
    coalesce(b.period_through, k.period_through) AS period_through,
    coalesce(b.model, k.model) AS model,
    coalesce(b.currency, k.currency) AS currency,
    b.invoice,
    coalesce(b.invoices, 0) AS invoices,
    b.invoiced,
    k.booked,
    coalesce(k.calls, 0) AS calls,
    coalesce(k.unpriced_calls, 0) AS unpriced_calls
  FROM billed AS b
  FULL JOIN known AS k
    ON k.provider = b.provider
    AND k.period_from = b.period_from
    AND k.period_through = b.period_through
    AND k.model = b.model
    AND k.currency = b.currency
),
beside AS (
  SELECT
    sides.*,
    sum(unpriced_calls) OVER same_model AS unknown_calls,
    sum(calls) OVER same_model AS all_calls,
    count(booked) OVER same_model AS booked_currencies,
    count(invoiced) OVER same_model AS billed_currencies,
    coalesce(invoiced, 0) - coalesce(booked, 0) AS difference
  FROM sides
  WINDOW same_model AS (PARTITION BY provider, period_from, period_through, model)
),
judged AS (
  SELECT
    beside.*,
    CASE
      WHEN booked_currencies = 0 AND unknown_calls > 0 THEN 'calls_without_cost'
      WHEN abs(difference) <= greatest(:tolerance, :tolerance_share * abs(booked)) THEN 'matched'
      WHEN invoiced IS NULL THEN 'not_invoiced'
      WHEN booked IS NULL AND booked_currencies > 0 THEN 'other_currency'
      WHEN booked IS NULL THEN 'cost_without_calls'
      ELSE 'difference'
    END AS finding
  FROM beside
  -- Calls of unknown cost are shown beside the amounts of their model, and by themselves where it has none.
  WHERE currency <> 'XXX'
    OR (unpriced_calls > 0 AND booked_currencies = 0 AND billed_currencies = 0)
)
