-- Posts completions, takes reversed ones off again, and puts other costs in the place of restated and adjusted ones.
-- One pass over the batch: members are taken out of the JSON once (by arrows, which were measured twice as fast here as
-- jsonb_to_record; OFFSET 0 keeps the planner from taking `usage` out again for each class), and one aggregation fills
-- all three tables.

WITH entries AS (
  SELECT
    1 AS sign,
    e.data,
    e.derived,
    e.derived ->> 'posting_date' AS day,
    e.data -> 'usage' AS usage,
    e.derived -> 'cost' AS cost
  FROM daybook.events AS e
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type = 'completion.recorded'
  UNION ALL
  -- What was reversed goes, at what is booked of it now; of what was restated or adjusted one cost goes and another comes.
  SELECT
    side.sign,
    side.entry -> 'data' AS data,
    side.entry -> 'derived' AS derived,
    e.derived ->> 'posting_date' AS day,
    side.entry -> 'data' -> 'usage' AS usage,
    side.cost
  FROM daybook.events AS e
  CROSS JOIN LATERAL (
    SELECT
      -1 AS sign,
      e.derived -> 'reversed' AS entry,
      coalesce(e.derived -> 'effective', e.derived -> 'reversed' -> 'derived' -> 'cost') AS cost
    WHERE e.type = 'entry.reversed'
    UNION ALL
    SELECT
      -1 AS sign,
      e.derived -> 'entry' AS entry,
      e.derived -> 'before' AS cost
    WHERE e.type <> 'entry.reversed'
    UNION ALL
    SELECT
      1 AS sign,
      e.derived -> 'entry' AS entry,
      e.derived -> 'after' AS cost
    WHERE e.type <> 'entry.reversed'
  ) AS side
  WHERE e.ledger_id = :ledger
    AND e.position > :floor
    AND e.position <= :ceiling
    AND e.type IN ('entry.reversed', 'cost.restated', 'entry.adjusted')
    AND side.entry ->> 'type' = 'completion.recorded'
),
facts AS (
  SELECT
    day,
    data ->> 'operation' AS operation,
    data ->> 'model' AS model,
    data ->> 'provider' AS provider,
    coalesce(derived -> 'persons' ->> '/user', '') AS user_token,
    coalesce(data ->> 'team', '') AS team,
    coalesce(cost ->> 'currency', 'XXX') AS currency,
    sign,
    CASE WHEN data ->> 'status' = 'ok' THEN 0 ELSE sign END AS failed,
    CASE WHEN cost IS NULL THEN sign ELSE 0 END AS unpriced,
    sign * (usage ->> 'input_tokens')::bigint AS input_tokens,
    sign * (usage ->> 'cache_read_tokens')::bigint AS cache_read_tokens,
    sign * (usage ->> 'cache_write_tokens')::bigint AS cache_write_tokens,
    sign * (usage ->> 'cache_write_1h_tokens')::bigint AS cache_write_1h_tokens,
    sign * (usage ->> 'output_tokens')::bigint AS output_tokens,
    sign * (usage ->> 'reasoning_tokens')::bigint AS reasoning_tokens,
    sign * (usage ->> 'audio_input_tokens')::bigint AS audio_input_tokens,
    sign * (usage ->> 'audio_output_tokens')::bigint AS audio_output_tokens,
    sign * (usage ->> 'image_tokens')::bigint AS image_tokens,
    sign * (usage ->> 'characters')::bigint AS characters,
    sign * (usage ->> 'images')::bigint AS images,
    sign * (usage ->> 'requests')::bigint AS requests,
    sign * (usage ->> 'audio_ms')::bigint AS audio_ms,
    sign * (cost ->> 'amount')::numeric AS cost
  FROM entries
  OFFSET 0
),
totals AS MATERIALIZED (
  SELECT
    day,
    operation,
    model,
    provider,
    team,
    user_token,
    currency,
    grouping(user_token) AS level,
    sum(sign) AS calls,
    sum(failed) AS failed_calls,
    sum(unpriced) AS unpriced_calls,
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
    coalesce(bigint_sum(audio_ms), 0) AS audio_ms,
    sum(cost) AS cost
  FROM facts
  GROUP BY GROUPING SETS (
    (day, operation, model, provider, team, currency),
    (day, user_token, currency)
  )
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
    day::date,
    operation,
    model,
    provider,
    currency,
    sum(calls),
    sum(failed_calls),
    sum(unpriced_calls),
    sum(input_tokens),
    sum(cache_read_tokens),
    sum(cache_write_tokens),
    sum(cache_write_1h_tokens),
    sum(output_tokens),
    sum(reasoning_tokens),
    sum(audio_input_tokens),
    sum(audio_output_tokens),
    sum(image_tokens),
    sum(characters),
    sum(images),
    sum(requests),
    sum(audio_ms),
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
    day::date,
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
  FROM totals
  WHERE level = 0
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
  day::date,
  team,
  currency,
  sum(calls),
  sum(failed_calls),
  sum(unpriced_calls),
  sum(input_tokens),
  sum(cache_read_tokens),
  sum(cache_write_tokens),
  sum(cache_write_1h_tokens),
  sum(output_tokens),
  sum(reasoning_tokens),
  sum(audio_input_tokens),
  sum(audio_output_tokens),
  sum(image_tokens),
  sum(characters),
  sum(images),
  sum(requests),
  sum(audio_ms),
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
