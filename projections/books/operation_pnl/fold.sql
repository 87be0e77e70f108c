-- Posts revenue, completions and costs day by day, with what was taken back, restated or adjusted; then divides
-- anew what names no operation, on the days that this batch posted to.
-- An accrued cost is spread by itself (`entry`), so that its parts do not depend on what else is posted with it.

WITH facts AS (
  SELECT
    day,
    accrues_from,
    accrues_through,
    not_before,
    CASE WHEN accrues_from IS NOT NULL THEN sign * position END AS entry,
    coalesce(data ->> 'operation', '') AS operation,
    coalesce(data ->> 'strategy', '') AS strategy,
    coalesce(data ->> 'model', '') AS model,
    CASE type
      WHEN 'completion.recorded' THEN 'inference'
      WHEN 'revenue.earned' THEN 'revenue'
      ELSE coalesce(substring(data ->> 'category' FROM '^(?:ai_inference|vm|api_service)$'), 'other')
    END AS kind,
    coalesce(money ->> 'currency', 'XXX') AS currency,
    sign * (money ->> 'amount')::numeric AS amount,
    sign
  FROM daybook.postings
  WHERE ledger_id = :ledger
    AND position > :floor
    AND position <= :ceiling
  OFFSET 0
),
totals AS MATERIALIZED (
  SELECT
    day,
    accrues_from,
    accrues_through,
    not_before,
    entry,
    operation,
    strategy,
    model,
    kind,
    currency,
    sum(amount) AS amount,
    CASE WHEN kind = 'inference' THEN sum(sign) ELSE 0 END AS calls
  FROM facts
  GROUP BY
    day,
    accrues_from,
    accrues_through,
    not_before,
    entry,
    operation,
    strategy,
    model,
    kind,
    currency
),
daily AS MATERIALIZED (
  SELECT
    day::date AS day,
    operation,
    strategy,
    model,
    kind,
    currency,
    amount,
    calls
  FROM totals
  WHERE accrues_from IS NULL
  UNION ALL
  SELECT
    a.day,
    operation,
    strategy,
    model,
    kind,
    currency,
    a.share AS amount,
    0 AS calls
  FROM totals
  CROSS JOIN LATERAL daybook.accrue(amount, accrues_from, accrues_through, not_before) AS a
  WHERE accrues_from IS NOT NULL
),
inference AS (
  INSERT INTO operation_pnl_inference AS old (ledger_id, day, operation, strategy, model, currency, cost)
  SELECT
    :ledger,
    day,
    operation,
    strategy,
    model,
    currency,
    sum(amount)
  FROM daily
  WHERE kind = 'inference'
    AND currency <> 'XXX'
  GROUP BY
    day,
    operation,
    strategy,
    model,
    currency
  ON CONFLICT (ledger_id, day, operation, strategy, model, currency) DO UPDATE SET cost = old.cost + excluded.cost
),
pools AS (
  INSERT INTO operation_pnl_pools AS old (ledger_id, day, strategy, model, kind, currency, amount)
  SELECT
    :ledger,
    day,
    strategy,
    model,
    kind,
    currency,
    sum(amount)
  FROM daily
  WHERE kind <> 'inference'
    AND operation = ''
  GROUP BY
    day,
    strategy,
    model,
    kind,
    currency
  ON CONFLICT (ledger_id, day, strategy, model, kind, currency) DO UPDATE SET amount = old.amount + excluded.amount
),
pending AS (
  INSERT INTO operation_pnl_pending (ledger_id, day)
  SELECT DISTINCT
    :ledger,
    day
  FROM daily
  ON CONFLICT DO NOTHING
)
INSERT INTO operation_pnl AS old (
  ledger_id,
  day,
  operation,
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
  operation,
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
  OR operation <> ''
GROUP BY
  day,
  operation,
  currency
ON CONFLICT (ledger_id, day, operation, currency) DO UPDATE SET
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
    pool.strategy,
    pool.model,
    pool.kind,
    pool.currency,
    pool.amount
  FROM operation_pnl_pending AS pending
  JOIN operation_pnl_pools AS pool USING (ledger_id, day)
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
      array_agg(operation ORDER BY operation) AS keys,
      array_agg(cost ORDER BY operation) AS costs
    FROM (
      SELECT
        i.operation,
        sum(i.cost) AS cost
      FROM operation_pnl_inference AS i
      WHERE i.ledger_id = :ledger
        AND i.day = pools.day
        AND i.currency = pools.currency
        AND (pools.strategy = '' OR i.strategy = pools.strategy)
        AND (pools.model = '' OR i.model = pools.model)
      GROUP BY
        i.operation
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
    operation AS key,
    currency,
    NULL AS kind,
    0 AS share
  FROM operation_pnl
  WHERE ledger_id = :ledger
    AND currency <> 'XXX'
    AND day IN (SELECT day FROM pools)
)
INSERT INTO operation_pnl AS old (
  ledger_id,
  day,
  operation,
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
ON CONFLICT (ledger_id, day, operation, currency) DO UPDATE SET
  revenue_allocated = excluded.revenue_allocated,
  ai_inference_allocated = excluded.ai_inference_allocated,
  vm_allocated = excluded.vm_allocated,
  api_service_allocated = excluded.api_service_allocated,
  other_allocated = excluded.other_allocated,
  revenue_direct = CASE old.operation WHEN '' THEN excluded.revenue_direct ELSE old.revenue_direct END,
  ai_inference_direct = CASE old.operation WHEN '' THEN excluded.ai_inference_direct ELSE old.ai_inference_direct END,
  vm_direct = CASE old.operation WHEN '' THEN excluded.vm_direct ELSE old.vm_direct END,
  api_service_direct = CASE old.operation WHEN '' THEN excluded.api_service_direct ELSE old.api_service_direct END,
  other_direct = CASE old.operation WHEN '' THEN excluded.other_direct ELSE old.other_direct END
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
  OR old.operation = '';

DELETE FROM operation_pnl_pending
WHERE ledger_id = :ledger;

INSERT INTO operation_pnl_rates AS old (ledger_id, base, quote, day, rate, position)
SELECT DISTINCT ON (e.data ->> 'base', e.data ->> 'quote', e.derived ->> 'valid_from')
  e.ledger_id,
  e.data ->> 'base',
  e.data ->> 'quote',
  (e.derived ->> 'valid_from')::date,
  (e.data ->> 'rate')::numeric,
  e.position
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'rate.listed'
ORDER BY
  e.data ->> 'base',
  e.data ->> 'quote',
  e.derived ->> 'valid_from',
  e.position DESC
ON CONFLICT (ledger_id, base, quote, day) DO UPDATE SET
  rate = excluded.rate,
  position = excluded.position;

INSERT INTO operation_pnl_settings AS old (ledger_id, setting, value)
SELECT DISTINCT ON (e.ledger_id)
  e.ledger_id,
  'reporting_currency',
  e.data ->> 'reporting_currency'
FROM daybook.events AS e
WHERE e.ledger_id = :ledger
  AND e.position > :floor
  AND e.position <= :ceiling
  AND e.type = 'ledger.opened'
  AND e.data ? 'reporting_currency'
ORDER BY
  e.ledger_id,
  e.position DESC
ON CONFLICT (ledger_id, setting) DO UPDATE SET value = excluded.value;
