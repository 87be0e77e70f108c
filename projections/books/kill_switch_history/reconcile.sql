-- As many activations, deactivations and refusals as the log has.

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
  ) AS log
UNION ALL
SELECT
  'refusals' AS measure,
  (SELECT coalesce(sum(refusals), 0) FROM kill_switch_history WHERE ledger_id = :ledger) AS book,
  (
    SELECT count(*)::numeric
    FROM daybook.events AS e
    CROSS JOIN LATERAL jsonb_array_elements_text(e.derived #> '{relied_on,kill_switches}') AS met (position)
    INNER JOIN daybook.events AS a
      ON a.ledger_id = e.ledger_id
      AND a.position = met.position::bigint
      AND a.type = 'killswitch.activated'
    WHERE e.ledger_id = :ledger
      AND e.position <= :position
      AND e.type = 'route.denied'
      AND e.type_version >= 2
      AND e.derived ->> 'outcome' = 'denied'
  ) AS log;
