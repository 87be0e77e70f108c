-- The one reading of the log that the books of finance share, and the arithmetic that splits amounts.
-- Keeps true: every fact that carries money is one posting, every reversal one with the opposite sign, and every
-- restatement or adjustment two, which take off what was booked and put in its place what is. Splits are made in whole
-- units of 10^-12, by largest remainder, with the sign of the amount: the parts always add up to the last digit, and
-- the parts of a reversal are the negated parts of what it reverses. Domain's Amount.split says the same in Swift.

CREATE VIEW daybook.postings AS
SELECT
  e.ledger_id,
  e.position,
  1 AS sign,
  e.type,
  e.data,
  e.derived,
  CASE e.type
    WHEN 'completion.recorded' THEN e.derived -> 'cost'
    WHEN 'cost.incurred' THEN e.data -> 'cost'
    ELSE e.data -> 'revenue'
  END AS money,
  e.derived ->> 'posting_date' AS day,
  CASE WHEN e.type = 'cost.incurred' THEN (e.derived -> 'accrual' ->> 'from')::date END AS accrues_from,
  CASE WHEN e.type = 'cost.incurred' THEN (e.derived -> 'accrual' ->> 'through')::date END AS accrues_through,
  CASE WHEN e.type = 'cost.incurred' THEN (e.derived -> 'accrual' ->> 'not_before')::date END AS not_before
FROM daybook.events AS e
WHERE e.type IN ('completion.recorded', 'cost.incurred', 'revenue.earned')
UNION ALL
SELECT
  e.ledger_id,
  e.position,
  s.sign,
  s.entry ->> 'type' AS type,
  s.entry -> 'data' AS data,
  s.entry -> 'derived' AS derived,
  s.money,
  e.derived ->> 'posting_date' AS day,
  (s.entry -> 'derived' -> 'accrual' ->> 'from')::date AS accrues_from,
  (s.entry -> 'derived' -> 'accrual' ->> 'through')::date AS accrues_through,
  greatest(
    (s.entry -> 'derived' -> 'accrual' ->> 'not_before')::date, (e.derived ->> 'not_before')::date) AS not_before
FROM daybook.events AS e
CROSS JOIN LATERAL (
  SELECT
    -1 AS sign,
    e.derived -> 'reversed' AS entry,
    coalesce(
      e.derived -> 'effective',
      CASE e.derived -> 'reversed' ->> 'type'
        WHEN 'completion.recorded' THEN e.derived -> 'reversed' -> 'derived' -> 'cost'
        WHEN 'cost.incurred' THEN e.derived -> 'reversed' -> 'data' -> 'cost'
        ELSE e.derived -> 'reversed' -> 'data' -> 'revenue'
      END
    ) AS money
  WHERE e.type = 'entry.reversed'
  UNION ALL
  SELECT
    -1 AS sign,
    e.derived -> 'entry' AS entry,
    e.derived -> 'before' AS money
  WHERE e.type <> 'entry.reversed'
  UNION ALL
  SELECT
    1 AS sign,
    e.derived -> 'entry' AS entry,
    e.derived -> 'after' AS money
  WHERE e.type <> 'entry.reversed'
) AS s
-- Constants, so that the few corrections are found by the index events_control and not by a scan.
WHERE e.type IN ('entry.reversed', 'cost.restated', 'entry.adjusted')
  AND s.entry ->> 'type' IN ('completion.recorded', 'cost.incurred', 'revenue.earned');
COMMENT ON VIEW daybook.postings IS
  'Every posting of money: facts, less what was reversed, with what was restated or adjusted. Folds of finance read it.';
COMMENT ON COLUMN daybook.postings.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.postings.position IS 'The event that makes the posting.';
COMMENT ON COLUMN daybook.postings.sign IS '1: counts; -1: is taken off.';
COMMENT ON COLUMN daybook.postings.type IS 'What kind of entry it is: completion.recorded, cost.incurred or revenue.earned.';
COMMENT ON COLUMN daybook.postings.data IS 'What the entry''s producer said.';
COMMENT ON COLUMN daybook.postings.derived IS 'What the ledger concluded of the entry.';
COMMENT ON COLUMN daybook.postings.money IS
  'Amount and currency, without the sign; NULL: the cost is not known. Not always what the entry itself says.';
COMMENT ON COLUMN daybook.postings.day IS 'The day it is posted on, where it is not accrued.';
COMMENT ON COLUMN daybook.postings.accrues_from IS 'First day that the amount is spread over; NULL: it is posted whole.';
COMMENT ON COLUMN daybook.postings.accrues_through IS 'Last day that the amount is spread over.';
COMMENT ON COLUMN daybook.postings.not_before IS 'What falls on earlier days is posted on this one; NULL: no bound.';
GRANT SELECT ON daybook.postings TO daybook_projector, daybook_auditor;

