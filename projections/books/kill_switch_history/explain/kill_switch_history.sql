-- The activation, its end, and the denied decisions that met it.

SELECT
  turn.position,
  k.scope,
  k.activated_position,
  0 AS refusals
FROM kill_switch_history AS k
CROSS JOIN LATERAL (VALUES (k.activated_position), (k.deactivated_position)) AS turn (position)
WHERE k.ledger_id = :ledger
  AND turn.position > :floor
  AND turn.position <= :ceiling
UNION ALL
SELECT
  e.position,
  k.scope,
  k.activated_position,
  1 AS refusals
FROM daybook.events AS e
CROSS JOIN LATERAL jsonb_array_elements_text(e.derived #> '{relied_on,kill_switches}') AS met (position)
JOIN kill_switch_history AS k ON k.ledger_id = e.ledger_id AND k.activated_position = met.position::bigint
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'route.denied'
  AND e.type_version >= 2
  AND e.derived ->> 'outcome' = 'denied';
