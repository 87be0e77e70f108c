-- The trial balance: debits and credits of all accounts, and their difference, which is zero.

SELECT
  CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
  CASE WHEN 'month' = ANY (:group_by) THEN to_char(day, 'YYYY-MM') END AS month,
  currency,
  sum(debit) AS debit,
  sum(credit) AS credit,
  sum(debit) - sum(credit) AS difference
FROM trial_balance
WHERE ledger_id = :ledger
  AND day >= coalesce(:from, '-infinity')
  AND day <= coalesce(:to, 'infinity')
GROUP BY
  1,
  2,
  3
ORDER BY
  1,
  2,
  3;
