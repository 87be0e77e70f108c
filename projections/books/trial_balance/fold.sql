-- Posts two lines for each posting of money, day by day; then the lines of allocation anew, on the days that this batch
-- posted to. An accrued cost is spread by itself (`entry`), so that its parts do not depend on what else is posted.

WITH entries AS (
  SELECT
    day,
    accrues_from,
    accrues_through,
    not_before,
    CASE WHEN accrues_from IS NOT NULL THEN position END AS entry,
    coalesce(data ->> 'strategy', '') AS strategy,
    coalesce(data ->> 'model', '') AS model,
    coalesce(data ->> 'provider', '') AS provider,
    kind,
    before ->> 'currency' AS currency_before,
    (before ->> 'amount')::numeric AS before,
    after ->> 'currency' AS currency_after,
    (after ->> 'amount')::numeric AS after
  FROM daybook.bookings
  WHERE ledger_id = :ledger
    AND position > :floor
    AND position <= :ceiling
  OFFSET 0
),
changes AS (
  SELECT
    day,
    accrues_from,
    accrues_through,
    not_before,
    entry,
    strategy,
    model,
    provider,
    kind,
    currency_before,
    currency_after,
    sum(greatest(before, 0)) AS debit_before,
    sum(greatest(-before, 0)) AS credit_before,
    sum(greatest(after, 0)) AS debit_after,
    sum(greatest(-after, 0)) AS credit_after
  FROM entries
  GROUP BY
    day,
    accrues_from,
    accrues_through,
    not_before,
    entry,
    strategy,
    model,
    provider,
    kind,
    currency_before,
    currency_after
),
totals AS MATERIALIZED (
  SELECT
    day,
    accrues_from,
    accrues_through,
    not_before,
    side.sign * entry AS entry,
    strategy,
    model,
    provider,
    kind,
    side.currency,
    sum(side.above) AS above,
    sum(side.below) AS below
  FROM changes
  CROSS JOIN LATERAL (
    VALUES
      (-1, currency_before, credit_before, debit_before),
      (1, currency_after, debit_after, credit_after)
  ) AS side (sign, currency, above, below)
  -- What is not known is no money.
  WHERE side.currency IS NOT NULL
  GROUP BY
    day,
    accrues_from,
    accrues_through,
    not_before,
    side.sign * entry,
    strategy,
    model,
    provider,
    kind,
    side.currency
),
daily AS MATERIALIZED (
  SELECT
    day::date AS day,
    strategy,
    model,
    provider,
    kind,
    currency,
    above,
    below
  FROM totals
  WHERE accrues_from IS NULL
  UNION ALL
  SELECT
    a.day,
    strategy,
    model,
    provider,
    kind,
    currency,
    greatest(a.share, 0) AS above,
    greatest(-a.share, 0) AS below
  FROM totals
  CROSS JOIN LATERAL daybook.accrue(above - below, accrues_from, accrues_through, not_before) AS a
  WHERE accrues_from IS NOT NULL
),
inference AS (
  INSERT INTO trial_balance_inference AS old (ledger_id, day, strategy, model, currency, cost)
  SELECT
    :ledger,
    day,
    strategy,
    model,
    currency,
    sum(above - below)
  FROM daily
  WHERE kind = 'inference'
  GROUP BY
    day,
    strategy,
    model,
    currency
  ON CONFLICT (ledger_id, day, strategy, model, currency) DO UPDATE SET cost = old.cost + excluded.cost
),
pools AS (
  INSERT INTO trial_balance_pools AS old (ledger_id, day, strategy, kind, currency, amount)
  SELECT
    :ledger,
    day,
    strategy,
    kind,
    currency,
    sum(above - below)
  FROM daily
  WHERE kind <> 'inference'
    AND model = ''
  GROUP BY
    day,
    strategy,
    kind,
    currency
  ON CONFLICT (ledger_id, day, strategy, kind, currency) DO UPDATE SET amount = old.amount + excluded.amount
),
pending AS (
  INSERT INTO trial_balance_pending (ledger_id, day)
  SELECT DISTINCT
    :ledger,
    day
  FROM daily
  ON CONFLICT DO NOTHING
),
named AS (
  SELECT
    day,
    kind,
    currency,
    above,
    below,
    daybook.account_name(strategy) AS strategy,
    daybook.account_name(model) AS model,
    daybook.account_name(provider) AS provider
  FROM daily
)
INSERT INTO trial_balance AS old (ledger_id, day, account, origin, currency, debit, credit)
SELECT
  :ledger,
  named.day,
  line.account,
  'entry',
  named.currency,
  sum(line.debit),
  sum(line.credit)
