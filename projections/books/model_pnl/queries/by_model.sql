-- Profit and loss for each combination of the keys in group_by.

SELECT
  CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
  CASE WHEN 'model' = ANY (:group_by) THEN nullif(model, '') END AS model,
  currency,
  sum(revenue_direct) AS revenue_direct,
  sum(inference_cost) AS inference_cost,
  sum(operating_cost) AS operating_cost,
  sum(revenue_direct - inference_cost - operating_cost) AS margin,
  round(sum(revenue_direct - inference_cost - operating_cost) / nullif(sum(revenue_direct), 0), 6) AS margin_share,
  sum(calls) AS calls,
  sum(unpriced_calls) AS unpriced_calls
FROM model_pnl
WHERE ledger_id = :ledger
  AND day >= coalesce(:from, '-infinity')
  AND day <= coalesce(:to, 'infinity')
  AND (:model IS NULL OR model = ANY (:model))
GROUP BY
  1,
  2,
  3
ORDER BY
  1,
  2,
  3;
