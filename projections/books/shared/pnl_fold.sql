-- The fold of a book of profit and loss: revenue, completions and costs day by day, with what was taken back, restated
-- or adjusted, then the shares of what does not name the book's key, anew on the days that the batch posted to.
-- book: its name; key: what rows are told apart by; scope: what else an entry may name, which bounds among whom it is
-- divided; columns: what inference cost is kept by, key and scope together.

WITH changes AS (
  SELECT
    day,
    accrues_from,
    accrues_through,
    not_before,
    CASE WHEN accrues_from IS NOT NULL THEN position END AS entry,
    coalesce(data ->> '{{columns}}', '') AS {{columns}},
    kind,
    takes,
    coalesce(before ->> 'currency', 'XXX') AS currency_before,
    puts,
    coalesce(after ->> 'currency', 'XXX') AS currency_after,
    sum((before ->> 'amount')::numeric) AS before,
    sum((after ->> 'amount')::numeric) AS after,
    count(*) AS entries
  FROM daybook.bookings
  WHERE ledger_id = :ledger
    AND position > :floor
    AND position <= :ceiling
  GROUP BY
    day,
    accrues_from,
    accrues_through,
    not_before,
    entry,
    {{columns}},
    kind,
    takes,
    currency_before,
    puts,
    currency_after
),
totals AS MATERIALIZED (
  SELECT
    day,
    accrues_from,
    accrues_through,
    not_before,
    side.sign * entry AS entry,
    {{columns}},
    kind,
    side.currency,
    sum(side.amount) AS amount,
    CASE WHEN kind = 'inference' THEN sum(side.sign * entries) ELSE 0 END AS calls
  FROM changes
  CROSS JOIN LATERAL (
    SELECT
      -1 AS sign,
      currency_before AS currency,
      -before AS amount
    WHERE takes
    UNION ALL
    SELECT
      1 AS sign,
      currency_after AS currency,
      after AS amount
    WHERE puts
  ) AS side
  GROUP BY
    day,
    accrues_from,
    accrues_through,
    not_before,
    side.sign * entry,
    {{columns}},
    kind,
    side.currency
),
daily AS MATERIALIZED (
  SELECT
    day::date AS day,
    {{columns}},
    kind,
    currency,
    amount,
    calls
  FROM totals
  WHERE accrues_from IS NULL
  UNION ALL
  SELECT
    a.day,
    {{columns}},
    kind,
    currency,
    a.share AS amount,
    0 AS calls
  FROM totals
  CROSS JOIN LATERAL daybook.accrue(amount, accrues_from, accrues_through, not_before) AS a
  WHERE accrues_from IS NOT NULL
),
inference AS (
  INSERT INTO {{book}}_inference AS old (ledger_id, day, {{columns, }}, currency, cost)
  SELECT
    :ledger,
    day,
    {{columns}},
    currency,
    sum(amount)
  FROM daily
  WHERE kind = 'inference'
    AND currency <> 'XXX'
  GROUP BY
    day,
    {{columns}},
    currency
  ON CONFLICT (ledger_id, day, {{columns, }}, currency) DO UPDATE SET cost = old.cost + excluded.cost
),
pools AS (
  INSERT INTO {{book}}_pools AS old (ledger_id, day, {{scope, }}, kind, currency, amount)
  SELECT
    :ledger,
    day,
    {{scope}},
    kind,
    currency,
    sum(amount)
  FROM daily
  WHERE kind <> 'inference'
    AND {{key}} = ''
  GROUP BY
    day,
    {{scope}},
    kind,
    currency
  ON CONFLICT (ledger_id, day, {{scope, }}, kind, currency) DO UPDATE SET amount = old.amount + excluded.amount
),
pending AS (
  INSERT INTO {{book}}_pending (ledger_id, day)
  SELECT DISTINCT
    :ledger,
    day
  FROM daily
  ON CONFLICT DO NOTHING
)
INSERT INTO {{book}} AS old (
  ledger_id,
  day,
  {{key}},
  currency,
  revenue_direct,
  revenue_allocated,
  inference_cost,
  ai_inference_direct,
  ai_inference_allocated,
  vm_direct,
  vm_allocated,
  api_service_direct,
  api_service_allocated,
  other_direct,
  other_allocated,
  calls,
  unpriced_calls
)
SELECT
  :ledger,
  day,
  {{key}},
  currency,
  CASE WHEN currency <> 'XXX' THEN coalesce(sum(amount) FILTER (WHERE kind = 'revenue'), 0) END,
  CASE WHEN currency <> 'XXX' THEN 0 END,
  CASE WHEN currency <> 'XXX' THEN coalesce(sum(amount) FILTER (WHERE kind = 'inference'), 0) END,
  CASE WHEN currency <> 'XXX' THEN coalesce(sum(amount) FILTER (WHERE kind = 'ai_inference'), 0) END,
  CASE WHEN currency <> 'XXX' THEN 0 END,
  CASE WHEN currency <> 'XXX' THEN coalesce(sum(amount) FILTER (WHERE kind = 'vm'), 0) END,
  CASE WHEN currency <> 'XXX' THEN 0 END,
  CASE WHEN currency <> 'XXX' THEN coalesce(sum(amount) FILTER (WHERE kind = 'api_service'), 0) END,
  CASE WHEN currency <> 'XXX' THEN 0 END,
  CASE WHEN currency <> 'XXX' THEN coalesce(sum(amount) FILTER (WHERE kind = 'other'), 0) END,
  CASE WHEN currency <> 'XXX' THEN 0 END,
  sum(calls),
  CASE WHEN currency = 'XXX' THEN sum(calls) ELSE 0 END
