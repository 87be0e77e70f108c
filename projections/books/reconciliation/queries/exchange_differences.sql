-- What exchange rates made of costs between the days that they are booked on and the day that they are billed.
-- A day's cost of a model is settled by the first invoice that bills the model and covers the day, in whatever currency:
-- none is settled twice. In the reporting currency it was worth so much at the rate of its own day, and so much at the
-- rate of the invoice's day: the difference is realised on that day. What the invoice bills beyond that is no matter of
-- rates and stands apart. Each value is rounded once. What lacks a rate stands in rows of its own, in its own currency.

WITH
-- include shared/reporting.sql book=reconciliation
bills AS MATERIALIZED (
  SELECT
    i.position,
    i.provider,
    i.period_from,
    i.period_through,
    i.posting_date AS day,
    CASE WHEN :level = 'model' THEN l.model ELSE '' END AS model,
    l.currency,
    sum(l.cost) AS invoiced
  FROM reconciliation_invoices AS i
  JOIN reconciliation_lines AS l USING (ledger_id, position)
  WHERE i.ledger_id = :ledger
    AND (:provider IS NULL OR i.provider = ANY (:provider))
  GROUP BY
    1,
    2,
    3,
    4,
    5,
    6,
    7
),
settled AS MATERIALIZED (
  SELECT
    bill.position,
    bill.day AS billed_on,
    r.day,
    CASE WHEN :level = 'model' THEN r.model ELSE '' END AS model,
    r.currency,
    sum(r.booked + r.incurred) AS booked
  FROM reconciliation AS r
  CROSS JOIN LATERAL (
    SELECT
      b.position,
      b.day
    FROM bills AS b
    WHERE b.provider = r.provider
      AND b.model = CASE WHEN :level = 'model' THEN r.model ELSE '' END
      AND r.day BETWEEN b.period_from AND b.period_through
    ORDER BY
      b.position
    LIMIT 1
  ) AS bill
  WHERE r.ledger_id = :ledger
    AND r.currency <> 'XXX'
  GROUP BY
    1,
    2,
    3,
    4,
    5
  HAVING sum(r.booked + r.incurred) <> 0
),
days AS (
  SELECT day, currency FROM settled
  UNION
  SELECT billed_on, currency FROM settled
  UNION
  SELECT day, currency FROM bills
),
-- include shared/rates_of_days.sql book=reconciliation
costs AS (
  SELECT
    settled.position,
    settled.model,
    settled.currency,
    sum(settled.booked) AS booked,
    sum(daybook.convert(settled.booked, rates.rate, rates.is_inverse)) AS booked_value,
    count(*) = count(rates.rate) AS is_valued,
    min(rates.rate_day) AS first_rate_day,
    max(rates.rate_day) AS last_rate_day
  FROM settled
  JOIN rates USING (day, currency)
  GROUP BY
    1,
    2,
    3
),
sides AS (
  SELECT
    coalesce(costs.position, bills.position) AS position,
    coalesce(costs.model, bills.model) AS model,
    coalesce(costs.currency, bills.currency) AS currency,
    costs.booked,
    costs.booked_value,
    coalesce(costs.is_valued, true) AS is_valued,
    bills.invoiced,
    costs.first_rate_day,
    costs.last_rate_day
  FROM costs
  FULL JOIN bills
    ON bills.position = costs.position
    AND bills.model = costs.model
    AND bills.currency = costs.currency
),
valued AS (
  SELECT
    i.posting_date AS day,
    i.invoice,
    i.provider,
    sides.*,
    rates.rate_day,
    rates.rate IS NOT NULL AND sides.is_valued AS is_converted,
    daybook.convert(sides.booked, rates.rate, rates.is_inverse) AS billed_value,
    daybook.convert(sides.invoiced, rates.rate, rates.is_inverse) AS invoiced_value
  FROM sides
  JOIN reconciliation_invoices AS i ON i.position = sides.position
  JOIN rates
    ON rates.day = i.posting_date
    AND rates.currency = sides.currency
  WHERE i.ledger_id = :ledger
    AND i.posting_date >= coalesce(:from, '-infinity')
    AND i.posting_date <= coalesce(:to, 'infinity')
),
sums AS (
  SELECT
    CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
    CASE WHEN 'month' = ANY (:group_by) THEN to_char(day, 'YYYY-MM') END AS month,
    CASE WHEN 'invoice' = ANY (:group_by) THEN invoice END AS invoice,
    CASE WHEN 'provider' = ANY (:group_by) THEN provider END AS provider,
    CASE WHEN 'model' = ANY (:group_by) THEN model END AS model,
    -- Amounts of different currencies are added only where all of them are converted.
    CASE WHEN 'currency' = ANY (:group_by) OR NOT is_converted THEN currency END AS currency,
    is_converted,
    sum(booked) AS booked,
    sum(invoiced) AS invoiced,
    coalesce(sum(booked_value), 0) AS booked_value,
    coalesce(sum(billed_value), 0) AS billed_value,
    coalesce(sum(invoiced_value), 0) AS invoiced_value,
    least(min(first_rate_day), min(rate_day)) AS first_rate_day,
    greatest(max(last_rate_day), max(rate_day)) AS last_rate_day
  FROM valued
  GROUP BY
    1,
    2,
    3,
    4,
    5,
    6,
    7
)
SELECT
  sums.day,
  sums.month,
  sums.invoice,
  sums.provider,
  nullif(sums.model, '') AS model,
  sums.currency,
  CASE WHEN sums.currency IS NOT NULL THEN sums.booked END AS booked,
  CASE WHEN sums.currency IS NOT NULL THEN sums.invoiced END AS invoiced,
  CASE WHEN sums.is_converted THEN target.reporting END AS reporting_currency,
  CASE WHEN sums.is_converted THEN sums.booked_value END AS booked_value,
  CASE WHEN sums.is_converted THEN sums.billed_value END AS billed_value,
  CASE WHEN sums.is_converted THEN sums.billed_value - sums.booked_value END AS exchange_difference,
  CASE WHEN sums.is_converted THEN sums.invoiced_value END AS invoiced_value,
  CASE WHEN sums.is_converted THEN sums.invoiced_value - sums.billed_value END AS billing_difference,
  CASE WHEN sums.is_converted THEN sums.first_rate_day END AS first_rate_day,
  CASE WHEN sums.is_converted THEN sums.last_rate_day END AS last_rate_day
FROM sums
CROSS JOIN target
ORDER BY
  sums.day,
  sums.month,
  sums.invoice,
  sums.provider,
  sums.model,
  sums.is_converted DESC,
  sums.currency;
