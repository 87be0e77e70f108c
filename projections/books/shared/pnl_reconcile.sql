-- Sums of a book of profit and loss, and of the log. book: its name.

WITH
-- include shared/logged_entries.sql
log AS (
  SELECT
    coalesce(money ->> 'currency', 'XXX') AS currency,
    CASE type
      WHEN 'completion.recorded' THEN 'inference_cost'
      WHEN 'revenue.earned' THEN 'revenue'
      ELSE data ->> 'category'
    END AS kind,
    sum(sign * (money ->> 'amount')::numeric) AS amount,
    sum(sign)::numeric AS entries
  FROM entries
  WHERE type IN ('completion.recorded', 'cost.incurred', 'revenue.earned')
  GROUP BY
    1,
    2
),
book AS (
  SELECT
    currency,
    sum(revenue_direct + revenue_allocated) AS revenue,
    sum(inference_cost) AS inference_cost,
    sum(ai_inference_direct + ai_inference_allocated) AS ai_inference,
    sum(vm_direct + vm_allocated) AS vm,
    sum(api_service_direct + api_service_allocated) AS api_service,
    sum(other_direct + other_allocated) AS other,
    sum(calls) AS calls,
    sum(unpriced_calls) AS unpriced_calls
  FROM {{book}}
  WHERE ledger_id = :ledger
  GROUP BY
    currency
)
SELECT
  m.measure || ' ' || currency AS measure,
  coalesce(m.book, 0) AS book,
  coalesce(
    (
      SELECT CASE WHEN m.is_count THEN log.entries ELSE log.amount END
      FROM log
      WHERE log.kind = m.kind
        AND log.currency = currencies.currency
    ),
    0
  ) AS log
FROM (SELECT currency FROM book UNION SELECT currency FROM log) AS currencies
LEFT JOIN book USING (currency)
CROSS JOIN LATERAL (
  VALUES
    ('revenue', 'revenue', false, book.revenue),
    ('inference_cost', 'inference_cost', false, book.inference_cost),
    ('ai_inference', 'ai_inference', false, book.ai_inference),
    ('vm', 'vm', false, book.vm),
    ('api_service', 'api_service', false, book.api_service),
    ('other', 'other', false, book.other),
    ('calls', 'inference_cost', true, book.calls),
    ('unpriced_calls', CASE WHEN currency = 'XXX' THEN 'inference_cost' END, true, book.unpriced_calls)
) AS m (measure, kind, is_count, book);
