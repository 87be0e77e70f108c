-- Compares sums by currency with the log's; every measure is one row.

WITH
-- include shared/logged_entries.sql
log AS (
  SELECT
    'booked ' || coalesce(money ->> 'currency', 'XXX') AS measure,
    coalesce(sum(sign * (money ->> 'amount')::numeric), 0) AS amount
  FROM entries
  WHERE type = 'completion.recorded'
  GROUP BY
    1
  UNION ALL
  SELECT
    'calls ' || coalesce(money ->> 'currency', 'XXX'),
    sum(sign)
  FROM entries
  WHERE type = 'completion.recorded'
  GROUP BY
    1
  UNION ALL
  SELECT
    'incurred ' || (money ->> 'currency'),
    sum(sign * (money ->> 'amount')::numeric)
  FROM entries
  WHERE type = 'cost.incurred'
  GROUP BY
    1
  UNION ALL
  SELECT
    'computed ' || (derived -> 'cost' ->> 'currency'),
    sum(sign * (derived -> 'cost' ->> 'amount')::numeric)
  FROM entries
  WHERE type = 'completion.recorded'
    AND is_recorded
    AND derived ->> 'basis' = 'computed'
  GROUP BY
    1
  UNION ALL
  SELECT
    'reported ' || (data -> 'reported_cost' ->> 'currency'),
    sum(sign * (data -> 'reported_cost' ->> 'amount')::numeric)
  FROM entries
  WHERE type = 'completion.recorded'
    AND is_recorded
    AND data ? 'reported_cost'
  GROUP BY
    1
  UNION ALL
  SELECT
    'invoiced ' || (l.line -> 'cost' ->> 'currency'),
    sum((l.line -> 'cost' ->> 'amount')::numeric)
  FROM daybook.events AS e
  CROSS JOIN LATERAL jsonb_array_elements(e.data -> 'lines') AS l (line)
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'invoice.received'
  GROUP BY
    1
  UNION ALL
  SELECT
    m.measure || ' ' || (e.data -> 'difference' ->> 'currency'),
    sum(m.amount)
  FROM daybook.events AS e
  CROSS JOIN LATERAL (
    VALUES ('recorded differences', 1), ('recorded', (e.data -> 'difference' ->> 'amount')::numeric)
  ) AS m (measure, amount)
  WHERE e.ledger_id = :ledger
    AND e.position <= :position
    AND e.type = 'reconciliation.differed'
  GROUP BY
    1
),
book AS (
  SELECT
    m.measure || ' ' || currency AS measure,
    sum(m.amount) AS amount
  FROM reconciliation
  CROSS JOIN LATERAL (
    VALUES
      ('booked', booked),
      ('calls', calls),
      ('incurred', incurred),
      ('computed', computed),
      ('reported', reported)
  ) AS m (measure, amount)
  WHERE ledger_id = :ledger
  GROUP BY
    1
  UNION ALL
  SELECT
    'invoiced ' || currency,
    sum(cost)
  FROM reconciliation_lines
  WHERE ledger_id = :ledger
  GROUP BY
    1
  UNION ALL
  SELECT
    m.measure || ' ' || currency,
    sum(m.amount)
  FROM reconciliation_recorded
  CROSS JOIN LATERAL (
    VALUES ('recorded differences', 1), ('recorded', difference)
  ) AS m (measure, amount)
  WHERE ledger_id = :ledger
  GROUP BY
    1
)
SELECT
  measure,
  coalesce(book.amount, 0) AS book,
  coalesce(log.amount, 0) AS log
FROM book
FULL JOIN log USING (measure);
