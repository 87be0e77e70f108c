-- Posts revenue, completions and costs, and takes reversed ones off again.

WITH entries AS (
  SELECT
    1 AS sign,
    e.type,
    e.data,
    e.derived,
    e.derived ->> 'posting_date' AS day
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type IN ('completion.recorded', 'cost.incurred', 'revenue.earned')
  UNION ALL
  SELECT
    -1 AS sign,
    e.derived -> 'reversed' ->> 'type' AS type,
    e.derived -> 'reversed' -> 'data' AS data,
    e.derived -> 'reversed' -> 'derived' AS derived,
    e.derived ->> 'posting_date' AS day
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'entry.reversed'
    AND e.derived -> 'reversed' ->> 'type' IN ('completion.recorded', 'cost.incurred', 'revenue.earned')
),
facts AS (
  SELECT
    day,
    coalesce(data ->> 'model', '') AS model,
    CASE type
      WHEN 'completion.recorded' THEN derived -> 'cost'
      WHEN 'cost.incurred' THEN data -> 'cost'
      WHEN 'revenue.earned' THEN data -> 'revenue'
    END AS money,
    sign,
    type
  FROM entries
  OFFSET 0
),
totals AS (
  SELECT
    day,
    model,
    coalesce(money ->> 'currency', 'XXX') AS currency,
    sum(sign * (money ->> 'amount')::numeric) FILTER (WHERE type = 'revenue.earned') AS revenue_direct,
    sum(sign * (money ->> 'amount')::numeric) FILTER (WHERE type = 'completion.recorded') AS inference_cost,
    sum(sign * (money ->> 'amount')::numeric) FILTER (WHERE type = 'cost.incurred') AS operating_cost,
    coalesce(sum(sign) FILTER (WHERE type = 'completion.recorded'), 0) AS calls,
    coalesce(sum(sign) FILTER (WHERE type = 'completion.recorded' AND money IS NULL), 0) AS unpriced_calls
  FROM facts
  GROUP BY
    1,
    2,
    3
)
INSERT INTO model_pnl AS old (
  ledger_id,
  day,
  model,
  currency,
  revenue_direct,
  inference_cost,
  operating_cost,
  calls,
  unpriced_calls
)
SELECT
  :ledger,
  day::date,
  model,
  currency,
  CASE WHEN currency <> 'XXX' THEN coalesce(revenue_direct, 0) END,
  CASE WHEN currency <> 'XXX' THEN coalesce(inference_cost, 0) END,
  CASE WHEN currency <> 'XXX' THEN coalesce(operating_cost, 0) END,
  calls,
  unpriced_calls
FROM totals
ON CONFLICT (ledger_id, day, model, currency) DO UPDATE SET
  revenue_direct = old.revenue_direct + excluded.revenue_direct,
  inference_cost = old.inference_cost + excluded.inference_cost,
  operating_cost = old.operating_cost + excluded.operating_cost,
  calls = old.calls + excluded.calls,
  unpriced_calls = old.unpriced_calls + excluded.unpriced_calls;