FROM named
CROSS JOIN LATERAL (
  VALUES
    (
      CASE named.kind
        WHEN 'inference' THEN 'Expenses:Inference:' || named.provider || ':' || named.model
        WHEN 'revenue' THEN 'Assets:Receivable'
        ELSE 'Expenses:Operating:' || named.kind
      END,
      named.above,
      named.below
    ),
    (
      CASE named.kind
        WHEN 'revenue' THEN 'Income:' || named.strategy || ':' || named.model
        ELSE 'Liabilities:Accrued:' || named.provider
      END,
      named.below,
      named.above
    )
) AS line (account, debit, credit)
GROUP BY
  named.day,
  line.account,
  named.currency
ON CONFLICT (ledger_id, day, account, origin, currency) DO UPDATE SET
  debit = old.debit + excluded.debit,
  credit = old.credit + excluded.credit;

-- The lines of allocation of these days as they are now; those that are no more go.
WITH pools AS MATERIALIZED (
  SELECT
    pool.day,
    pool.strategy,
    pool.kind,
    pool.currency,
    pool.amount
  FROM trial_balance_pending AS pending
  JOIN trial_balance_pools AS pool USING (ledger_id, day)
  WHERE pending.ledger_id = :ledger
),
splits AS MATERIALIZED (
  SELECT
    pools.day,
    pools.strategy,
    pools.kind,
    pools.currency,
    pools.amount,
    weights.models,
    daybook.allocate(pools.amount, weights.costs) AS shares
  FROM pools
  LEFT JOIN LATERAL (
    SELECT
      array_agg(model ORDER BY model) AS models,
      array_agg(cost ORDER BY model) AS costs
    FROM (
      SELECT
        i.model,
        sum(i.cost) AS cost
      FROM trial_balance_inference AS i
      WHERE i.ledger_id = :ledger
        AND i.day = pools.day
        AND i.currency = pools.currency
        AND (pools.strategy = '' OR i.strategy = pools.strategy)
      GROUP BY
        i.model
      HAVING sum(i.cost) > 0
    ) AS of_scope
  ) AS weights ON true
),
signed AS (
  SELECT
    day,
    currency,
    CASE kind WHEN 'revenue' THEN 'Income:Allocated:' ELSE 'Expenses:Allocated:' END
    || daybook.account_name(part.model) AS account,
    CASE kind WHEN 'revenue' THEN -part.share ELSE part.share END AS amount
  FROM splits
  CROSS JOIN LATERAL unnest(models, shares) AS part (model, share)
  WHERE shares IS NOT NULL
  UNION ALL
  SELECT
    day,
    currency,
    CASE kind
      WHEN 'revenue' THEN 'Income:Allocation:' || daybook.account_name(strategy)
      ELSE 'Expenses:Allocation:' || kind
    END AS account,
    CASE kind WHEN 'revenue' THEN amount ELSE -amount END AS amount
  FROM splits
  WHERE shares IS NOT NULL
),
lines AS MATERIALIZED (
  SELECT
    day,
    account,
    currency,
    sum(greatest(amount, 0)) AS debit,
    sum(greatest(-amount, 0)) AS credit
  FROM signed
  GROUP BY
    day,
    account,
    currency
),
gone AS (
  DELETE FROM trial_balance AS old
  WHERE old.ledger_id = :ledger
    AND old.origin = 'allocation'
    AND old.day IN (SELECT day FROM pools)
    AND (old.day, old.account, old.currency) NOT IN (SELECT day, account, currency FROM lines)
)
INSERT INTO trial_balance AS old (ledger_id, day, account, origin, currency, debit, credit)
SELECT
  :ledger,
  day,
  account,
  'allocation',
  currency,
  debit,
  credit
FROM lines
ON CONFLICT (ledger_id, day, account, origin, currency) DO UPDATE SET
  debit = excluded.debit,
  credit = excluded.credit
WHERE (old.debit, old.credit) IS DISTINCT FROM (excluded.debit, excluded.credit);

DELETE FROM trial_balance_pending
WHERE ledger_id = :ledger;
