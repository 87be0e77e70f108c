-- Month to date and at its rate. book: its name; key: its key.

WITH chosen AS (
  SELECT coalesce(:day, max(day)) AS day
  FROM {{book}}
  WHERE ledger_id = :ledger
    AND calls <> 0
),
span AS (
  SELECT
    day,
    date_trunc('month', day)::date AS first_day,
    extract(day FROM day)::integer AS days_gone,
    extract(day FROM date_trunc('month', day) + interval '1 month' - interval '1 day')::integer AS days
  FROM chosen
),
sums AS (
  SELECT
    book.{{key}},
    book.currency,
    sum(revenue_direct + revenue_allocated) AS revenue,
    sum(inference_cost) AS inference_cost,
    sum(
      ai_inference_direct + ai_inference_allocated
      + vm_direct + vm_allocated
      + api_service_direct + api_service_allocated
      + other_direct + other_allocated
    ) AS operating_cost,
    sum(calls) AS calls,
    sum(unpriced_calls) AS unpriced_calls
  FROM span
  JOIN {{book}} AS book
    ON book.day >= span.first_day
    AND book.day <= span.day
  WHERE book.ledger_id = :ledger
    AND (:{{key}} IS NULL OR book.{{key}} = ANY (:{{key}}))
  GROUP BY
    book.{{key}},
    book.currency
)
SELECT
  nullif(sums.{{key}}, '') AS {{key}},
  sums.currency,
  to_char(span.first_day, 'YYYY-MM') AS month,
  span.day,
  span.days_gone,
  span.days,
  sums.revenue,
  sums.inference_cost,
  sums.operating_cost,
  sums.revenue - sums.inference_cost - sums.operating_cost AS margin,
  daybook.prorate(sums.revenue, span.days, span.days_gone) AS projected_revenue,
  daybook.prorate(sums.inference_cost, span.days, span.days_gone) AS projected_inference_cost,
  daybook.prorate(sums.operating_cost, span.days, span.days_gone) AS projected_operating_cost,
  daybook.prorate(sums.revenue, span.days, span.days_gone)
  - daybook.prorate(sums.inference_cost, span.days, span.days_gone)
  - daybook.prorate(sums.operating_cost, span.days, span.days_gone) AS projected_margin,
  sums.calls,
  sum(sums.unpriced_calls) OVER (PARTITION BY sums.{{key}}) AS unpriced_calls
FROM sums
CROSS JOIN span
WHERE sums.{{key}} <> ''
  OR sums.calls <> 0
  OR (sums.revenue, sums.inference_cost, sums.operating_cost) IS DISTINCT FROM (0, 0, 0)
ORDER BY
  sums.{{key}},
  sums.currency;
