-- Thresholds that were reached and shares that were exceeded, the newest first.

SELECT
  s.crossed_at,
  s.position,
  s.budget,
  CASE WHEN b.scope LIKE 'user/%' THEN NULL ELSE s.key END AS key,
  CASE WHEN b.scope LIKE 'user/%' THEN s.key END AS "user",
  s.period,
  s.currency,
  s.threshold,
  s.share,
  s.spent,
  s.reserved
FROM budget_status_crossings AS s
LEFT JOIN budget_status_budgets AS b USING (ledger_id, budget)
WHERE s.ledger_id = :ledger
  AND (:budget IS NULL OR s.budget = ANY (:budget))
  AND (:key IS NULL OR s.key = ANY (:key))
  AND (:user IS NULL OR (b.scope LIKE 'user/%' AND s.key = ANY (:user)))
  AND (:period IS NULL OR s.period = ANY (:period))
ORDER BY
  s.position DESC
LIMIT :limit;
