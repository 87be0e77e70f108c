-- The completions, costs, revenues and reversals behind a row of a day, model and currency, with what each added to it.

SELECT
  position,
  day::date AS day,
  coalesce(data ->> 'model', '') AS model,
  coalesce(money ->> 'currency', 'XXX') AS currency,
  sign * CASE WHEN type = 'revenue.earned' THEN (money ->> 'amount')::numeric WHEN money IS NOT NULL THEN 0 END AS revenue_direct,
  sign * CASE WHEN type = 'completion.recorded' THEN (money ->> 'amount')::numeric WHEN money IS NOT NULL THEN 0 END AS inference_cost,
  sign * CASE WHEN type = 'cost.incurred' THEN (money ->> 'amount')::numeric WHEN money IS NOT NULL THEN 0 END AS operating_cost,
  CASE WHEN type = 'completion.recorded' THEN sign ELSE 0 END AS calls,
  CASE WHEN type = 'completion.recorded' AND money IS NULL THEN sign ELSE 0 END AS unpriced_calls
FROM (
  SELECT
    position,
    sign,
    type,
    day,
    data,
    CASE type
      WHEN 'completion.recorded' THEN derived -> 'cost'
      WHEN 'cost.incurred' THEN data -> 'cost'
      WHEN 'revenue.earned' THEN data -> 'revenue'
    END AS money
  FROM (
    SELECT
      e.position,
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
      e.position,
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
  ) AS entries
) AS facts;
