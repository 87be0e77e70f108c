-- Posts what decisions reserved, what completions booked and settled, what expired, and what was gone over.
-- Lines of limits of tokens have no amount, and are passed over.

WITH lines AS (
  SELECT
    l.line ->> 'budget' AS budget,
    l.line ->> 'key' AS key,
    l.line ->> 'window' AS period,
    l.line -> 'amount' ->> 'currency' AS currency,
    0 AS spent,
    0 AS calls,
    0 AS assumed_calls,
    0 AS unknown_calls,
    0 AS unreserved,
    1 AS reservations,
    (l.line -> 'amount' ->> 'amount')::numeric AS reserved,
    0 AS settled,
    0 AS settled_reserved,
    0 AS expired,
    0 AS expired_reserved,
    0 AS overruns,
    0 AS overrun,
    0 AS thresholds_crossed
  FROM daybook.events AS e
  CROSS JOIN LATERAL jsonb_array_elements(e.derived -> 'reservations') AS l (line)
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'route.decided'
    AND e.type_version >= 2
    AND l.line ? 'amount'
  UNION ALL
  SELECT
    l.line ->> 'budget' AS budget,
    l.line ->> 'key' AS key,
    l.line ->> 'window' AS period,
    l.line ->> 'currency' AS currency,
    (l.line ->> 'amount')::numeric AS spent,
    1 AS calls,
    CASE WHEN l.line ->> 'basis' = 'assumed' THEN 1 ELSE 0 END AS assumed_calls,
    CASE WHEN l.line ->> 'basis' = 'unknown' THEN 1 ELSE 0 END AS unknown_calls,
    CASE WHEN l.line ? 'released' THEN 0 ELSE (l.line ->> 'amount')::numeric END AS unreserved,
    0 AS reservations,
    0 AS reserved,
    CASE WHEN l.line ? 'released' THEN 1 ELSE 0 END AS settled,
    coalesce((l.line ->> 'released')::numeric, 0) AS settled_reserved,
    0 AS expired,
    0 AS expired_reserved,
    CASE WHEN l.line ? 'overrun' THEN 1 ELSE 0 END AS overruns,
    coalesce((l.line ->> 'overrun')::numeric, 0) AS overrun,
    0 AS thresholds_crossed
  FROM daybook.events AS e
  CROSS JOIN LATERAL jsonb_array_elements(e.derived -> 'budget') AS l (line)
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'completion.recorded'
    AND l.line ? 'amount'
  UNION ALL
  SELECT
    l.line ->> 'budget' AS budget,
    l.line ->> 'key' AS key,
    l.line ->> 'window' AS period,
    l.line ->> 'currency' AS currency,
    0 AS spent,
    0 AS calls,
    0 AS assumed_calls,
    0 AS unknown_calls,
    0 AS unreserved,
    0 AS reservations,
    0 AS reserved,
    0 AS settled,
    0 AS settled_reserved,
    1 AS expired,
    (l.line ->> 'amount')::numeric AS expired_reserved,
    0 AS overruns,
    0 AS overrun,
    0 AS thresholds_crossed
  FROM daybook.events AS e
  CROSS JOIN LATERAL jsonb_array_elements(e.derived -> 'released') AS l (line)
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'reservation.expired'
  UNION ALL
  SELECT
    e.data ->> 'budget' AS budget,
    e.data ->> 'key' AS key,
    e.data ->> 'window' AS period,
    e.data -> 'spent' ->> 'currency' AS currency,
    0 AS spent,
    0 AS calls,
    0 AS assumed_calls,
    0 AS unknown_calls,
    0 AS unreserved,
    0 AS reservations,
    0 AS reserved,
    0 AS settled,
    0 AS settled_reserved,
    0 AS expired,
    0 AS expired_reserved,
    0 AS overruns,
    0 AS overrun,
    1 AS thresholds_crossed
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'budget.threshold_crossed'
)
INSERT INTO budget_status AS old (
  ledger_id,
  budget,
  key,
  period,
  currency,
  spent,
  calls,
  assumed_calls,
  unknown_calls,
  unreserved,
  reservations,
  reserved,
  settled,
  settled_reserved,
  expired,
  expired_reserved,
  overruns,
  overrun,
  thresholds_crossed
)
SELECT
  :ledger,
  budget,
  key,
  period,
  currency,
  sum(spent),
  sum(calls),
  sum(assumed_calls),
  sum(unknown_calls),
  sum(unreserved),
  sum(reservations),
  sum(reserved),
  sum(settled),
  sum(settled_reserved),
  sum(expired),
  sum(expired_reserved),
  sum(overruns),
  sum(overrun),
  sum(thresholds_crossed)
FROM lines
GROUP BY
  budget,
  key,
  period,
  currency
ON CONFLICT (ledger_id, budget, key, period, currency) DO UPDATE SET
  spent = old.spent + excluded.spent,
  calls = old.calls + excluded.calls,
  assumed_calls = old.assumed_calls + excluded.assumed_calls,
  unknown_calls = old.unknown_calls + excluded.unknown_calls,
  unreserved = old.unreserved + excluded.unreserved,
  reservations = old.reservations + excluded.reservations,
  reserved = old.reserved + excluded.reserved,
  settled = old.settled + excluded.settled,
  settled_reserved = old.settled_reserved + excluded.settled_reserved,
  expired = old.expired + excluded.expired,
  expired_reserved = old.expired_reserved + excluded.expired_reserved,
  overruns = old.overruns + excluded.overruns,
  overrun = old.overrun + excluded.overrun,
  thresholds_crossed = old.thresholds_crossed + excluded.thresholds_crossed;

INSERT INTO budget_status_crossings (
  ledger_id,
  position,
  crossed_at,
  budget,
  key,
  period,
  currency,
  threshold,
  share,
  spent,
  reserved
)
SELECT
  e.ledger_id,
  e.position,
  e.recorded_at,
  e.data ->> 'budget',
  e.data ->> 'key',
  e.data ->> 'window',
  e.data -> 'spent' ->> 'currency',
  (e.data -> 'threshold' ->> 'amount')::numeric,
  (e.data ->> 'share')::numeric,
  (e.data -> 'spent' ->> 'amount')::numeric,
  (e.data -> 'reserved' ->> 'amount')::numeric
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'budget.threshold_crossed';

INSERT INTO budget_status_budgets AS old (
  ledger_id,
  budget,
  kind,
  scope,
  budget_limit,
  is_hard,
  is_enabled,
  position
)
SELECT DISTINCT ON (e.data ->> 'budget')
  e.ledger_id,
  e.data ->> 'budget',
  e.data ->> 'kind',
  e.data ->> 'scope',
  (e.data -> 'limit' ->> 'amount')::numeric,
  (e.data ->> 'hard')::boolean,
  (e.data ->> 'enabled')::boolean,
  e.position
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'budget.configured'
ORDER BY
  e.data ->> 'budget',
  e.position DESC
ON CONFLICT (ledger_id, budget) DO UPDATE SET
  kind = excluded.kind,
  scope = excluded.scope,
  budget_limit = excluded.budget_limit,
  is_hard = excluded.is_hard,
  is_enabled = excluded.is_enabled,
  position = excluded.position;
