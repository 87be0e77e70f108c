-- Profit and loss over time. book: its name.

WITH sums AS (
  SELECT
    CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
    CASE WHEN 'month' = ANY (:group_by) THEN to_char(day, 'YYYY-MM') END AS month,
    currency,
    -- include shared/pnl_sums.sql
  FROM {{book}}
  WHERE ledger_id = :ledger
    AND day >= coalesce(:from, '-infinity')
    AND day <= coalesce(:to, 'infinity')
  GROUP BY
    1,
    2,
    3
)
SELECT
  day,
  month,
  currency,
  -- include shared/pnl_columns.sql
  sum(unpriced_calls) OVER (PARTITION BY sums.day, sums.month) AS unpriced_calls
FROM sums
ORDER BY
  sums.day,
  sums.month,
  currency;
