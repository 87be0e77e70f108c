-- What the log books, side by side, for comparisons: read by other means than folds read it. is_recorded: the entry itself
-- is counted or taken off, not its cost alone.

entries AS (
  SELECT
    1 AS sign,
    true AS is_recorded,
    e.type,
    e.data,
    e.derived,
    CASE e.type
      WHEN 'completion.recorded' THEN e.derived -> 'cost'
      WHEN 'cost.incurred' THEN e.data -> 'cost'
      ELSE e.data -> 'revenue'
    END AS money
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type IN ('completion.recorded', 'cost.incurred', 'revenue.earned')
  UNION ALL
  SELECT
    -1 AS sign,
    true AS is_recorded,
    e.derived -> 'reversed' ->> 'type' AS type,
    e.derived -> 'reversed' -> 'data' AS data,
    e.derived -> 'reversed' -> 'derived' AS derived,
    coalesce(
      e.derived -> 'effective',
      e.derived -> 'reversed' -> 'data' -> 'revenue',
      e.derived -> 'reversed' -> 'data' -> 'cost',
      e.derived -> 'reversed' -> 'derived' -> 'cost'
    ) AS money
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'entry.reversed'
  UNION ALL
  SELECT
    side.sign,
    false AS is_recorded,
    e.derived -> 'entry' ->> 'type' AS type,
    e.derived -> 'entry' -> 'data' AS data,
    e.derived -> 'entry' -> 'derived' AS derived,
    side.money
  FROM daybook.events AS e
  CROSS JOIN LATERAL (
    VALUES (-1, e.derived -> 'before'), (1, e.derived -> 'after')
  ) AS side (sign, money)
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type IN ('cost.restated', 'entry.adjusted')
),