CREATE FUNCTION daybook.accrue(amount numeric, from_day date, through_day date, not_before date)
RETURNS TABLE (day date, share numeric)
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
ROWS 31
AS $$
  -- Equal shares: all remainders are equal, so the units left over go to the earliest days.
  SELECT
    greatest(from_day + n, not_before) AS day,
    sign(amount) * 0.000000000001 * sum(
      div(trunc(abs(amount) * 1000000000000), span.days)
      + CASE WHEN n < mod(trunc(abs(amount) * 1000000000000), span.days) THEN 1 ELSE 0 END
    ) AS share
  FROM (SELECT greatest(through_day - from_day, 0) + 1 AS days) AS span
  CROSS JOIN generate_series(0, greatest(through_day - from_day, 0)) AS n
  GROUP BY greatest(from_day + n, not_before)
$$;
COMMENT ON FUNCTION daybook.accrue(numeric, date, date, date) IS
  'Spreads an amount (12 places at most) over from_day … through_day in equal shares that add up to the last digit; days before not_before fall on it.';

CREATE FUNCTION daybook.allocate(amount numeric, weights numeric[]) RETURNS numeric[]
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT
    array_agg(
      sign(amount) * 0.000000000001 * (quotient + CASE WHEN place <= left_over THEN 1 ELSE 0 END)
      ORDER BY n
    )
  FROM (
    SELECT
      n,
      quotient,
      row_number() OVER (ORDER BY remainder DESC, n) AS place,
      units - sum(quotient) OVER () AS left_over
    FROM (
      SELECT
        n,
        units,
        div(units * weight, total) AS quotient,
        mod(units * weight, total) AS remainder
      FROM (
        SELECT
          n,
          trunc(abs(amount) * 1000000000000) AS units,
          -- Units, too, so that all of it is arithmetic of whole numbers.
          trunc(greatest(w, 0) * 1000000000000) AS weight,
          sum(trunc(greatest(w, 0) * 1000000000000)) OVER () AS total
        FROM unnest(weights) WITH ORDINALITY AS given (w, n)
      ) AS weighed
      WHERE total > 0
    ) AS cut
  ) AS ranked
$$;
COMMENT ON FUNCTION daybook.allocate(numeric, numeric[]) IS
  'Splits an amount (12 places at most) in proportion to weights, largest remainder, ties in the order given (by key bytes); weights below zero count as zero. NULL: no weight is above zero, and nothing can be split.';

CREATE FUNCTION daybook.half_even(numerator numeric, denominator numeric) RETURNS numeric
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  -- Whole numbers in, a whole number out; the denominator is above zero.
  SELECT
    sign(numerator) * (
      div(abs(numerator), denominator)
      + CASE
        WHEN 2 * mod(abs(numerator), denominator) > denominator THEN 1
        WHEN 2 * mod(abs(numerator), denominator) = denominator THEN mod(div(abs(numerator), denominator), 2)
        ELSE 0
      END
    )
$$;
COMMENT ON FUNCTION daybook.half_even(numeric, numeric) IS
  'The quotient of two whole numbers, rounded to a whole number, half to the even one. The denominator is above zero.';

CREATE FUNCTION daybook.convert(amount numeric, rate numeric, is_inverse boolean) RETURNS numeric
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT
    0.000000000001 * CASE
      WHEN is_inverse THEN daybook.half_even(
        trunc(amount * 1000000000000) * 1000000000000, trunc(rate * 1000000000000))
      ELSE daybook.half_even(trunc(amount * 1000000000000) * trunc(rate * 1000000000000), 1000000000000)
    END
$$;
COMMENT ON FUNCTION daybook.convert(numeric, numeric, boolean) IS
  'An amount in another currency: times the rate, or by it where only the inverse is listed; one rounding, half-even, to 12 places.';

CREATE FUNCTION daybook.prorate(amount numeric, numerator integer, denominator integer) RETURNS numeric
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT 0.000000000001 * daybook.half_even(trunc(amount * 1000000000000) * numerator, denominator::numeric)
$$;
COMMENT ON FUNCTION daybook.prorate(numeric, integer, integer) IS
  'An amount times numerator by denominator, rounded once, half-even, to 12 places: a run-rate. An estimate, not a booking.';

CREATE FUNCTION daybook.share_of(part numeric, whole numeric) RETURNS numeric
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT
    CASE
      WHEN whole <> 0 THEN 0.000001 * daybook.half_even(
        trunc(part * 1000000000000) * 1000000 * sign(whole), abs(trunc(whole * 1000000000000)))
    END
$$;
COMMENT ON FUNCTION daybook.share_of(numeric, numeric) IS
  'part by whole, rounded once, half-even, to six places; NULL where whole is zero.';

CREATE FUNCTION daybook.account_name(name text) RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
  SELECT
    CASE
      WHEN coalesce(name, '') = '' THEN 'Unattributed'
      -- Words of the chart stand where names do: a name that is one of them is written otherwise.
      WHEN name IN ('Unattributed', 'Allocated', 'Allocation') THEN
        CASE left(name, 1) WHEN 'U' THEN '%55' ELSE '%41' END || substr(name, 2)
      ELSE replace(replace(name, '%', '%25'), ':', '%3A')
    END
$$;
COMMENT ON FUNCTION daybook.account_name(text) IS
  'A name from outside as one segment of an account, whose segments are joined with colons: no two names give one segment.';
