-- What reserved, booked, settled, expired and crossed a threshold on a budget's counter in a window.

SELECT
  e.position,
  l.line ->> 'budget' AS budget,
  l.line ->> 'key' AS key,
  l.line ->> 'window' AS period,
  l.line -> 'amount' ->> 'currency' AS currency,
  0 AS spent,
  0 AS calls,
  1 AS reservations,
  (l.line -> 'amount' ->> 'amount')::numeric AS reserved,
  0 AS settled_reserved,
  0 AS expired_reserved,
  0 AS thresholds_crossed
FROM daybook.events AS e
CROSS JOIN LATERAL jsonb_array_elements(e.derived -> 'reservations') AS l (line)
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'route.decided'
  AND e.type_version >= 2
  AND l.line ? 'amount'
UNION ALL
SELECT
  e.position,
  l.line ->> 'budget' AS budget,
  l.line ->> 'key' AS key,
  l.line ->> 'window' AS period,
  l.line ->> 'currency' AS currency,
  (l.line ->> 'amount')::numeric AS spent,
  1 AS calls,
  0 AS reservations,
  0 AS reserved,
  coalesce((l.line ->> 'released')::numeric, 0) AS settled_reserved,
  0 AS expired_reserved,
  0 AS thresholds_crossed
FROM daybook.events AS e
CROSS JOIN LATERAL jsonb_array_elements(e.derived -> 'budget') AS l (line)
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'completion.recorded'
  AND l.line ? 'amount'
UNION ALL
SELECT
  e.position,
  l.line ->> 'budget' AS budget,
  l.line ->> 'key' AS key,
  l.line ->> 'window' AS period,
  l.line ->> 'currency' AS currency,
  0 AS spent,
  0 AS calls,
  0 AS reservations,
  0 AS reserved,
  0 AS settled_reserved,
  (l.line ->> 'amount')::numeric AS expired_reserved,
  0 AS thresholds_crossed
FROM daybook.events AS e
CROSS JOIN LATERAL jsonb_array_elements(e.derived -> 'released') AS l (line)
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'reservation.expired'
UNION ALL
SELECT
  e.position,
  e.data ->> 'budget' AS budget,
  e.data ->> 'key' AS key,
  e.data ->> 'window' AS period,
  e.data -> 'spent' ->> 'currency' AS currency,
  0 AS spent,
  0 AS calls,
  0 AS reservations,
  0 AS reserved,
  0 AS settled_reserved,
  0 AS expired_reserved,
  1 AS thresholds_crossed
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'budget.threshold_crossed';
