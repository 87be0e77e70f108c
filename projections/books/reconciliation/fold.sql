-- Posts completions and costs by provider and model, then the estimates of the decisions behind them, then
-- invoices, recorded differences and exchange rates.
-- A completion counts in up to two currencies: that of its cost, and that of what its provider told.

WITH entries AS (
  SELECT
    day,
    accrues_from,
    accrues_through,
    not_before,
    CASE WHEN accrues_from IS NOT NULL THEN position END AS entry,
    coalesce(data ->> 'provider', '') AS provider,
    coalesce(data ->> 'model', '') AS model,
    type = 'completion.recorded' AS is_call,
    takes,
    coalesce(before ->> 'currency', 'XXX') AS currency_before,
    (before ->> 'amount')::numeric AS before,
    puts,
    coalesce(after ->> 'currency', 'XXX') AS currency_after,
    (after ->> 'amount')::numeric AS after,
    -- A cost that was computed when the completion was recorded; corrections change what is booked, not this.
    CASE WHEN derived ->> 'basis' = 'computed' THEN derived -> 'cost' END AS computed,
    CASE WHEN type = 'completion.recorded' THEN data -> 'reported_cost' END AS reported
  FROM daybook.bookings
  WHERE ledger_id = :ledger
    AND position > :floor
    AND position <= :ceiling
    AND type IN ('completion.recorded', 'cost.incurred')
  OFFSET 0
),
changes AS (
  SELECT
    day,
    accrues_from,
    accrues_through,
    not_before,
    entry,
    provider,
    model,
    is_call,
    takes,
    currency_before,
    puts,
    currency_after,
    computed ->> 'currency' AS computed_currency,
    reported ->> 'currency' AS reported_currency,
    count(*) AS entries,
    sum(before) AS before,
    sum(after) AS after,
    sum((computed ->> 'amount')::numeric) AS computed,
    sum((reported ->> 'amount')::numeric) AS reported
  FROM entries
  GROUP BY
    day,
    accrues_from,
    accrues_through,
    not_before,
    entry,
    provider,
    model,
    is_call,
    takes,
    currency_before,
    puts,
    currency_after,
    computed_currency,
    reported_currency
),
totals AS MATERIALIZED (
  SELECT
    c.day,
    c.accrues_from,
    c.accrues_through,
    c.not_before,
    c.provider,
    c.model,
    c.is_call,
    side.currency,
    c.computed_currency,
    c.reported_currency,
    side.sign * c.entries AS calls,
    coalesce(side.booked, 0) AS booked,
    coalesce(side.sign * c.computed, 0) AS computed,
    coalesce(side.sign * c.reported, 0) AS reported
  FROM changes AS c
  CROSS JOIN LATERAL (
    SELECT
      -1 AS sign,
      c.currency_before AS currency,
      -c.before AS booked
    WHERE c.takes
    UNION ALL
    SELECT
      1 AS sign,
      c.currency_after AS currency,
      c.after AS booked
    WHERE c.puts
  ) AS side
),
daily AS (
  SELECT
    t.day::date AS day,
    t.provider,
    t.model,
    side.*,
    0 AS estimated_calls,
    0 AS estimated,
    0 AS incurred
  FROM totals AS t
  CROSS JOIN LATERAL (
    SELECT
      t.currency,
      t.calls,
      CASE WHEN t.currency = 'XXX' THEN t.calls ELSE 0 END AS unpriced_calls,
      0 AS computed_calls,
      0 AS reported_calls,
      0 AS compared_calls,
      t.booked,
      0 AS computed,
      0 AS reported,
      0 AS compared_computed,
      0 AS compared_reported
    UNION ALL
    SELECT t.computed_currency, 0, 0, t.calls, 0, 0, 0, t.computed, 0, 0, 0
    WHERE t.computed_currency IS NOT NULL
    UNION ALL
    SELECT t.reported_currency, 0, 0, 0, t.calls, 0, 0, 0, t.reported, 0, 0
    WHERE t.reported_currency IS NOT NULL
    UNION ALL
    SELECT t.reported_currency, 0, 0, 0, 0, t.calls, 0, 0, 0, t.computed, t.reported
    WHERE t.reported_currency = t.computed_currency
  ) AS side
  WHERE t.is_call
  UNION ALL
  SELECT
    coalesce(a.day, t.day::date),
    t.provider,
    t.model,
    t.currency,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    coalesce(a.share, t.booked)
  FROM totals AS t
  LEFT JOIN LATERAL daybook.accrue(t.booked, t.accrues_from, t.accrues_through, t.not_before) AS a
    ON t.accrues_from IS NOT NULL
  WHERE NOT t.is_call
)
INSERT INTO reconciliation AS old (
  ledger_id,
  day,
  provider,
  model,
  currency,
  calls,
  unpriced_calls,
  computed_calls,
  reported_calls,
  compared_calls,
  estimated_calls,
  booked,
  computed,
  reported,
  compared_computed,
  compared_reported,
  estimated,
  incurred
)
SELECT
  :ledger,
  day,
  provider,
  model,
  currency,
  sum(calls),
  sum(unpriced_calls),
  sum(computed_calls),
  sum(reported_calls),
  sum(compared_calls),
  sum(estimated_calls),
  sum(booked),
  sum(computed),
  sum(reported),
  sum(compared_computed),
  sum(compared_reported),
  sum(estimated),
  sum(incurred)
FROM daily
GROUP BY
  day,
  provider,
  model,
  currency
