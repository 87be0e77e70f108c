-- Profit and loss in one currency, beside the amounts as they are.
-- Each day's figure is converted with the newest rate of its pair that holds on that day, or by it where only the
-- inverse pair is listed, and rounded once. What has no rate stands in rows of its own, in its own currency.

WITH target AS (
  SELECT
    coalesce(
      :currency,
      (SELECT value FROM strategy_pnl_settings WHERE ledger_id = :ledger AND setting = 'reporting_currency')
    ) AS reporting
),
days AS (
  SELECT
    day,
    strategy,
    currency,
    revenue_direct + revenue_allocated AS revenue,
    inference_cost,
    ai_inference_direct + ai_inference_allocated
    + vm_direct + vm_allocated
    + api_service_direct + api_service_allocated
    + other_direct + other_allocated AS operating_cost,
    calls,
    unpriced_calls
  FROM strategy_pnl
  WHERE ledger_id = :ledger
    AND day >= coalesce(:from, '-infinity')
    AND day <= coalesce(:to, 'infinity')
    AND (:strategy IS NULL OR strategy = ANY (:strategy))
),
rates AS (
  SELECT
    pairs.day,
    pairs.currency,
    coalesce(found.rate, CASE WHEN pairs.currency = target.reporting THEN 1 END) AS rate,
    coalesce(found.is_inverse, false) AS is_inverse,
    found.day AS rate_day
  FROM (SELECT DISTINCT day, currency FROM days) AS pairs
  CROSS JOIN target
  LEFT JOIN LATERAL (
    SELECT
      listed.rate,
      listed.base <> pairs.currency AS is_inverse,
      listed.day
    FROM strategy_pnl_rates AS listed
    WHERE listed.ledger_id = :ledger
      AND (listed.base, listed.quote) IN ((pairs.currency, target.reporting), (target.reporting, pairs.currency))
      AND listed.day <= pairs.day
    ORDER BY
      listed.day DESC,
      listed.base <> pairs.currency
    LIMIT 1
  ) AS found ON pairs.currency <> target.reporting
),
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
    CASE WHEN 'strategy' = ANY (:group_by) THEN strategy END AS strategy,
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
  nullif(sums.strategy, '') AS strategy,
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
  sum(sums.unpriced_calls) OVER (PARTITION BY sums.day, sums.month, sums.strategy) AS unpriced_calls
FROM sums
CROSS JOIN target
WHERE sums.strategy IS DISTINCT FROM ''
  OR sums.calls <> 0
  OR (sums.revenue, sums.inference_cost, sums.operating_cost) IS DISTINCT FROM (0, 0, 0)
ORDER BY
  sums.day,
  sums.month,
  sums.strategy,
  sums.is_converted DESC,
  sums.currency;
