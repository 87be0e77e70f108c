-- Everything that was said of an approval, or of a broken glass.

SELECT
  e.position,
  CASE
    WHEN e.type LIKE 'approval.%' THEN substr(e.subject, length('approval/') + 1)
    ELSE e.data ->> 'breakglass'
  END AS approval
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type IN (
    'approval.requested',
    'approval.granted',
    'approval.rejected',
    'approval.withdrawn',
    'approval.revoked',
    'approval.consumed',
    'approval.expired',
    'breakglass.used',
    'breakglass.reviewed'
  );
