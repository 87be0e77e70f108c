-- Profit and loss in one currency. book: its name; key: its key.

WITH
-- include shared/reporting.sql book={{book}}
days AS (
  SELECT
    day,
    {{key}},
    currency,
    revenue_direct + revenue_allocated AS revenue,
    inference_cost,
    ai_inference_direct + ai_inference_allocated
    + vm_direct + vm_allocated
    + api_service_direct + api_service_allocated
    + other_direct + other_allocated AS operating_cost,
    calls,
    unpriced_calls
  FROM {{book}}
  WHERE ledger_id = :ledger
    AND day >= coalesce(:from, '-infinity')
    AND day <= coalesce(:to, 'infinity')
    AND (:{{key}} IS NULL OR {{key}} = ANY (:{{key}}))
),
-- include shared/rates_of_days.sql book={{book}}
converted AS (
  SELECT
    days.*,
    rates.rate_day,
    rates.rate IS NOT NULL AS is_converted,
    daybook.convert(days.revenue, rates.rate, rates.is_inverse) AS converted_revenue,
    daybook.convert(days.inference_cost, rates.rate, rates.is_inverse) AS converted_inference_cost,
    daybook.convert(days.operating_cost, rates.rate, rates.is_inverse) AS converted_operating_cost
  FROM days
  JOIN rates USING (day, currency)
),
sums AS (
  SELECT
    CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
    CASE WHEN 'month' = ANY (:group_by) THEN to_char(day, 'YYYY-MM') END AS month,
    CASE WHEN '{{key}}' = ANY (:group_by) THEN {{key}} END AS {{key}},
    -- Amounts of different currencies are added only where all of them are converted.
    CASE WHEN 'currency' = ANY (:group_by) OR NOT is_converted THEN currency END AS currency,
    is_converted,
    sum(revenue) AS revenue,
    sum(inference_cost) AS inference_cost,
    sum(operating_cost) AS operating_cost,
    sum(converted_revenue) AS converted_revenue,
    sum(converted_inference_cost) AS converted_inference_cost,
    sum(converted_operating_cost) AS converted_operating_cost,
    min(rate_day) AS first_rate_day,
    max(rate_day) AS last_rate_day,
    sum(calls) AS calls,
    sum(unpriced_calls) AS unpriced_calls
  FROM converted
  GROUP BY
    1,
    2,
    3,
    4,
    5
)
SELECT
  sums.day,
  sums.month,
  nullif(sums.{{key}}, '') AS {{key}},
  sums.currency,
  CASE WHEN sums.currency IS NOT NULL THEN sums.revenue END AS revenue,
  CASE WHEN sums.currency IS NOT NULL THEN sums.inference_cost END AS inference_cost,
  CASE WHEN sums.currency IS NOT NULL THEN sums.operating_cost END AS operating_cost,
  CASE WHEN sums.currency IS NOT NULL THEN sums.revenue - sums.inference_cost - sums.operating_cost END AS margin,
  CASE WHEN sums.is_converted THEN target.reporting END AS reporting_currency,
  sums.converted_revenue,
  sums.converted_inference_cost,
  sums.converted_operating_cost,
  sums.converted_revenue - sums.converted_inference_cost - sums.converted_operating_cost AS converted_margin,
  sums.first_rate_day,
  sums.last_rate_day,
  sums.calls,
  sum(sums.unpriced_calls) OVER (PARTITION BY sums.day, sums.month, sums.{{key}}) AS unpriced_calls
FROM sums
CROSS JOIN target
WHERE sums.{{key}} IS DISTINCT FROM ''
  OR sums.calls <> 0
  OR (sums.revenue, sums.inference_cost, sums.operating_cost) IS DISTINCT FROM (0, 0, 0)
ORDER BY
  sums.day,
  sums.month,
  sums.{{key}},
  sums.is_converted DESC,
  sums.currency;
