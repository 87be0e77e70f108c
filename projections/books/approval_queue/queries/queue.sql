-- The queue: open first, then risk, then age.

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
  AND (:approval IS NULL OR approval = :approval)
ORDER BY
  state NOT IN ('requested', 'unreviewed'),
  array_position(ARRAY['high', 'medium', 'low'], risk),
  requested_position
LIMIT :limit;
