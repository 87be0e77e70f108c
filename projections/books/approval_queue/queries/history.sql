-- Approvals by the day on which they were requested, the newest first.

SELECT
  approval,
  origin,
  state,
  kind,
  risk,
  requester,
  requester_owner,
  change,
  change_digest,
  reason_code,
  why,
  estimated_impact,
  required_by,
  evidence,
  jsonb_array_length(evidence) AS evidence_count,
  quorum,
  grants,
  decisions,
  coalesce(to_jsonb(requester_owner), '[]')
  || jsonb_path_query_array(decisions, '$[*] ? (@.decision == "granted").owner') AS may_not_decide,
  requested_position,
  requested_at,
  expires_at,
  decided_at,
  consumed_by
FROM approval_queue
WHERE ledger_id = :ledger
  AND (:status IS NULL OR state = ANY (:status))
  AND (requested_at AT TIME ZONE 'UTC')::date >= coalesce(:from, '-infinity')
  AND (requested_at AT TIME ZONE 'UTC')::date <= coalesce(:to, 'infinity')
  AND (:requester_owner IS NULL OR requester_owner = :requester_owner)
ORDER BY
  requested_position DESC
LIMIT :limit;
