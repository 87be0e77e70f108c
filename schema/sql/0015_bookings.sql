-- What each event changes in what is booked: the reading of the log that folds of finance share.
-- Keeps true: a fact books its money, a reversal takes off what is booked of its entry, and a restatement or adjustment
-- does both, in one row each. So a fold takes the members of an event out of its JSON once and adds up events that
-- agree in them before it tells the two sides apart: of a re-rating that is half of the work. `daybook.postings` has
-- the sides one by one.

CREATE VIEW daybook.bookings AS
SELECT
  e.ledger_id,
  e.position,
  e.type,
  e.data,
  e.derived,
  CASE e.type
    WHEN 'completion.recorded' THEN 'inference'
    WHEN 'revenue.earned' THEN 'revenue'
    ELSE coalesce(substring(e.data ->> 'category' FROM '^(?:ai_inference|vm|api_service)$'), 'other')
  END AS kind,
  false AS takes,
  NULL::jsonb AS before,
  true AS puts,
  CASE e.type
    WHEN 'completion.recorded' THEN e.derived -> 'cost'
    WHEN 'cost.incurred' THEN e.data -> 'cost'
    ELSE e.data -> 'revenue'
  END AS after,
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
  entry.type,
  entry.data,
  entry.derived,
  CASE entry.type
    WHEN 'completion.recorded' THEN 'inference'
    WHEN 'revenue.earned' THEN 'revenue'
    ELSE coalesce(substring(entry.data ->> 'category' FROM '^(?:ai_inference|vm|api_service)$'), 'other')
  END AS kind,
  true AS takes,
  CASE
    WHEN e.type <> 'entry.reversed' THEN e.derived -> 'before'
    ELSE coalesce(
      e.derived -> 'effective',
      CASE entry.type
        WHEN 'completion.recorded' THEN entry.derived -> 'cost'
        WHEN 'cost.incurred' THEN entry.data -> 'cost'
        ELSE entry.data -> 'revenue'
      END
    )
  END AS before,
  e.type <> 'entry.reversed' AS puts,
  e.derived -> 'after' AS after,
  e.derived ->> 'posting_date' AS day,
  CASE WHEN entry.type = 'cost.incurred' THEN (entry.derived -> 'accrual' ->> 'from')::date END AS accrues_from,
  CASE WHEN entry.type = 'cost.incurred' THEN (entry.derived -> 'accrual' ->> 'through')::date END AS accrues_through,
  CASE
    WHEN entry.type = 'cost.incurred' THEN greatest(
      (entry.derived -> 'accrual' ->> 'not_before')::date, (e.derived ->> 'not_before')::date)
  END AS not_before
FROM daybook.events AS e
CROSS JOIN LATERAL (
  -- OFFSET 0: what stands in the entry is taken out once, not again wherever it is named.
  SELECT
    own.entry ->> 'type' AS type,
    own.entry -> 'data' AS data,
    own.entry -> 'derived' AS derived
  FROM (
    SELECT coalesce(e.derived -> 'entry', e.derived -> 'reversed') AS entry
    OFFSET 0
  ) AS own
  OFFSET 0
) AS entry
-- Constants, so that the few corrections are found by the index events_control and not by a scan.
WHERE e.type IN ('entry.reversed', 'cost.restated', 'entry.adjusted')
  AND entry.type IN ('completion.recorded', 'cost.incurred', 'revenue.earned');
COMMENT ON VIEW daybook.bookings IS
  'What each event changes in what is booked: facts, reversals, restatements and adjustments, a row each. Folds of finance read it.';
COMMENT ON COLUMN daybook.bookings.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daybook.bookings.position IS 'The event.';
COMMENT ON COLUMN daybook.bookings.type IS 'What kind of entry it is: completion.recorded, cost.incurred or revenue.earned.';
COMMENT ON COLUMN daybook.bookings.data IS 'What the entry''s producer said.';
COMMENT ON COLUMN daybook.bookings.derived IS 'What the ledger concluded of the entry.';
COMMENT ON COLUMN daybook.bookings.kind IS
  'inference, revenue, or the category of a cost: ai_inference, vm, api_service, other.';
COMMENT ON COLUMN daybook.bookings.takes IS 'True: what was booked of the entry is taken off.';
COMMENT ON COLUMN daybook.bookings.before IS
  'Amount and currency that are taken off; NULL: the cost was not known, or takes is false.';
COMMENT ON COLUMN daybook.bookings.puts IS 'True: something is booked of the entry.';
COMMENT ON COLUMN daybook.bookings.after IS 'Amount and currency that are booked; NULL: the cost is not known, or puts is false.';
COMMENT ON COLUMN daybook.bookings.day IS 'The day it is posted on, where it is not accrued.';
COMMENT ON COLUMN daybook.bookings.accrues_from IS 'First day that the amount is spread over; NULL: it is posted whole.';
COMMENT ON COLUMN daybook.bookings.accrues_through IS 'Last day that the amount is spread over.';
COMMENT ON COLUMN daybook.bookings.not_before IS 'What falls on earlier days is posted on this one; NULL: no bound.';
GRANT SELECT ON daybook.bookings TO daybook_projector, daybook_auditor;

CREATE OR REPLACE VIEW daybook.postings AS
SELECT
  b.ledger_id,
  b.position,
  side.sign,
  b.type,
  b.data,
  b.derived,
  side.money,
  b.day,
  b.accrues_from,
  b.accrues_through,
  b.not_before
FROM daybook.bookings AS b
CROSS JOIN LATERAL (
  SELECT
    -1 AS sign,
    b.before AS money
  WHERE b.takes
  UNION ALL
  SELECT
    1 AS sign,
    b.after AS money
  WHERE b.puts
) AS side;
COMMENT ON VIEW daybook.postings IS
  'Every posting of money: facts, less what was reversed, with what was restated or adjusted. The sides of daybook.bookings.';
