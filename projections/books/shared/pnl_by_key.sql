-- Profit and loss by the keys in group_by. book: its name; key: its key.

WITH sums AS (
  SELECT
    CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
    CASE WHEN 'month' = ANY (:group_by) THEN to_char(day, 'YYYY-MM') END AS month,
    CASE WHEN '{{key}}' = ANY (:group_by) THEN {{key}} END AS {{key}},
    currency,
    sum(revenue_direct) AS revenue_direct,
    sum(revenue_allocated) AS revenue_allocated,
    sum(inference_cost) AS inference_cost,
    sum(ai_inference_direct) AS ai_inference_direct,
    sum(ai_inference_allocated) AS ai_inference_allocated,
    sum(vm_direct) AS vm_direct,
    sum(vm_allocated) AS vm_allocated,
    sum(api_service_direct) AS api_service_direct,
    sum(api_service_allocated) AS api_service_allocated,
    sum(other_direct) AS other_direct,
    sum(other_allocated) AS other_allocated,
    sum(revenue_direct + revenue_allocated) AS revenue,
    sum(
      ai_inference_direct + ai_inference_allocated
      + vm_direct + vm_allocated
      + api_service_direct + api_service_allocated
      + other_direct + other_allocated
    ) AS operating_cost,
    sum(calls) AS calls,
    sum(unpriced_calls) AS unpriced_calls
  FROM {{book}}
  WHERE ledger_id = :ledger
    AND day >= coalesce(:from, '-infinity')
    AND day <= coalesce(:to, 'infinity')
    AND (:{{key}} IS NULL OR {{key}} = ANY (:{{key}}))
  GROUP BY
    1,
    2,
    3,
    4
)
SELECT
  day,
  month,
  nullif({{key}}, '') AS {{key}},
  currency,
  revenue_direct,
  revenue_allocated,
  revenue,
  inference_cost,
  ai_inference_direct,
  ai_inference_allocated,
  vm_direct,
  vm_allocated,
  api_service_direct,
  api_service_allocated,
  other_direct,
  other_allocated,
  operating_cost,
  revenue - inference_cost - operating_cost AS margin,
  daybook.share_of(revenue - inference_cost - operating_cost, revenue) AS margin_share,
  calls,
  sum(unpriced_calls) OVER (PARTITION BY sums.day, sums.month, sums.{{key}}) AS unpriced_calls
FROM sums
-- The row of what names no {{key}} is shown where something stands in it.
WHERE sums.{{key}} IS DISTINCT FROM ''
  OR calls <> 0
  OR num_nulls(nullif(revenue, 0), nullif(inference_cost, 0), nullif(operating_cost, 0)) < 3
ORDER BY
  sums.day,
  sums.month,
  sums.{{key}},
  currency;
