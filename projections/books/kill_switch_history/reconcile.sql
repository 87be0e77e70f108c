-- As many activations and deactivations as the log has.

SELECT
  'activations' AS measure,
  (SELECT count(*)::numeric FROM kill_switch_history WHERE ledger_id = :ledger) AS book,
  (
    SELECT count(*)::numeric
    FROM daybook.events
    WHERE ledger_id = :ledger
      AND position <= :position
      AND type = 'killswitch.activated'
  ) AS log
UNION ALL
SELECT
  'deactivations' AS measure,
  (SELECT count(deactivated_at)::numeric FROM kill_switch_history WHERE ledger_id = :ledger) AS book,
  (
    SELECT count(*)::numeric
    FROM daybook.events
    WHERE ledger_id = :ledger
      AND position <= :position
      AND type = 'killswitch.deactivated'
  ) AS log;
