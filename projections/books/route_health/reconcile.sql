-- As many attempts, failures and latencies as the log has, in each table.

WITH entries AS (
  SELECT
    1 AS sign,
    e.data
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'completion.recorded'
  UNION ALL
  SELECT
    -1 AS sign,
    e.derived -> 'reversed' -> 'data' AS data
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'entry.reversed'
    AND e.derived -> 'reversed' ->> 'type' = 'completion.recorded'
),
log AS (
  SELECT
    coalesce(sum(sign), 0) AS calls,
    coalesce(sum(CASE WHEN data ->> 'status' <> 'ok' THEN sign ELSE 0 END), 0) AS failures,
    coalesce(sum(CASE WHEN data ->> 'status' = 'absorbed' THEN sign ELSE 0 END), 0) AS fallbacks,
    coalesce(sum(CASE WHEN data ? 'latency_ms' THEN sign ELSE 0 END), 0) AS timed,
    coalesce(sum(sign * (data ->> 'latency_ms')::numeric), 0) AS latency_ms
  FROM entries
),
book AS (
  SELECT
    coalesce(sum(calls), 0) AS calls,
    coalesce(sum(failures), 0) AS failures,
    coalesce(sum(fallbacks), 0) AS fallbacks,
    coalesce(sum(latency_ms), 0) AS latency_ms
  FROM route_health
  WHERE ledger_id = :ledger
)
SELECT
  m.measure,
  m.book::numeric AS book,
  m.log::numeric AS log
FROM log
CROSS JOIN book
CROSS JOIN LATERAL (
  VALUES
    ('calls', book.calls, log.calls),
    ('failures', book.failures, log.failures),
    ('fallbacks', book.fallbacks, log.fallbacks),
    ('latency_ms', book.latency_ms, log.latency_ms),
    (
      'failures by reason',
      (SELECT coalesce(sum(calls), 0) FROM route_health_failures WHERE ledger_id = :ledger),
      log.failures
    ),
    (
      'calls by latency',
      (SELECT coalesce(sum(calls), 0) FROM route_health_latency WHERE ledger_id = :ledger),
      log.timed
    )
) AS m (measure, book, log);
