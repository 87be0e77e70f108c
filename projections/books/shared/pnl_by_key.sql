-- Profit and loss by the keys in group_by. book: its name; key: its key.

WITH sums AS (
  SELECT
    CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
    CASE WHEN 'month' = ANY (:group_by) THEN to_char(day, 'YYYY-MM') END AS month,
    CASE WHEN '{{key}}' = ANY (:group_by) THEN {{key}} END AS {{key}},
    currency,
    -- include shared/pnl_sums.sql
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
  -- include shared/pnl_columns.sql
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
