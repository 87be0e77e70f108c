-- Profit and loss day by day.

SELECT
  day,
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
GROUP BY
  1,
  2
ORDER BY
  1,
  2;
