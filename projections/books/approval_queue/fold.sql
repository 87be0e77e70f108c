-- Posts requests and changes that were made alone, then decisions and reviews. The subject names the approval; the ledger says in derived.state where it stands after
-- the event, for a grant below the quorum leaves it open.

INSERT INTO approval_queue (
  ledger_id,
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
  quorum,
  grants,
  decisions,
  requested_position,
  requested_at,
  expires_at
)
SELECT
  e.ledger_id,
  substr(e.subject, length('approval/') + 1),
  'request',
  'requested',
  e.data ->> 'kind',
  coalesce(e.derived ->> 'risk', e.data ->> 'risk', 'high'),
  e.actor,
  e.derived ->> 'owner',
  e.data -> 'change',
  e.data ->> 'change_digest',
  e.data ->> 'reason_code',
  e.derived ->> 'why',
  e.data -> 'estimated_impact',
  e.data ->> 'required_by',
  coalesce(e.data -> 'evidence', '[]'),
  coalesce((e.derived ->> 'quorum')::bigint, 1),
  0,
  '[]',
  e.position,
  e.recorded_at,
  (e.data ->> 'expires_at')::timestamptz
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'approval.requested';

INSERT INTO approval_queue (
  ledger_id,
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
  evidence,
  quorum,
  grants,
  decisions,
  requested_position,
  requested_at
)
SELECT
  e.ledger_id,
  e.data ->> 'breakglass',
  'break_glass',
  'unreviewed',
  e.data ->> 'kind',
  e.data ->> 'risk',
  e.actor,
  e.derived ->> 'owner',
  e.data -> 'change',
  e.data ->> 'change_digest',
  'break_glass',
  concat_ws('; ', e.derived ->> 'why', e.data ->> 'reason'),
  '[]',
  0,
  0,
  '[]',
  e.position,
  e.recorded_at
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'breakglass.used';

WITH decided AS (
  SELECT
    substr(e.subject, length('approval/') + 1) AS approval,
    (array_agg(coalesce(e.derived ->> 'state', split_part(e.type, '.', 2)) ORDER BY e.position DESC))[1] AS state,
    count(*) FILTER (WHERE e.type = 'approval.granted') AS grants,
    max(e.derived ->> 'consumed_by') FILTER (WHERE e.type = 'approval.consumed') AS consumed_by,
    bool_or(e.type = 'approval.granted' AND e.derived ->> 'state' = 'granted') AS is_granted,
    min(e.recorded_at) FILTER (
      WHERE coalesce(e.derived ->> 'state', split_part(e.type, '.', 2)) <> 'requested'
    ) AS decided_at,
    jsonb_agg(
      jsonb_strip_nulls(
        jsonb_build_object(
          'decision', split_part(e.type, '.', 2),
          'by', e.actor,
          'owner', e.derived ->> 'owner',
          'reason', e.data ->> 'reason',
          'at', to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          'position', e.position
        )
      )
      ORDER BY e.position
    ) AS decisions
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type IN (
      'approval.granted',
      'approval.rejected',
      'approval.withdrawn',
      'approval.revoked',
      'approval.consumed',
      'approval.expired'
    )
  GROUP BY
    1
)
UPDATE approval_queue AS q
SET
  state = decided.state,
  grants = q.grants + decided.grants,
  decisions = q.decisions || decided.decisions,
  decided_at = coalesce(q.decided_at, decided.decided_at),
  consumed_by = coalesce(q.consumed_by, decided.consumed_by),
  expires_at = CASE
    WHEN decided.is_granted AND q.change ->> 'change' = 'grantStanding' THEN (q.change #>> '{body,ends}')::timestamptz
    ELSE q.expires_at
  END
FROM decided
WHERE q.ledger_id = :ledger
  AND q.approval = decided.approval;

UPDATE approval_queue AS q
SET
  state = e.data ->> 'verdict',
  decided_at = e.recorded_at,
  decisions = q.decisions
  || jsonb_build_array(
    jsonb_strip_nulls(
      jsonb_build_object(
        'decision', 'reviewed',
        'by', e.actor,
        'owner', e.derived ->> 'owner',
        'verdict', e.data ->> 'verdict',
        'reason', e.data ->> 'reason',
        'at', to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'position', e.position
      )
    )
  )
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'breakglass.reviewed'
  AND q.ledger_id = e.ledger_id
  AND q.approval = e.data ->> 'breakglass';
