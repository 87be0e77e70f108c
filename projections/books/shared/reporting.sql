-- The currency to show amounts in: the one asked for, else the ledger's. book: whose settings.

target AS (
  SELECT
    coalesce(
      :currency,
      (SELECT value FROM {{book}}_settings WHERE ledger_id = :ledger AND setting = 'reporting_currency')
    ) AS reporting
),