FROM daily
WHERE kind = 'inference'
  OR {{key}} <> ''
GROUP BY
  day,
  {{key}},
  currency
ON CONFLICT (ledger_id, day, {{key}}, currency) DO UPDATE SET
  revenue_direct = old.revenue_direct + excluded.revenue_direct,
  inference_cost = old.inference_cost + excluded.inference_cost,
  ai_inference_direct = old.ai_inference_direct + excluded.ai_inference_direct,
  vm_direct = old.vm_direct + excluded.vm_direct,
  api_service_direct = old.api_service_direct + excluded.api_service_direct,
  other_direct = old.other_direct + excluded.other_direct,
  calls = old.calls + excluded.calls,
  unpriced_calls = old.unpriced_calls + excluded.unpriced_calls;

-- Shares of pools, set anew. The row of the empty text is there wherever there is a pool, and takes what has no share.
WITH pools AS MATERIALIZED (
  SELECT
    pool.day,
    pool.{{scope}},
    pool.kind,
    pool.currency,
    pool.amount
  FROM {{book}}_pending AS pending
  JOIN {{book}}_pools AS pool USING (ledger_id, day)
  WHERE pending.ledger_id = :ledger
),
splits AS MATERIALIZED (
  SELECT
    pools.day,
    pools.kind,
    pools.currency,
    pools.amount,
    weights.keys,
    daybook.allocate(pools.amount, weights.costs) AS shares
  FROM pools
  LEFT JOIN LATERAL (
    SELECT
      array_agg({{key}} ORDER BY {{key}}) AS keys,
      array_agg(cost ORDER BY {{key}}) AS costs
    FROM (
      SELECT
        i.{{key}},
        sum(i.cost) AS cost
      FROM {{book}}_inference AS i
      WHERE i.ledger_id = :ledger
        AND i.day = pools.day
        AND i.currency = pools.currency
        AND (pools.{{scope}} = '' OR i.{{scope}} = pools.{{scope}})
      GROUP BY
        i.{{key}}
      HAVING sum(i.cost) > 0
    ) AS of_scope
  ) AS weights ON true
),
parts AS (
  SELECT
    day,
    part.key,
    currency,
    kind || '_allocated' AS kind,
    part.share
  FROM splits
  CROSS JOIN LATERAL unnest(keys, shares) AS part (key, share)
  WHERE shares IS NOT NULL
  UNION ALL
  SELECT
    day,
    '' AS key,
    currency,
    kind || '_direct' AS kind,
    CASE WHEN shares IS NULL THEN amount ELSE 0 END AS share
  FROM splits
  UNION ALL
  -- What had a share before may have none now.
  SELECT
    day,
    {{key}} AS key,
    currency,
    NULL AS kind,
    0 AS share
  FROM {{book}}
  WHERE ledger_id = :ledger
    AND currency <> 'XXX'
    AND day IN (SELECT day FROM pools)
)
INSERT INTO {{book}} AS old (
  ledger_id,
  day,
  {{key}},
  currency,
  revenue_direct,
  revenue_allocated,
  inference_cost,
  ai_inference_direct,
  ai_inference_allocated,
  vm_direct,
  vm_allocated,
  api_service_direct,
  api_service_allocated,
  other_direct,
  other_allocated,
  calls,
  unpriced_calls
)
SELECT
  :ledger,
  day,
  key,
  currency,
  coalesce(sum(share) FILTER (WHERE kind = 'revenue_direct'), 0),
  coalesce(sum(share) FILTER (WHERE kind = 'revenue_allocated'), 0),
  0,
  coalesce(sum(share) FILTER (WHERE kind = 'ai_inference_direct'), 0),
  coalesce(sum(share) FILTER (WHERE kind = 'ai_inference_allocated'), 0),
  coalesce(sum(share) FILTER (WHERE kind = 'vm_direct'), 0),
  coalesce(sum(share) FILTER (WHERE kind = 'vm_allocated'), 0),
  coalesce(sum(share) FILTER (WHERE kind = 'api_service_direct'), 0),
  coalesce(sum(share) FILTER (WHERE kind = 'api_service_allocated'), 0),
  coalesce(sum(share) FILTER (WHERE kind = 'other_direct'), 0),
  coalesce(sum(share) FILTER (WHERE kind = 'other_allocated'), 0),
  0,
  0
