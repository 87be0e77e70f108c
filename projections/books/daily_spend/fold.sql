-- Posts completions, takes reversed ones off again, and puts other costs in the place of restated and adjusted ones.
-- One pass over the batch: members are taken out of the JSON once (by arrows, which were measured twice as fast here as
-- jsonb_to_record; OFFSET 0 keeps the planner from taking `usage` out again for each class), and one aggregation fills
-- all three tables.

WITH entries AS (
  SELECT
    day,
    data ->> 'operation' AS operation,
    data ->> 'model' AS model,
    data ->> 'provider' AS provider,
    coalesce(derived -> 'persons' ->> '/user', '') AS user_token,
    coalesce(data ->> 'team', '') AS team,
    takes,
    coalesce(before ->> 'currency', 'XXX') AS currency_before,
    (before ->> 'amount')::numeric AS before,
    puts,
    coalesce(after ->> 'currency', 'XXX') AS currency_after,
    (after ->> 'amount')::numeric AS after,
    CASE WHEN data ->> 'status' = 'ok' THEN 0 ELSE 1 END AS failed,
    (usage ->> 'input_tokens')::bigint AS input_tokens,
    (usage ->> 'cache_read_tokens')::bigint AS cache_read_tokens,
    (usage ->> 'cache_write_tokens')::bigint AS cache_write_tokens,
    (usage ->> 'cache_write_1h_tokens')::bigint AS cache_write_1h_tokens,
    (usage ->> 'output_tokens')::bigint AS output_tokens,
    (usage ->> 'reasoning_tokens')::bigint AS reasoning_tokens,
    (usage ->> 'audio_input_tokens')::bigint AS audio_input_tokens,
    (usage ->> 'audio_output_tokens')::bigint AS audio_output_tokens,
    (usage ->> 'image_tokens')::bigint AS image_tokens,
    (usage ->> 'characters')::bigint AS characters,
    (usage ->> 'images')::bigint AS images,
    (usage ->> 'requests')::bigint AS requests,
    (usage ->> 'audio_ms')::bigint AS audio_ms
  FROM (
    SELECT
      *,
      data -> 'usage' AS usage
    FROM daybook.bookings
    WHERE ledger_id = :ledger
      AND position > :floor
      AND position <= :ceiling
      AND type = 'completion.recorded'
    OFFSET 0
  ) AS completions
  OFFSET 0
),
-- What agrees in everything but its figures, added up; what an entry was and what it is are told apart afterwards.
changes AS (
  SELECT
    day,
    operation,
    model,
    provider,
    team,
    user_token,
    takes,
    currency_before,
    puts,
    currency_after,
    grouping(user_token) AS level,
    count(*) AS entries,
    sum(failed) AS failed,
    sum(before) AS before,
    sum(after) AS after,
    coalesce(bigint_sum(input_tokens), 0) AS input_tokens,
    coalesce(bigint_sum(cache_read_tokens), 0) AS cache_read_tokens,
    coalesce(bigint_sum(cache_write_tokens), 0) AS cache_write_tokens,
    coalesce(bigint_sum(cache_write_1h_tokens), 0) AS cache_write_1h_tokens,
    coalesce(bigint_sum(output_tokens), 0) AS output_tokens,
    coalesce(bigint_sum(reasoning_tokens), 0) AS reasoning_tokens,
    coalesce(bigint_sum(audio_input_tokens), 0) AS audio_input_tokens,
    coalesce(bigint_sum(audio_output_tokens), 0) AS audio_output_tokens,
    coalesce(bigint_sum(image_tokens), 0) AS image_tokens,
    coalesce(bigint_sum(characters), 0) AS characters,
    coalesce(bigint_sum(images), 0) AS images,
    coalesce(bigint_sum(requests), 0) AS requests,
    coalesce(bigint_sum(audio_ms), 0) AS audio_ms
  FROM entries
  GROUP BY GROUPING SETS (
    (day, operation, model, provider, team, takes, currency_before, puts, currency_after),
    (day, user_token, takes, currency_before, puts, currency_after)
  )
),
totals AS MATERIALIZED (
  SELECT
    c.day::date AS day,
    c.operation,
    c.model,
    c.provider,
    c.team,
    c.user_token,
    c.level,
    side.currency,
    side.sign * c.entries AS calls,
    side.sign * c.failed AS failed_calls,
    CASE side.currency WHEN 'XXX' THEN side.sign * c.entries ELSE 0 END AS unpriced_calls,
    side.sign * c.input_tokens AS input_tokens,
    side.sign * c.cache_read_tokens AS cache_read_tokens,
    side.sign * c.cache_write_tokens AS cache_write_tokens,
    side.sign * c.cache_write_1h_tokens AS cache_write_1h_tokens,
    side.sign * c.output_tokens AS output_tokens,
    side.sign * c.reasoning_tokens AS reasoning_tokens,
    side.sign * c.audio_input_tokens AS audio_input_tokens,
    side.sign * c.audio_output_tokens AS audio_output_tokens,
    side.sign * c.image_tokens AS image_tokens,
    side.sign * c.characters AS characters,
    side.sign * c.images AS images,
    side.sign * c.requests AS requests,
    side.sign * c.audio_ms AS audio_ms,
    side.cost
  FROM changes AS c
  CROSS JOIN LATERAL (
    SELECT
      -1 AS sign,
      c.currency_before AS currency,
      -c.before AS cost
    WHERE c.takes
    UNION ALL
    SELECT
      1 AS sign,
      c.currency_after AS currency,
      c.after AS cost
    WHERE c.puts
  ) AS side
),
by_key AS (
  INSERT INTO daily_spend AS old (
    ledger_id,
    day,
    operation,
    model,
    provider,
    currency,
    calls,
    failed_calls,
    unpriced_calls,
    input_tokens,
    cache_read_tokens,
    cache_write_tokens,
    cache_write_1h_tokens,
    output_tokens,
    reasoning_tokens,
    audio_input_tokens,
    audio_output_tokens,
    image_tokens,
    characters,
    images,
    requests,
    audio_ms,
    cost
  )
  SELECT
    :ledger,
    day,
    operation,
    model,
    provider,
    currency,
    bigint_sum(calls),
    bigint_sum(failed_calls),
    bigint_sum(unpriced_calls),
    bigint_sum(input_tokens),
    bigint_sum(cache_read_tokens),
    bigint_sum(cache_write_tokens),
    bigint_sum(cache_write_1h_tokens),
    bigint_sum(output_tokens),
    bigint_sum(reasoning_tokens),
    bigint_sum(audio_input_tokens),
    bigint_sum(audio_output_tokens),
    bigint_sum(image_tokens),
    bigint_sum(characters),
    bigint_sum(images),
    bigint_sum(requests),
    bigint_sum(audio_ms),
    sum(cost)
  FROM totals
  WHERE level = 1
  GROUP BY
    day,
    operation,
    model,
    provider,
    currency
  ON CONFLICT (ledger_id, day, operation, model, provider, currency) DO UPDATE SET
    calls = old.calls + excluded.calls,
    failed_calls = old.failed_calls + excluded.failed_calls,
    unpriced_calls = old.unpriced_calls + excluded.unpriced_calls,
    input_tokens = old.input_tokens + excluded.input_tokens,
    cache_read_tokens = old.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_tokens = old.cache_write_tokens + excluded.cache_write_tokens,
    cache_write_1h_tokens = old.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    output_tokens = old.output_tokens + excluded.output_tokens,
    reasoning_tokens = old.reasoning_tokens + excluded.reasoning_tokens,
    audio_input_tokens = old.audio_input_tokens + excluded.audio_input_tokens,
    audio_output_tokens = old.audio_output_tokens + excluded.audio_output_tokens,
    image_tokens = old.image_tokens + excluded.image_tokens,
    characters = old.characters + excluded.characters,
    images = old.images + excluded.images,
    requests = old.requests + excluded.requests,
    audio_ms = old.audio_ms + excluded.audio_ms,
    cost = old.cost + excluded.cost
),
by_user AS (
  INSERT INTO daily_spend_by_user AS old (
    ledger_id,
    day,
    user_token,
    currency,
    calls,
    failed_calls,
    unpriced_calls,
    input_tokens,
    cache_read_tokens,
    cache_write_tokens,
    cache_write_1h_tokens,
    output_tokens,
    reasoning_tokens,
    audio_input_tokens,
    audio_output_tokens,
    image_tokens,
    characters,
    images,
    requests,
    audio_ms,
    cost
  )
  SELECT
    :ledger,
    day,
    user_token,
    currency,
    bigint_sum(calls),
    bigint_sum(failed_calls),
    bigint_sum(unpriced_calls),
    bigint_sum(input_tokens),
    bigint_sum(cache_read_tokens),
    bigint_sum(cache_write_tokens),
    bigint_sum(cache_write_1h_tokens),
    bigint_sum(output_tokens),
    bigint_sum(reasoning_tokens),
    bigint_sum(audio_input_tokens),
    bigint_sum(audio_output_tokens),
    bigint_sum(image_tokens),
    bigint_sum(characters),
    bigint_sum(images),
    bigint_sum(requests),
    bigint_sum(audio_ms),
    sum(cost)
  FROM totals
  WHERE level = 0
  GROUP BY
    day,
    user_token,
    currency
  ON CONFLICT (ledger_id, day, user_token, currency) DO UPDATE SET
    calls = old.calls + excluded.calls,
    failed_calls = old.failed_calls + excluded.failed_calls,
    unpriced_calls = old.unpriced_calls + excluded.unpriced_calls,
    input_tokens = old.input_tokens + excluded.input_tokens,
    cache_read_tokens = old.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_tokens = old.cache_write_tokens + excluded.cache_write_tokens,
    cache_write_1h_tokens = old.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
    output_tokens = old.output_tokens + excluded.output_tokens,
    reasoning_tokens = old.reasoning_tokens + excluded.reasoning_tokens,
    audio_input_tokens = old.audio_input_tokens + excluded.audio_input_tokens,
    audio_output_tokens = old.audio_output_tokens + excluded.audio_output_tokens,
    image_tokens = old.image_tokens + excluded.image_tokens,
    characters = old.characters + excluded.characters,
    images = old.images + excluded.images,
    requests = old.requests + excluded.requests,
    audio_ms = old.audio_ms + excluded.audio_ms,
    cost = old.cost + excluded.cost
)
INSERT INTO daily_spend_by_team AS old (
  ledger_id,
  day,
  team,
  currency,
  calls,
  failed_calls,
  unpriced_calls,
  input_tokens,
  cache_read_tokens,
  cache_write_tokens,
  cache_write_1h_tokens,
  output_tokens,
  reasoning_tokens,
  audio_input_tokens,
  audio_output_tokens,
  image_tokens,
  characters,
  images,
  requests,
  audio_ms,
  cost
)
SELECT
  :ledger,
  day,
  team,
  currency,
  bigint_sum(calls),
  bigint_sum(failed_calls),
  bigint_sum(unpriced_calls),
  bigint_sum(input_tokens),
  bigint_sum(cache_read_tokens),
  bigint_sum(cache_write_tokens),
  bigint_sum(cache_write_1h_tokens),
  bigint_sum(output_tokens),
  bigint_sum(reasoning_tokens),
  bigint_sum(audio_input_tokens),
  bigint_sum(audio_output_tokens),
  bigint_sum(image_tokens),
  bigint_sum(characters),
  bigint_sum(images),
  bigint_sum(requests),
  bigint_sum(audio_ms),
  sum(cost)