ON CONFLICT (ledger_id, day, provider, model, currency) DO UPDATE SET
  calls = old.calls + excluded.calls,
  unpriced_calls = old.unpriced_calls + excluded.unpriced_calls,
  computed_calls = old.computed_calls + excluded.computed_calls,
  reported_calls = old.reported_calls + excluded.reported_calls,
  compared_calls = old.compared_calls + excluded.compared_calls,
  estimated_calls = old.estimated_calls + excluded.estimated_calls,
  booked = old.booked + excluded.booked,
  computed = old.computed + excluded.computed,
  reported = old.reported + excluded.reported,
  compared_computed = old.compared_computed + excluded.compared_computed,
  compared_reported = old.compared_reported + excluded.compared_reported,
  estimated = old.estimated + excluded.estimated,
  incurred = old.incurred + excluded.incurred;

-- The decision stands before its call's first completion in the subject; a further completion finds the first instead.
-- Corrections leave estimates alone: a decision was made once.
WITH estimates AS (
  SELECT
    (e.derived ->> 'posting_date')::date AS day,
    before.data ->> 'provider' AS provider,
    before.data ->> 'model' AS model,
    before.derived -> 'estimate' -> 'cost' ->> 'currency' AS currency,
    (before.derived -> 'estimate' -> 'cost' ->> 'amount')::numeric AS estimated
  FROM daybook.events AS e
  CROSS JOIN LATERAL (
    SELECT
      b.type,
      b.type_version,
      b.data,
      b.derived
    FROM daybook.events AS b
    WHERE b.ledger_id = e.ledger_id
      AND b.subject = e.subject
      AND b.sequence < e.sequence
      AND b.type IN ('completion.recorded', 'route.decided')
    ORDER BY
      b.sequence DESC
    LIMIT 1
  ) AS before
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'completion.recorded'
    AND e.sequence > 1
    AND before.type = 'route.decided'
    AND before.type_version >= 2
    AND before.derived -> 'estimate' ? 'cost'
)
INSERT INTO reconciliation AS old (
  ledger_id,
  day,
  provider,
  model,
  currency,
  calls,
  unpriced_calls,
  computed_calls,
  reported_calls,
  compared_calls,
  estimated_calls,
  booked,
  computed,
  reported,
  compared_computed,
  compared_reported,
  estimated,
  incurred
)
SELECT
  :ledger,
  day,
  coalesce(provider, ''),
  coalesce(model, ''),
  currency,
  0,
  0,
  0,
  0,
  0,
  count(*),
  0,
  0,
  0,
  0,
  0,
  sum(estimated),
  0
FROM estimates
GROUP BY
  day,
  coalesce(provider, ''),
  coalesce(model, ''),
  currency
ON CONFLICT (ledger_id, day, provider, model, currency) DO UPDATE SET
  estimated_calls = old.estimated_calls + excluded.estimated_calls,
  estimated = old.estimated + excluded.estimated;

-- Invoices and their lines, in one pass over the batch: no index holds them.
WITH received AS MATERIALIZED (
  SELECT
    e.ledger_id,
    e.position,
    e.subject,
    e.data,
    e.derived
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'invoice.received'
),
invoices AS (
  INSERT INTO reconciliation_invoices (
    ledger_id,
    position,
    invoice,
    provider,
    number,
    period_from,
    period_through,
    posting_date
  )
  SELECT
    ledger_id,
    position,
    substring(subject FROM 9),
    data ->> 'provider',
    data ->> 'number',
    (derived -> 'period' ->> 'from')::date,
    (derived -> 'period' ->> 'through')::date,
    (derived ->> 'posting_date')::date
  FROM received
)
INSERT INTO reconciliation_lines (
  ledger_id,
  position,
  line,
  model,
  sku,
  quantity,
  unit,
  currency,
  cost
)
SELECT
  received.ledger_id,
  received.position,
  l.line,
  coalesce(l.content ->> 'model', ''),
  l.content ->> 'sku',
  (l.content ->> 'quantity')::numeric,
  l.content ->> 'unit',
  l.content -> 'cost' ->> 'currency',
  (l.content -> 'cost' ->> 'amount')::numeric
FROM received
CROSS JOIN LATERAL jsonb_array_elements(received.data -> 'lines') WITH ORDINALITY AS l (content, line);

INSERT INTO reconciliation_recorded (
  ledger_id,
  position,
  recorded_at,
  invoice,
  provider,
  period_from,
  period_through,
  model,
  currency,
  invoiced,
  booked,
  difference,
  tolerance,
  tolerance_share,
  book_position
)
SELECT
  e.ledger_id,
  e.position,
  e.recorded_at,
  e.data ->> 'invoice',
  e.data ->> 'provider',
  (e.data -> 'period' ->> 'from')::date,
  (e.data -> 'period' ->> 'through')::date,
  coalesce(e.data ->> 'model', ''),
  e.data -> 'difference' ->> 'currency',
  (e.data -> 'invoiced' ->> 'amount')::numeric,
  (e.data -> 'booked' ->> 'amount')::numeric,
  (e.data -> 'difference' ->> 'amount')::numeric,
  (e.data -> 'tolerance' -> 'amount' ->> 'amount')::numeric,
  (e.data -> 'tolerance' ->> 'share')::numeric,
  (e.data ->> 'position')::bigint
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'reconciliation.differed';

-- include shared/rates_fold.sql book=reconciliation
