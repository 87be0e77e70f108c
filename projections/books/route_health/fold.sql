-- Posts attempts, and takes reversed ones off again: one pass over the batch fills all three tables.
-- Bounds of latency buckets are ten to the powers of one twentieth, rounded up; up to ten milliseconds each has its
-- own. An attempt that tells no latency stands in no bucket.

WITH bounds AS (
  SELECT ARRAY[
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 18, 20, 23, 26, 29, 32, 36, 40, 45, 51, 57, 64, 71, 80,
      90, 100, 113, 126, 142, 159, 178, 200, 224, 252, 282, 317, 355, 399, 447, 502, 563, 631, 708, 795, 892,
      1000, 1123, 1259, 1413, 1585, 1779, 1996, 2239, 2512, 2819, 3163, 3549, 3982, 4467, 5012, 5624, 6310, 7080,
      7944, 8913, 10000, 11221, 12590, 14126, 15849, 17783, 19953, 22388, 25119, 28184, 31623, 35482, 39811,
      44669, 50119, 56235, 63096, 70795, 79433, 89126, 100000, 112202, 125893, 141254, 158490, 177828, 199527,
      223873, 251189, 281839, 316228, 354814, 398108, 446684, 501188, 562342, 630958, 707946, 794329, 891251,
      1000000, 1122019, 1258926, 1412538, 1584894, 1778280, 1995263, 2238722, 2511887, 2818383, 3162278, 3548134,
      3981072, 4466836, 5011873, 5623414, 6309574, 7079458, 7943283, 8912510, 10000000, 1000000000000
    ]::bigint[] AS upper
),
entries AS (
  SELECT
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
    -1 AS sign,
    e.derived -> 'reversed' -> 'data' AS data,
    e.derived ->> 'posting_date' AS day
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'entry.reversed'
    AND e.derived -> 'reversed' ->> 'type' = 'completion.recorded'
),
facts AS (
  SELECT
    sign,
    day::date AS day,
    data ->> 'operation' AS operation,
    data ->> 'model' AS model,
    data ->> 'provider' AS provider,
    data ->> 'status' AS status,
    coalesce(data ->> 'error_code', '') AS error_code,
    (data ->> 'latency_ms')::bigint AS latency_ms
  FROM entries
  OFFSET 0
),
failed AS (
  INSERT INTO route_health_failures AS old (
    ledger_id,
    day,
    operation,
    model,
    provider,
    status,
    error_code,
    calls
  )
  SELECT
    :ledger,
    day,
    operation,
    model,
    provider,
    status,
    error_code,
    sum(sign)
  FROM facts
  WHERE status <> 'ok'
  GROUP BY
    day,
    operation,
    model,
    provider,
    status,
    error_code
  ON CONFLICT (ledger_id, day, operation, model, provider, status, error_code) DO UPDATE SET
    calls = old.calls + excluded.calls
),
timed AS (
  INSERT INTO route_health_latency AS old (
    ledger_id,
    day,
    operation,
    model,
    provider,
    upper_ms,
    calls
  )
  SELECT
    :ledger,
    f.day,
    f.operation,
    f.model,
    f.provider,
    b.upper[width_bucket(f.latency_ms - 1, b.upper) + 1],
    sum(f.sign)
  FROM facts AS f
  CROSS JOIN bounds AS b
  WHERE f.latency_ms IS NOT NULL
  GROUP BY
    2,
    3,
    4,
    5,
    6
  ON CONFLICT (ledger_id, day, operation, model, provider, upper_ms) DO UPDATE SET
    calls = old.calls + excluded.calls
)
INSERT INTO route_health AS old (
  ledger_id,
  day,
  operation,
  model,
  provider,
  calls,
  failures,
  fallbacks,
  latency_ms
)
SELECT
  :ledger,
  day,
  operation,
  model,
  provider,
  sum(sign),
  sum(CASE WHEN status <> 'ok' THEN sign ELSE 0 END),
  sum(CASE WHEN status = 'absorbed' THEN sign ELSE 0 END),
  coalesce(sum(sign * latency_ms), 0)
FROM facts
GROUP BY
  day,
  operation,
  model,
  provider
ON CONFLICT (ledger_id, day, operation, model, provider) DO UPDATE SET
  calls = old.calls + excluded.calls,
  failures = old.failures + excluded.failures,
  fallbacks = old.fallbacks + excluded.fallbacks,
  latency_ms = old.latency_ms + excluded.latency_ms;
