-- What AI calls cost, day by day.
-- Keeps true: each table's sums equal the sums over all completions of the ledger up to its cursor, less those that were
-- reversed, at the costs that are booked now. What is not known is not zero: calls without a cost stand under the currency XXX with a cost of NULL, and
-- calls without a user or a team under the empty text, so that every table has all of them. Token columns are numeric
-- because the sum of many large integers may leave bigint.

CREATE TABLE daily_spend (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  operation text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  calls bigint NOT NULL,
  failed_calls bigint NOT NULL,
  unpriced_calls bigint NOT NULL,
  input_tokens numeric NOT NULL,
  cache_read_tokens numeric NOT NULL,
  cache_write_tokens numeric NOT NULL,
  cache_write_1h_tokens numeric NOT NULL,
  output_tokens numeric NOT NULL,
  reasoning_tokens numeric NOT NULL,
  audio_input_tokens numeric NOT NULL,
  audio_output_tokens numeric NOT NULL,
  image_tokens numeric NOT NULL,
  characters numeric NOT NULL,
  images numeric NOT NULL,
  requests numeric NOT NULL,
  audio_ms numeric NOT NULL,
  cost numeric,
  CONSTRAINT daily_spend_pkey PRIMARY KEY (ledger_id, day, operation, model, provider, currency),
  CONSTRAINT daily_spend_cost_is_known_but_for_xxx CHECK ((cost IS NULL) = (currency = 'XXX'))
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 70);
COMMENT ON TABLE daily_spend IS 'Spend of one day by operation, model and provider.';
COMMENT ON COLUMN daily_spend.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daily_spend.day IS 'Posting date, in the reporting time zone of the ledger.';
COMMENT ON COLUMN daily_spend.operation IS 'What the calls were for.';
COMMENT ON COLUMN daily_spend.model IS 'The model that served.';
COMMENT ON COLUMN daily_spend.provider IS 'The provider that served.';
COMMENT ON COLUMN daily_spend.currency IS 'ISO 4217; XXX where no cost is known.';
COMMENT ON COLUMN daily_spend.calls IS 'Attempts, reversed ones taken off.';
COMMENT ON COLUMN daily_spend.failed_calls IS
  'Of these, attempts with status error, aborted or absorbed; their cost counts all the same.';
COMMENT ON COLUMN daily_spend.unpriced_calls IS 'Of these, attempts whose cost is not known.';
COMMENT ON COLUMN daily_spend.input_tokens IS 'Input tokens, without the cached ones.';
COMMENT ON COLUMN daily_spend.cache_read_tokens IS 'Input tokens read from a cache.';
COMMENT ON COLUMN daily_spend.cache_write_tokens IS 'Input tokens written to a cache.';
COMMENT ON COLUMN daily_spend.cache_write_1h_tokens IS 'Input tokens written to a cache that lives an hour.';
COMMENT ON COLUMN daily_spend.output_tokens IS 'Output tokens, without reasoning.';
COMMENT ON COLUMN daily_spend.reasoning_tokens IS 'Reasoning tokens.';
COMMENT ON COLUMN daily_spend.audio_input_tokens IS 'Audio input tokens.';
COMMENT ON COLUMN daily_spend.audio_output_tokens IS 'Audio output tokens.';
COMMENT ON COLUMN daily_spend.image_tokens IS 'Image tokens.';
COMMENT ON COLUMN daily_spend.characters IS 'Characters.';
COMMENT ON COLUMN daily_spend.images IS 'Images.';
COMMENT ON COLUMN daily_spend.requests IS 'Requests, where they are metered.';
COMMENT ON COLUMN daily_spend.audio_ms IS 'Milliseconds of audio.';
COMMENT ON COLUMN daily_spend.cost IS 'Sum of the booked costs, computed or reported; NULL where none is known.';

CREATE TABLE daily_spend_by_user (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  user_token text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  calls bigint NOT NULL,
  failed_calls bigint NOT NULL,
  unpriced_calls bigint NOT NULL,
  input_tokens numeric NOT NULL,
  cache_read_tokens numeric NOT NULL,
  cache_write_tokens numeric NOT NULL,
  cache_write_1h_tokens numeric NOT NULL,
  output_tokens numeric NOT NULL,
  reasoning_tokens numeric NOT NULL,
  audio_input_tokens numeric NOT NULL,
  audio_output_tokens numeric NOT NULL,
  image_tokens numeric NOT NULL,
  characters numeric NOT NULL,
  images numeric NOT NULL,
  requests numeric NOT NULL,
  audio_ms numeric NOT NULL,
  cost numeric,
  CONSTRAINT daily_spend_by_user_pkey PRIMARY KEY (ledger_id, day, user_token, currency),
  CONSTRAINT daily_spend_by_user_cost_is_known_but_for_xxx CHECK ((cost IS NULL) = (currency = 'XXX'))
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 70);
COMMENT ON TABLE daily_spend_by_user IS 'Spend of one day by user.';
COMMENT ON COLUMN daily_spend_by_user.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daily_spend_by_user.day IS 'Posting date, in the reporting time zone of the ledger.';
COMMENT ON COLUMN daily_spend_by_user.user_token IS 'Token of the user; empty: the calls named none.';
COMMENT ON COLUMN daily_spend_by_user.currency IS 'ISO 4217; XXX where no cost is known.';
COMMENT ON COLUMN daily_spend_by_user.calls IS 'Attempts, reversed ones taken off.';
COMMENT ON COLUMN daily_spend_by_user.failed_calls IS
  'Of these, attempts with status error, aborted or absorbed; their cost counts all the same.';
