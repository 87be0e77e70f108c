-- The attempts and reversals behind a row of a day, operation, model and provider, with what each added to it.

SELECT
  position,
  day::date AS day,
  data ->> 'operation' AS operation,
  data ->> 'model' AS model,
  data ->> 'provider' AS provider,
  sign AS calls,
  CASE WHEN data ->> 'status' <> 'ok' THEN sign ELSE 0 END AS failures,
  CASE WHEN data ->> 'status' = 'absorbed' THEN sign ELSE 0 END AS fallbacks,
  sign * coalesce((data ->> 'latency_ms')::numeric, 0) AS latency_ms
FROM (
  SELECT
    e.position,
    1 AS sign,
    e.data,
    e.derived ->> 'posting_date' AS day
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'completion.recorded'
  UNION ALL
  SELECT
    e.position,
    -1 AS sign,
    e.derived -> 'reversed' -> 'data' AS data,
    e.derived ->> 'posting_date' AS day
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'entry.reversed'
    AND e.derived -> 'reversed' ->> 'type' = 'completion.recorded'
) AS entries;
