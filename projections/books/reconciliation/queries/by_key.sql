-- Estimated, computed, reported and booked beside each other, for each combination of the keys in group_by.

WITH sums AS (
  SELECT
    CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
    CASE WHEN 'month' = ANY (:group_by) THEN to_char(day, 'YYYY-MM') END AS month,
    CASE WHEN 'provider' = ANY (:group_by) THEN provider END AS provider,
    CASE WHEN 'model' = ANY (:group_by) THEN model END AS model,
    currency,
    sum(calls) AS calls,
    sum(unpriced_calls) AS unpriced_calls,
    sum(computed_calls) AS computed_calls,
    sum(reported_calls) AS reported_calls,
    sum(compared_calls) AS compared_calls,
    sum(estimated_calls) AS estimated_calls,
    sum(booked) AS booked,
    sum(computed) AS computed,
    sum(reported) AS reported,
    sum(compared_computed) AS compared_computed,
    sum(compared_reported) AS compared_reported,
    sum(estimated) AS estimated,
    sum(incurred) AS incurred
  FROM reconciliation
  WHERE ledger_id = :ledger
    AND day >= coalesce(:from, '-infinity')
    AND day <= coalesce(:to, 'infinity')
    AND (:provider IS NULL OR provider = ANY (:provider))
    AND (:model IS NULL OR model = ANY (:model))
  GROUP BY
    1,
    2,
    3,
    4,
    5
)
SELECT
  sums.day,
  sums.month,
  nullif(sums.provider, '') AS provider,
  nullif(sums.model, '') AS model,
  currency,
  calls,
  sum(unpriced_calls) OVER (PARTITION BY sums.day, sums.month, sums.provider, sums.model) AS unpriced_calls,
  estimated_calls,
  CASE WHEN currency <> 'XXX' THEN estimated END AS estimated,
  computed_calls,
  CASE WHEN currency <> 'XXX' THEN computed END AS computed,
  reported_calls,
  CASE WHEN currency <> 'XXX' THEN reported END AS reported,
  compared_calls,
  CASE WHEN currency <> 'XXX' THEN compared_reported - compared_computed END AS reported_difference,
  daybook.share_of(compared_reported - compared_computed, compared_computed) AS reported_difference_share,
  CASE WHEN currency <> 'XXX' THEN booked END AS booked,
  CASE WHEN currency <> 'XXX' AND estimated_calls > 0 THEN booked - estimated END AS estimated_difference,
  CASE WHEN estimated_calls > 0 THEN daybook.share_of(booked - estimated, estimated) END
    AS estimated_difference_share,
  CASE WHEN currency <> 'XXX' THEN incurred END AS incurred
FROM sums
ORDER BY
  sums.day,
  sums.month,
  sums.provider,
  sums.model,
  currency;
