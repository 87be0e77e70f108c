-- Activations, the newest first.

SELECT
  scope,
  activated_at,
  activated_by,
  activated_owner,
  activation_reason,
  activation_trigger,
  activated_position,
  deactivated_at,
  deactivated_by,
  deactivated_owner,
  deactivation_reason,
  deactivation_trigger,
  deactivated_position,
  trunc(extract(epoch FROM deactivated_at - activated_at)) AS duration_seconds,
  refusals
FROM kill_switch_history
WHERE ledger_id = :ledger
  AND (:scope IS NULL OR scope = ANY (:scope))
ORDER BY
  activated_position DESC
LIMIT :limit;
