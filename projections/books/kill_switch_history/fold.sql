-- Posts activations, then gives each deactivation to the last activation of its scope before it, then counts the denied
-- decisions of the ledger's own that say in derived.relied_on which activations they met.

INSERT INTO kill_switch_history (
  ledger_id,
  scope,
  activated_position,
  activated_at,
  activated_by,
  activated_owner,
  activation_reason,
  activation_trigger,
  refusals
)
SELECT
  e.ledger_id,
  e.data ->> 'scope',
  e.position,
  e.recorded_at,
  e.actor,
  e.derived ->> 'owner',
  e.data ->> 'reason',
  e.data ->> 'triggered_by',
  0
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'killswitch.activated';

WITH released AS (
  SELECT
    e.*,
    (
      SELECT max(k.activated_position)
      FROM kill_switch_history AS k
      WHERE k.ledger_id = e.ledger_id
        AND k.scope = e.scope
        AND k.activated_position < e.position
    ) AS activated_position
  FROM (
    SELECT
      ledger_id,
      data ->> 'scope' AS scope,
      data ->> 'reason' AS reason,
      data ->> 'triggered_by' AS triggered_by,
      derived ->> 'owner' AS owner,
      position,
      recorded_at,
      actor
    FROM daybook.events
    WHERE ledger_id = :ledger
      AND position > :floor
      AND position <= :ceiling
      AND type = 'killswitch.deactivated'
  ) AS e
)
UPDATE kill_switch_history AS k
SET
  deactivated_position = r.position,
  deactivated_at = r.recorded_at,
  deactivated_by = r.actor,
  deactivated_owner = r.owner,
  deactivation_reason = r.reason,
  deactivation_trigger = r.triggered_by
FROM released AS r
WHERE k.ledger_id = :ledger
  AND k.scope = r.scope
  AND k.activated_position = r.activated_position;

WITH refused AS (
  SELECT
    met.position::bigint AS activated_position,
    count(*) AS refusals
  FROM daybook.events AS e
  CROSS JOIN LATERAL jsonb_array_elements_text(e.derived #> '{relied_on,kill_switches}') AS met (position)
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'route.denied'
    AND e.type_version >= 2
    AND e.derived ->> 'outcome' = 'denied'
  GROUP BY
    1
)
UPDATE kill_switch_history AS k
SET
  refusals = k.refusals + refused.refusals
FROM refused
WHERE k.ledger_id = :ledger
  AND k.activated_position = refused.activated_position;
