-- Debits less credits must be nothing in every currency and on every day, and the accounts must hold what the log says.

WITH
-- include shared/logged_entries.sql
log AS (
  SELECT
    money ->> 'currency' AS currency,
    coalesce(sum(sign * (money ->> 'amount')::numeric) FILTER (WHERE type = 'completion.recorded'), 0) AS inference,
    coalesce(sum(sign * (money ->> 'amount')::numeric) FILTER (WHERE type = 'cost.incurred'), 0) AS operating,
    coalesce(sum(sign * (money ->> 'amount')::numeric) FILTER (WHERE type = 'revenue.earned'), 0) AS revenue
  FROM entries
  WHERE type IN ('completion.recorded', 'cost.incurred', 'revenue.earned')
    AND money IS NOT NULL
  GROUP BY
    1
),
book AS (
  SELECT
    currency,
    sum(debit - credit) AS balance,
    coalesce(sum(debit - credit) FILTER (WHERE origin = 'allocation'), 0) AS allocation,
    coalesce(sum(debit - credit) FILTER (WHERE origin = 'entry' AND account LIKE 'Expenses:Inference:%'), 0)
      AS inference,
    coalesce(sum(debit - credit) FILTER (WHERE origin = 'entry' AND account LIKE 'Expenses:Operating:%'), 0)
      AS operating,
    coalesce(sum(credit - debit) FILTER (WHERE origin = 'entry' AND account LIKE 'Income:%'), 0) AS income,
    coalesce(sum(debit - credit) FILTER (WHERE account = 'Assets:Receivable'), 0) AS receivable,
    coalesce(sum(credit - debit) FILTER (WHERE account LIKE 'Liabilities:Accrued:%'), 0) AS accrued
  FROM trial_balance
  WHERE ledger_id = :ledger
  GROUP BY
    currency
)
SELECT
  m.measure || ' ' || currency AS measure,
  coalesce(m.book, 0) AS book,
  coalesce(m.log, 0) AS log
FROM book
FULL JOIN log USING (currency)
CROSS JOIN LATERAL (
  VALUES
    ('balance', book.balance, 0),
    ('balance of allocation', book.allocation, 0),
    ('Expenses:Inference', book.inference, log.inference),
    ('Expenses:Operating', book.operating, log.operating),
    ('Income', book.income, log.revenue),
    ('Assets:Receivable', book.receivable, log.revenue),
    ('Liabilities:Accrued', book.accrued, log.inference + log.operating)
) AS m (measure, book, log)
UNION ALL
SELECT
  'days out of balance' AS measure,
  (
    SELECT count(*)
    FROM (
      SELECT day
      FROM trial_balance
      WHERE ledger_id = :ledger
      GROUP BY
        day,
        currency
      HAVING sum(debit) <> sum(credit)
    ) AS days
  )::numeric AS book,
  0::numeric AS log;
