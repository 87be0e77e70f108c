-- Spend by user; the empty token is "no user was named".

SELECT
  CASE WHEN 'day' = ANY (:group_by) THEN day END AS day,
  CASE WHEN 'user' = ANY (:group_by) THEN nullif(user_token, '') END AS "user",
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
  AND day >= coalesce(:from, '-infinity')
  AND day <= coalesce(:to, 'infinity')
  AND (:user IS NULL OR user_token = ANY (:user))
GROUP BY
  1,
  2,
  3
ORDER BY
  1,
  2,
  3;
