-- What budgets allow in the month of a day, what was spent of it up to that day, and where that leads.
-- A daily budget allows its limit on each day of the month. Counters of `total` have no month: they are shown as they
-- are, without a projection. Month counters hold what was booked up to the position, whatever the day.

WITH chosen AS (
  SELECT
    coalesce(
      :day,
      max(period::date) FILTER (WHERE length(period) = 10),
      (max((period || '-01')::date) FILTER (WHERE length(period) = 7) + interval '1 month' - interval '1 day')::date
    ) AS day
  FROM budget_status
  WHERE ledger_id = :ledger
),
span AS (
  SELECT
    to_char(day, 'YYYY-MM') AS month,
    day::text AS day,
    extract(day FROM day)::integer AS days_gone,
    extract(day FROM date_trunc('month', day) + interval '1 month' - interval '1 day')::integer AS days
  FROM chosen
  WHERE day IS NOT NULL
),
counters AS (
  SELECT
    s.budget,
    b.scope,
    s.key,
    s.currency,
    b.budget_limit,
    span.month,
    span.days_gone,
    span.days,
    CASE length(s.period) WHEN 10 THEN 'day' WHEN 7 THEN 'month' ELSE 'total' END AS "window",
    sum(s.spent) AS spent,
    sum(s.calls) AS calls,
    sum(s.unknown_calls) AS unknown_calls
  FROM span
  CROSS JOIN budget_status AS s
  JOIN budget_status_budgets AS b USING (ledger_id, budget)
  WHERE s.ledger_id = :ledger
    AND (
      s.period IN (span.month, 'total')
      OR (length(s.period) = 10 AND left(s.period, 7) = span.month AND s.period <= span.day)
    )
    AND (:budget IS NULL OR s.budget = ANY (:budget))
    AND (:user IS NULL OR (b.scope LIKE 'user/%' AND s.key = ANY (:user)))
  GROUP BY
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9
),
compared AS (
  SELECT
    counters.*,
    CASE "window" WHEN 'day' THEN budget_limit * days ELSE budget_limit END AS allowed,
    CASE WHEN "window" <> 'total' THEN daybook.prorate(spent, days, days_gone) END AS projected
  FROM counters
)
SELECT
  budget,
  scope,
  CASE WHEN scope LIKE 'user/%' THEN NULL ELSE key END AS key,
  CASE WHEN scope LIKE 'user/%' THEN key END AS "user",
  "window",
  currency,
  month,
  days_gone,
  days,
  budget_limit,
  allowed,
  spent,
  allowed - spent AS "left",
  daybook.share_of(spent, allowed) AS used_share,
  projected,
  projected - allowed AS projected_difference,
  calls,
  unknown_calls
FROM compared
ORDER BY
  budget,
  "window",
  spent DESC,
  compared.key,
  currency;