COMMENT ON COLUMN daily_spend_by_user.unpriced_calls IS 'Of these, attempts whose cost is not known.';
COMMENT ON COLUMN daily_spend_by_user.input_tokens IS 'Input tokens, without the cached ones.';
COMMENT ON COLUMN daily_spend_by_user.cache_read_tokens IS 'Input tokens read from a cache.';
COMMENT ON COLUMN daily_spend_by_user.cache_write_tokens IS 'Input tokens written to a cache.';
COMMENT ON COLUMN daily_spend_by_user.cache_write_1h_tokens IS 'Input tokens written to a cache that lives an hour.';
COMMENT ON COLUMN daily_spend_by_user.output_tokens IS 'Output tokens, without reasoning.';
COMMENT ON COLUMN daily_spend_by_user.reasoning_tokens IS 'Reasoning tokens.';
COMMENT ON COLUMN daily_spend_by_user.audio_input_tokens IS 'Audio input tokens.';
COMMENT ON COLUMN daily_spend_by_user.audio_output_tokens IS 'Audio output tokens.';
COMMENT ON COLUMN daily_spend_by_user.image_tokens IS 'Image tokens.';
COMMENT ON COLUMN daily_spend_by_user.characters IS 'Characters.';
COMMENT ON COLUMN daily_spend_by_user.images IS 'Images.';
COMMENT ON COLUMN daily_spend_by_user.requests IS 'Requests, where they are metered.';
COMMENT ON COLUMN daily_spend_by_user.audio_ms IS 'Milliseconds of audio.';
COMMENT ON COLUMN daily_spend_by_user.cost IS 'Sum of the booked costs, computed or reported; NULL where none is known.';

CREATE TABLE daily_spend_by_team (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  team text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  calls bigint NOT NULL,
  failed_calls bigint NOT NULL,
  unpriced_calls bigint NOT NULL,
  input_tokens numeric NOT NULL,
  cache_read_tokens numeric NOT NULL,
  cache_write_tokens numeric NOT NULL,
  cache_write_1h_tokens numeric NOT NULL,
  output_tokens numeric NOT NULL,
  reasoning_tokens numeric NOT NULL,
  audio_input_tokens numeric NOT NULL,
  audio_output_tokens numeric NOT NULL,
  image_tokens numeric NOT NULL,
  characters numeric NOT NULL,
  images numeric NOT NULL,
  requests numeric NOT NULL,
  audio_ms numeric NOT NULL,
  cost numeric,
  CONSTRAINT daily_spend_by_team_pkey PRIMARY KEY (ledger_id, day, team, currency),
  CONSTRAINT daily_spend_by_team_cost_is_known_but_for_xxx CHECK ((cost IS NULL) = (currency = 'XXX'))
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 70);
COMMENT ON TABLE daily_spend_by_team IS 'Spend of one day by team.';
COMMENT ON COLUMN daily_spend_by_team.ledger_id IS 'The ledger.';
COMMENT ON COLUMN daily_spend_by_team.day IS 'Posting date, in the reporting time zone of the ledger.';
COMMENT ON COLUMN daily_spend_by_team.team IS 'The team; empty: the calls named none.';
COMMENT ON COLUMN daily_spend_by_team.currency IS 'ISO 4217; XXX where no cost is known.';
COMMENT ON COLUMN daily_spend_by_team.calls IS 'Attempts, reversed ones taken off.';
COMMENT ON COLUMN daily_spend_by_team.failed_calls IS
  'Of these, attempts with status error, aborted or absorbed; their cost counts all the same.';
COMMENT ON COLUMN daily_spend_by_team.unpriced_calls IS 'Of these, attempts whose cost is not known.';
COMMENT ON COLUMN daily_spend_by_team.input_tokens IS 'Input tokens, without the cached ones.';
COMMENT ON COLUMN daily_spend_by_team.cache_read_tokens IS 'Input tokens read from a cache.';
COMMENT ON COLUMN daily_spend_by_team.cache_write_tokens IS 'Input tokens written to a cache.';
COMMENT ON COLUMN daily_spend_by_team.cache_write_1h_tokens IS 'Input tokens written to a cache that lives an hour.';
COMMENT ON COLUMN daily_spend_by_team.output_tokens IS 'Output tokens, without reasoning.';
COMMENT ON COLUMN daily_spend_by_team.reasoning_tokens IS 'Reasoning tokens.';
COMMENT ON COLUMN daily_spend_by_team.audio_input_tokens IS 'Audio input tokens.';
COMMENT ON COLUMN daily_spend_by_team.audio_output_tokens IS 'Audio output tokens.';
COMMENT ON COLUMN daily_spend_by_team.image_tokens IS 'Image tokens.';
COMMENT ON COLUMN daily_spend_by_team.characters IS 'Characters.';
COMMENT ON COLUMN daily_spend_by_team.images IS 'Images.';
COMMENT ON COLUMN daily_spend_by_team.requests IS 'Requests, where they are metered.';
COMMENT ON COLUMN daily_spend_by_team.audio_ms IS 'Milliseconds of audio.';
COMMENT ON COLUMN daily_spend_by_team.cost IS 'Sum of the booked costs, computed or reported; NULL where none is known.';

-- Postgres's sum(bigint) keeps its state beside the row; with thousands of groups of many sums that is a third of the
-- whole fold. A batch whose sum leaves bigint fails and is bisected into batches that do not.
CREATE AGGREGATE bigint_sum (bigint) (
  SFUNC = int8pl,
  STYPE = bigint
);
