-- Compares sums by currency with the log's; every measure is one row.

WITH entries AS (
  SELECT
    1 AS sign,
    e.type,
    e.data,
    e.derived,
    e.derived ->> 'posting_date' AS day
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
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
    AND e.position <= :position
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
log AS (
  SELECT
    coalesce(money ->> 'currency', 'XXX') AS currency,
    type,
    sum(sign * (money ->> 'amount')::numeric) AS amount,
    sum(sign) AS entries
  FROM facts
  GROUP BY
    1,
    2
),
book AS (
  SELECT
    currency,
    sum(revenue_direct) AS revenue,
    sum(inference_cost) AS inference,
    sum(operating_cost) AS operating,
    sum(calls) AS calls
  FROM model_pnl
  WHERE ledger_id = :ledger
  GROUP BY
    1
)
SELECT
  measures.name || ' ' || currencies.currency AS measure,
  coalesce(
    CASE measures.name
      WHEN 'revenue' THEN book.revenue
      WHEN 'inference_cost' THEN book.inference
      WHEN 'operating_cost' THEN book.operating
      WHEN 'calls' THEN book.calls
    END,
    0
  ) AS book,
  coalesce(
    (
      SELECT CASE measures.name WHEN 'calls' THEN log.entries ELSE log.amount END
      FROM log
      WHERE log.type = measures.type
        AND log.currency = currencies.currency
    ),
    0
  ) AS log
FROM (
  VALUES
    ('revenue', 'revenue.earned'),
    ('inference_cost', 'completion.recorded'),
    ('operating_cost', 'cost.incurred'),
    ('calls', 'completion.recorded')
) AS measures (name, type)
CROSS JOIN (SELECT currency FROM book UNION SELECT currency FROM log) AS currencies
LEFT JOIN book USING (currency);
