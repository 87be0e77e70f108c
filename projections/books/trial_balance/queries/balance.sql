-- Debits and credits for each combination of the keys in group_by; accounts as deep as asked.

SELECT
  CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
  CASE WHEN 'month' = ANY (:group_by) THEN to_char(day, 'YYYY-MM') END AS month,
  CASE
    WHEN 'account' = ANY (:group_by) THEN
      CASE
        WHEN :depth IS NULL THEN account
        ELSE array_to_string((string_to_array(account, ':'))[1 : :depth::integer], ':')
      END
  END AS account,
  currency,
  sum(debit) AS debit,
  sum(credit) AS credit,
  sum(debit - credit) AS balance
FROM trial_balance
WHERE ledger_id = :ledger
  AND day >= coalesce(:from, '-infinity')
  AND day <= coalesce(:to, 'infinity')
  AND (
    :account IS NULL
    OR EXISTS (
      SELECT
      FROM unnest(:account) AS wanted (name)
      WHERE account = wanted.name
        OR starts_with(account, wanted.name || ':')
    )
  )
GROUP BY
  1,
  2,
  3,
  4
ORDER BY
  1,
  2,
  3,
  4;