FROM parts
GROUP BY
  day,
  key,
  currency
ON CONFLICT (ledger_id, day, {{key}}, currency) DO UPDATE SET
  revenue_allocated = excluded.revenue_allocated,
  ai_inference_allocated = excluded.ai_inference_allocated,
  vm_allocated = excluded.vm_allocated,
  api_service_allocated = excluded.api_service_allocated,
  other_allocated = excluded.other_allocated,
  revenue_direct = CASE old.{{key}} WHEN '' THEN excluded.revenue_direct ELSE old.revenue_direct END,
  ai_inference_direct = CASE old.{{key}} WHEN '' THEN excluded.ai_inference_direct ELSE old.ai_inference_direct END,
  vm_direct = CASE old.{{key}} WHEN '' THEN excluded.vm_direct ELSE old.vm_direct END,
  api_service_direct = CASE old.{{key}} WHEN '' THEN excluded.api_service_direct ELSE old.api_service_direct END,
  other_direct = CASE old.{{key}} WHEN '' THEN excluded.other_direct ELSE old.other_direct END
WHERE (
    old.revenue_allocated,
    old.ai_inference_allocated,
    old.vm_allocated,
    old.api_service_allocated,
    old.other_allocated
  ) IS DISTINCT FROM (
    excluded.revenue_allocated,
    excluded.ai_inference_allocated,
    excluded.vm_allocated,
    excluded.api_service_allocated,
    excluded.other_allocated
  )
  OR old.{{key}} = '';

DELETE FROM {{book}}_pending
WHERE ledger_id = :ledger;

-- include shared/rates_fold.sql book={{book}}
