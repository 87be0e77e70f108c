-- For each day and currency of the query's `days` the newest rate of its pair with the reporting currency that holds on
-- that day, or of the inverse pair where only that is listed or it is newer. book: whose rates.

rates AS (
  SELECT
    pairs.day,
    pairs.currency,
    coalesce(found.rate, CASE WHEN pairs.currency = target.reporting THEN 1 END) AS rate,
    coalesce(found.is_inverse, false) AS is_inverse,
    found.day AS rate_day
  FROM (SELECT DISTINCT day, currency FROM days) AS pairs
  CROSS JOIN target
  LEFT JOIN LATERAL (
    SELECT
      listed.rate,
      listed.base <> pairs.currency AS is_inverse,
      listed.day
    FROM {{book}}_rates AS listed
    WHERE listed.ledger_id = :ledger
      AND (listed.base, listed.quote) IN ((pairs.currency, target.reporting), (target.reporting, pairs.currency))
      AND listed.day <= pairs.day
    ORDER BY
      listed.day DESC,
      listed.base <> pairs.currency
    LIMIT 1
  ) AS found ON pairs.currency <> target.reporting
),
