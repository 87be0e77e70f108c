-- Compares the sums of the table with the same sums over the log, by currency; every measure is one row.

WITH lines AS (
  SELECT
    l.line ->> 'budget' AS budget,
    l.line ->> 'key' AS key,
    l.line ->> 'window' AS period,
    l.line -> 'amount' ->> 'currency' AS currency,
    0 AS spent,
    0 AS calls,
    0 AS assumed_calls,
    0 AS unknown_calls,
    0 AS unreserved,
    1 AS reservations,
    (l.line -> 'amount' ->> 'amount')::numeric AS reserved,
    0 AS settled,
    0 AS settled_reserved,
    0 AS expired,
    0 AS expired_reserved,
    0 AS overruns,
    0 AS overrun,
    0 AS thresholds_crossed
  FROM daybook.events AS e
  CROSS JOIN LATERAL jsonb_array_elements(e.derived -> 'reservations') AS l (line)
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'route.decided'
    AND e.type_version >= 2
    AND l.line ? 'amount'
  UNION ALL
  SELECT
    l.line ->> 'budget' AS budget,
    l.line ->> 'key' AS key,
    l.line ->> 'window' AS period,
    l.line ->> 'currency' AS currency,
    (l.line ->> 'amount')::numeric AS spent,
    1 AS calls,
    CASE WHEN l.line ->> 'basis' = 'assumed' THEN 1 ELSE 0 END AS assumed_calls,
    CASE WHEN l.line ->> 'basis' = 'unknown' THEN 1 ELSE 0 END AS unknown_calls,
    CASE WHEN l.line ? 'released' THEN 0 ELSE (l.line ->> 'amount')::numeric END AS unreserved,
    0 AS reservations,
    0 AS reserved,
    CASE WHEN l.line ? 'released' THEN 1 ELSE 0 END AS settled,
    coalesce((l.line ->> 'released')::numeric, 0) AS settled_reserved,
    0 AS expired,
    0 AS expired_reserved,
    CASE WHEN l.line ? 'overrun' THEN 1 ELSE 0 END AS overruns,
    coalesce((l.line ->> 'overrun')::numeric, 0) AS overrun,
    0 AS thresholds_crossed
  FROM daybook.events AS e
  CROSS JOIN LATERAL jsonb_array_elements(e.derived -> 'budget') AS l (line)
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'completion.recorded'
    AND l.line ? 'amount'
  UNION ALL
  SELECT
    l.line ->> 'budget' AS budget,
    l.line ->> 'key' AS key,
    l.line ->> 'window' AS period,
    l.line ->> 'currency' AS currency,
    0 AS spent,
    0 AS calls,
    0 AS assumed_calls,
    0 AS unknown_calls,
    0 AS unreserved,
    0 AS reservations,
    0 AS reserved,
    0 AS settled,
    0 AS settled_reserved,
    1 AS expired,
    (l.line ->> 'amount')::numeric AS expired_reserved,
    0 AS overruns,
    0 AS overrun,
    0 AS thresholds_crossed
  FROM daybook.events AS e
  CROSS JOIN LATERAL jsonb_array_elements(e.derived -> 'released') AS l (line)
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'reservation.expired'
  UNION ALL
  SELECT
    e.data ->> 'budget' AS budget,
    e.data ->> 'key' AS key,
    e.data ->> 'window' AS period,
    e.data -> 'spent' ->> 'currency' AS currency,
    0 AS spent,
    0 AS calls,
    0 AS assumed_calls,
    0 AS unknown_calls,
    0 AS unreserved,
    0 AS reservations,
    0 AS reserved,
    0 AS settled,
    0 AS settled_reserved,
    0 AS expired,
    0 AS expired_reserved,
    0 AS overruns,
    0 AS overrun,
    1 AS thresholds_crossed
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'budget.threshold_crossed'
),
log AS (
  SELECT
    currency,
    sum(spent)::numeric AS spent,
    sum(calls)::numeric AS calls,
    sum(reservations)::numeric AS reservations,
    sum(reserved)::numeric AS reserved,
    sum(settled)::numeric AS settled,
    sum(settled_reserved)::numeric AS settled_reserved,
    sum(expired)::numeric AS expired,
    sum(expired_reserved)::numeric AS expired_reserved,
    sum(overrun)::numeric AS overrun,
    sum(thresholds_crossed)::numeric AS thresholds_crossed
  FROM lines
  GROUP BY
    currency
),
book AS (
  SELECT
    currency,
    sum(spent)::numeric AS spent,
    sum(calls)::numeric AS calls,
    sum(reservations)::numeric AS reservations,
    sum(reserved)::numeric AS reserved,
    sum(settled)::numeric AS settled,
    sum(settled_reserved)::numeric AS settled_reserved,
    sum(expired)::numeric AS expired,
    sum(expired_reserved)::numeric AS expired_reserved,
    sum(overrun)::numeric AS overrun,
    sum(thresholds_crossed)::numeric AS thresholds_crossed
  FROM budget_status
  WHERE ledger_id = :ledger
  GROUP BY
    currency
)
SELECT
  m.measure || ' ' || currency AS measure,
  m.book,
  m.log
FROM book
FULL JOIN log USING (currency)
CROSS JOIN LATERAL (
  VALUES
    ('spent', book.spent, log.spent),
    ('calls', book.calls, log.calls),
    ('reservations', book.reservations, log.reservations),
    ('reserved', book.reserved, log.reserved),
    ('settled', book.settled, log.settled),
    ('settled_reserved', book.settled_reserved, log.settled_reserved),
    ('expired', book.expired, log.expired),
    ('expired_reserved', book.expired_reserved, log.expired_reserved),
    ('overrun', book.overrun, log.overrun),
    ('thresholds_crossed', book.thresholds_crossed, log.thresholds_crossed)
) AS m (measure, book, log);
