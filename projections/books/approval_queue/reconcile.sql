-- As many approvals as were requested and changes made alone, and as many decisions and reviews as the log has.

SELECT
  'requests' AS measure,
  (SELECT count(*)::numeric FROM approval_queue WHERE ledger_id = :ledger) AS book,
  (
    SELECT count(*)::numeric
    FROM daybook.events
    WHERE ledger_id = :ledger
      AND position <= :position
      AND type IN ('approval.requested', 'breakglass.used')
  ) AS log
UNION ALL
SELECT
  'decisions' AS measure,
  (SELECT coalesce(sum(jsonb_array_length(decisions)), 0) FROM approval_queue WHERE ledger_id = :ledger) AS book,
  (
    SELECT count(*)::numeric
    FROM daybook.events
    WHERE ledger_id = :ledger
      AND position <= :position
      AND type IN (
        'approval.granted',
        'approval.rejected',
        'approval.withdrawn',
        'approval.revoked',
        'approval.consumed',
        'approval.expired',
        'breakglass.reviewed'
      )
  ) AS log;
