-- Health for each combination of the keys in group_by. A percentile is the upper bound of the bucket that it falls in,
-- by nearest rank: never below the true one, and at most 12.3 percent above it.

WITH sums AS (
  SELECT
    CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
    CASE WHEN 'operation' = ANY (:group_by) THEN operation END AS operation,
    CASE WHEN 'model' = ANY (:group_by) THEN model END AS model,
    CASE WHEN 'provider' = ANY (:group_by) THEN provider END AS provider,
    sum(calls) AS calls,
    sum(failures) AS failures,
    sum(fallbacks) AS fallbacks
  FROM route_health
  WHERE ledger_id = :ledger
    AND day >= coalesce(:from, '-infinity')
    AND day <= coalesce(:to, 'infinity')
    AND (:operation IS NULL OR operation = ANY (:operation))
    AND (:model IS NULL OR model = ANY (:model))
    AND (:provider IS NULL OR provider = ANY (:provider))
  GROUP BY
    1,
    2,
    3,
    4
),
buckets AS (
  SELECT
    CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
    CASE WHEN 'operation' = ANY (:group_by) THEN operation END AS operation,
    CASE WHEN 'model' = ANY (:group_by) THEN model END AS model,
    CASE WHEN 'provider' = ANY (:group_by) THEN provider END AS provider,
    upper_ms,
    sum(calls) AS calls
  FROM route_health_latency
  WHERE ledger_id = :ledger
    AND day >= coalesce(:from, '-infinity')
    AND day <= coalesce(:to, 'infinity')
    AND (:operation IS NULL OR operation = ANY (:operation))
    AND (:model IS NULL OR model = ANY (:model))
    AND (:provider IS NULL OR provider = ANY (:provider))
  GROUP BY
    1,
    2,
    3,
    4,
    5
  HAVING sum(calls) > 0
),
ranked AS (
  SELECT
    day,
    operation,
    model,
    provider,
    upper_ms,
    sum(calls) OVER grouped AS below,
    sum(calls) OVER (PARTITION BY day, operation, model, provider) AS timed
  FROM buckets
  WINDOW grouped AS (PARTITION BY day, operation, model, provider ORDER BY upper_ms)
),
percentiles AS (
  SELECT
    day,
    operation,
    model,
    provider,
    min(upper_ms) FILTER (WHERE below * 100 >= timed * 50) AS p50_ms,
    min(upper_ms) FILTER (WHERE below * 100 >= timed * 90) AS p90_ms,
    min(upper_ms) FILTER (WHERE below * 100 >= timed * 95) AS p95_ms,
    min(upper_ms) FILTER (WHERE below * 100 >= timed * 99) AS p99_ms,
    max(upper_ms) AS max_ms
  FROM ranked
  GROUP BY
    1,
    2,
    3,
    4
)
SELECT
  s.day,
  s.operation,
  s.model,
  s.provider,
  s.calls,
  s.failures,
  s.fallbacks,
  round(s.failures / nullif(s.calls, 0)::numeric, 4) AS failure_share,
  p.p50_ms,
  p.p90_ms,
  p.p95_ms,
  p.p99_ms,
  p.max_ms
FROM sums AS s
LEFT JOIN percentiles AS p
  ON p.day IS NOT DISTINCT FROM s.day
  AND p.operation IS NOT DISTINCT FROM s.operation
  AND p.model IS NOT DISTINCT FROM s.model
  AND p.provider IS NOT DISTINCT FROM s.provider
ORDER BY
  s.day,
  s.operation,
  s.model,
  s.provider;
