-- The completions, reversals, restatements and adjustments behind a row of a day, operation, model, provider and
-- currency, with what each of them added to it.

SELECT
  position,
  day::date AS day,
  data ->> 'operation' AS operation,
  data ->> 'model' AS model,
  data ->> 'provider' AS provider,
  coalesce(cost ->> 'currency', 'XXX') AS currency,
  sign AS calls,
  CASE WHEN data ->> 'status' = 'ok' THEN 0 ELSE sign END AS failed_calls,
  CASE WHEN cost IS NULL THEN sign ELSE 0 END AS unpriced_calls,
  sign * coalesce((data -> 'usage' ->> 'input_tokens')::numeric, 0) AS input_tokens,
  sign * coalesce((data -> 'usage' ->> 'cache_read_tokens')::numeric, 0) AS cache_read_tokens,
  sign * coalesce((data -> 'usage' ->> 'cache_write_tokens')::numeric, 0) AS cache_write_tokens,
  sign * coalesce((data -> 'usage' ->> 'cache_write_1h_tokens')::numeric, 0) AS cache_write_1h_tokens,
  sign * coalesce((data -> 'usage' ->> 'output_tokens')::numeric, 0) AS output_tokens,
  sign * coalesce((data -> 'usage' ->> 'reasoning_tokens')::numeric, 0) AS reasoning_tokens,
  sign * coalesce((data -> 'usage' ->> 'audio_input_tokens')::numeric, 0) AS audio_input_tokens,
  sign * coalesce((data -> 'usage' ->> 'audio_output_tokens')::numeric, 0) AS audio_output_tokens,
  sign * coalesce((data -> 'usage' ->> 'image_tokens')::numeric, 0) AS image_tokens,
  sign * coalesce((data -> 'usage' ->> 'characters')::numeric, 0) AS characters,
  sign * coalesce((data -> 'usage' ->> 'images')::numeric, 0) AS images,
  sign * coalesce((data -> 'usage' ->> 'requests')::numeric, 0) AS requests,
  sign * coalesce((data -> 'usage' ->> 'audio_ms')::numeric, 0) AS audio_ms,
  sign * (cost ->> 'amount')::numeric AS cost
FROM (
  SELECT
    position,
    sign,
    data,
    derived,
    day,
    money AS cost
  FROM daybook.postings
  WHERE ledger_id = :ledger
    AND position > :floor
    AND position <= :ceiling
    AND type = 'completion.recorded'
) AS entries;
