-- Counters of budgets, the newest windows first, and in each those with most spent.

SELECT
  s.budget,
  b.scope,
  CASE WHEN b.scope LIKE 'user/%' THEN NULL ELSE s.key END AS key,
  CASE WHEN b.scope LIKE 'user/%' THEN s.key END AS "user",
  s.period,
  s.currency,
  b.budget_limit,
  s.spent,
  s.reserved - s.settled_reserved - s.expired_reserved AS open_reserved,
  s.calls,
  s.assumed_calls,
  s.unknown_calls,
  s.unreserved,
  s.reservations,
  s.settled,
  s.expired,
  s.overruns,
  s.overrun,
  s.thresholds_crossed
FROM budget_status AS s
LEFT JOIN budget_status_budgets AS b USING (ledger_id, budget)
WHERE s.ledger_id = :ledger
  AND (:budget IS NULL OR s.budget = ANY (:budget))
  AND (:key IS NULL OR s.key = ANY (:key))
  AND (:user IS NULL OR (b.scope LIKE 'user/%' AND s.key = ANY (:user)))
  AND (:period IS NULL OR s.period = ANY (:period))
ORDER BY
  s.period DESC,
  s.budget,
  s.spent DESC,
  s.key
LIMIT :limit;