FROM totals
WHERE level = 1
GROUP BY
  day,
  team,
  currency
ON CONFLICT (ledger_id, day, team, currency) DO UPDATE SET
  calls = old.calls + excluded.calls,
  failed_calls = old.failed_calls + excluded.failed_calls,
  unpriced_calls = old.unpriced_calls + excluded.unpriced_calls,
  input_tokens = old.input_tokens + excluded.input_tokens,
  cache_read_tokens = old.cache_read_tokens + excluded.cache_read_tokens,
  cache_write_tokens = old.cache_write_tokens + excluded.cache_write_tokens,
  cache_write_1h_tokens = old.cache_write_1h_tokens + excluded.cache_write_1h_tokens,
  output_tokens = old.output_tokens + excluded.output_tokens,
  reasoning_tokens = old.reasoning_tokens + excluded.reasoning_tokens,
  audio_input_tokens = old.audio_input_tokens + excluded.audio_input_tokens,
  audio_output_tokens = old.audio_output_tokens + excluded.audio_output_tokens,
  image_tokens = old.image_tokens + excluded.image_tokens,
  characters = old.characters + excluded.characters,
  images = old.images + excluded.images,
  requests = old.requests + excluded.requests,
  audio_ms = old.audio_ms + excluded.audio_ms,
  cost = old.cost + excluded.cost;
