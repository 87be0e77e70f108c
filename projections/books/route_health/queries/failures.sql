-- Failed attempts by how they ended and why, the most frequent first.

SELECT
  CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
  CASE WHEN 'operation' = ANY (:group_by) THEN operation END AS operation,
  CASE WHEN 'model' = ANY (:group_by) THEN model END AS model,
  CASE WHEN 'provider' = ANY (:group_by) THEN provider END AS provider,
  status,
  nullif(error_code, '') AS error_code,
  sum(calls) AS calls
FROM route_health_failures
WHERE ledger_id = :ledger
  AND day >= coalesce(:from, '-infinity')
  AND day <= coalesce(:to, 'infinity')
  AND (:operation IS NULL OR operation = ANY (:operation))
  AND (:model IS NULL OR model = ANY (:model))
  AND (:provider IS NULL OR provider = ANY (:provider))
  AND (:status IS NULL OR status = ANY (:status))
GROUP BY
  1,
  2,
  3,
  4,
  5,
  6
HAVING sum(calls) <> 0
ORDER BY
  sum(calls) DESC,
  1,
  2,
  3,
  4,
  5,
  6;
