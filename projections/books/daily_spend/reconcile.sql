-- Compares the sums of each table with the same sums over the log; every measure is one row.

WITH
-- include shared/logged_entries.sql
log AS (
  SELECT
    coalesce(money ->> 'currency', 'XXX') AS currency,
    sum(sign) AS calls,
    sum(CASE WHEN data ->> 'status' <> 'ok' THEN sign ELSE 0 END) AS failed_calls,
    sum(CASE WHEN money IS NULL THEN sign ELSE 0 END) AS unpriced_calls,
    sum(sign * coalesce((data -> 'usage' ->> 'input_tokens')::numeric, 0)) AS input_tokens,
    sum(sign * coalesce((data -> 'usage' ->> 'cache_read_tokens')::numeric, 0)) AS cache_read_tokens,
    sum(sign * coalesce((data -> 'usage' ->> 'cache_write_tokens')::numeric, 0)) AS cache_write_tokens,
    sum(sign * coalesce((data -> 'usage' ->> 'cache_write_1h_tokens')::numeric, 0)) AS cache_write_1h_tokens,
    sum(sign * coalesce((data -> 'usage' ->> 'output_tokens')::numeric, 0)) AS output_tokens,
    sum(sign * coalesce((data -> 'usage' ->> 'reasoning_tokens')::numeric, 0)) AS reasoning_tokens,
    sum(sign * coalesce((data -> 'usage' ->> 'audio_input_tokens')::numeric, 0)) AS audio_input_tokens,
    sum(sign * coalesce((data -> 'usage' ->> 'audio_output_tokens')::numeric, 0)) AS audio_output_tokens,
    sum(sign * coalesce((data -> 'usage' ->> 'image_tokens')::numeric, 0)) AS image_tokens,
    sum(sign * coalesce((data -> 'usage' ->> 'characters')::numeric, 0)) AS characters,
    sum(sign * coalesce((data -> 'usage' ->> 'images')::numeric, 0)) AS images,
    sum(sign * coalesce((data -> 'usage' ->> 'requests')::numeric, 0)) AS requests,
    sum(sign * coalesce((data -> 'usage' ->> 'audio_ms')::numeric, 0)) AS audio_ms,
    sum(sign * (money ->> 'amount')::numeric) AS cost
  FROM entries
  WHERE type = 'completion.recorded'
  GROUP BY
    1
),
books AS (
  SELECT
    'daily_spend' AS book,
    currency,
    sum(calls) AS calls,
    sum(failed_calls) AS failed_calls,
    sum(unpriced_calls) AS unpriced_calls,
    sum(input_tokens) AS input_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_write_tokens) AS cache_write_tokens,
    sum(cache_write_1h_tokens) AS cache_write_1h_tokens,
    sum(output_tokens) AS output_tokens,
    sum(reasoning_tokens) AS reasoning_tokens,
    sum(audio_input_tokens) AS audio_input_tokens,
    sum(audio_output_tokens) AS audio_output_tokens,
    sum(image_tokens) AS image_tokens,
    sum(characters) AS characters,
    sum(images) AS images,
    sum(requests) AS requests,
    sum(audio_ms) AS audio_ms,
    sum(cost) AS cost
  FROM daily_spend
  WHERE ledger_id = :ledger
  GROUP BY
    2
  UNION ALL
  SELECT
    'daily_spend_by_user' AS book,
    currency,
    sum(calls) AS calls,
    sum(failed_calls) AS failed_calls,
    sum(unpriced_calls) AS unpriced_calls,
    sum(input_tokens) AS input_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_write_tokens) AS cache_write_tokens,
    sum(cache_write_1h_tokens) AS cache_write_1h_tokens,
    sum(output_tokens) AS output_tokens,
    sum(reasoning_tokens) AS reasoning_tokens,
    sum(audio_input_tokens) AS audio_input_tokens,
    sum(audio_output_tokens) AS audio_output_tokens,
    sum(image_tokens) AS image_tokens,
    sum(characters) AS characters,
    sum(images) AS images,
    sum(requests) AS requests,
    sum(audio_ms) AS audio_ms,
    sum(cost) AS cost
  FROM daily_spend_by_user
  WHERE ledger_id = :ledger
  GROUP BY
    2
  UNION ALL
  SELECT
    'daily_spend_by_team' AS book,
    currency,
    sum(calls) AS calls,
    sum(failed_calls) AS failed_calls,
    sum(unpriced_calls) AS unpriced_calls,
    sum(input_tokens) AS input_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_write_tokens) AS cache_write_tokens,
    sum(cache_write_1h_tokens) AS cache_write_1h_tokens,
    sum(output_tokens) AS output_tokens,
    sum(reasoning_tokens) AS reasoning_tokens,
    sum(audio_input_tokens) AS audio_input_tokens,
    sum(audio_output_tokens) AS audio_output_tokens,
    sum(image_tokens) AS image_tokens,
    sum(characters) AS characters,
    sum(images) AS images,
    sum(requests) AS requests,
    sum(audio_ms) AS audio_ms,
    sum(cost) AS cost
  FROM daily_spend_by_team
  WHERE ledger_id = :ledger
  GROUP BY
    2
),
sides AS (
  SELECT
    tables.book,
    currency,
    to_jsonb(books) - 'book' - 'currency' AS book_sums,
    to_jsonb(log) - 'currency' AS log_sums
  FROM (VALUES ('daily_spend'), ('daily_spend_by_user'), ('daily_spend_by_team')) AS tables (book)
  CROSS JOIN (SELECT currency FROM books UNION SELECT currency FROM log) AS currencies
  LEFT JOIN books USING (book, currency)
  LEFT JOIN log USING (currency)
)
SELECT
  s.book || ' ' || m.measure || ' ' || s.currency AS measure,
  (s.book_sums ->> m.measure)::numeric AS book,
  (s.log_sums ->> m.measure)::numeric AS log
FROM sides AS s
CROSS JOIN LATERAL jsonb_object_keys(coalesce(s.book_sums, s.log_sums)) AS m (measure);
