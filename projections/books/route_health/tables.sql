-- How routes and models do, day by day.
-- Keeps true: calls are the attempts of the ledger up to its cursor, less those that were reversed, and each failed one
-- stands in route_health_failures once, and each one whose latency was told in route_health_latency once.

CREATE TABLE route_health (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  operation text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  calls bigint NOT NULL,
  failures bigint NOT NULL,
  fallbacks bigint NOT NULL,
  latency_ms numeric NOT NULL,
  CONSTRAINT route_health_pkey PRIMARY KEY (ledger_id, day, operation, model, provider)
)
-- Updated with every batch: room on the page keeps the updates off the index (HOT).
WITH (fillfactor = 70);
COMMENT ON TABLE route_health IS 'Attempts of one day by operation, model and provider.';
COMMENT ON COLUMN route_health.ledger_id IS 'The ledger.';
COMMENT ON COLUMN route_health.day IS 'Posting date, in the reporting time zone of the ledger.';
COMMENT ON COLUMN route_health.operation IS 'What the calls were for: the route.';
COMMENT ON COLUMN route_health.model IS 'The model that served, or failed to.';
COMMENT ON COLUMN route_health.provider IS 'The provider that served, or failed to.';
COMMENT ON COLUMN route_health.calls IS 'Attempts, reversed ones taken off.';
COMMENT ON COLUMN route_health.failures IS 'Of these, attempts with status error, aborted or absorbed.';
COMMENT ON COLUMN route_health.fallbacks IS 'Of these, attempts that another model took over from: absorbed.';
COMMENT ON COLUMN route_health.latency_ms IS 'Sum of the latencies, in milliseconds.';

CREATE TABLE route_health_failures (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  operation text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  error_code text COLLATE "C" NOT NULL,
  calls bigint NOT NULL,
  CONSTRAINT route_health_failures_pkey PRIMARY KEY (
    ledger_id, day, operation, model, provider, status, error_code)
)
WITH (fillfactor = 70);
COMMENT ON TABLE route_health_failures IS 'Failed attempts of one day by how they ended and why.';
COMMENT ON COLUMN route_health_failures.ledger_id IS 'The ledger.';
COMMENT ON COLUMN route_health_failures.day IS 'Posting date, in the reporting time zone of the ledger.';
COMMENT ON COLUMN route_health_failures.operation IS 'What the calls were for: the route.';
COMMENT ON COLUMN route_health_failures.model IS 'The model that failed.';
COMMENT ON COLUMN route_health_failures.provider IS 'The provider that failed.';
COMMENT ON COLUMN route_health_failures.status IS 'error, aborted, or absorbed: another model took over.';
COMMENT ON COLUMN route_health_failures.error_code IS 'The error that the provider stated; empty where it stated none.';
COMMENT ON COLUMN route_health_failures.calls IS 'Attempts, reversed ones taken off.';

CREATE TABLE route_health_latency (
  ledger_id text COLLATE "C" NOT NULL,
  day date NOT NULL,
  operation text COLLATE "C" NOT NULL,
  model text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  upper_ms bigint NOT NULL,
  calls bigint NOT NULL,
  CONSTRAINT route_health_latency_pkey PRIMARY KEY (ledger_id, day, operation, model, provider, upper_ms)
)
WITH (fillfactor = 70);
COMMENT ON TABLE route_health_latency IS
  'A histogram of latencies: twenty buckets for each power of ten, so that a percentile is known to 12.3 percent.';
COMMENT ON COLUMN route_health_latency.ledger_id IS 'The ledger.';
COMMENT ON COLUMN route_health_latency.day IS 'Posting date, in the reporting time zone of the ledger.';
COMMENT ON COLUMN route_health_latency.operation IS 'What the calls were for: the route.';
COMMENT ON COLUMN route_health_latency.model IS 'The model that served, or failed to.';
COMMENT ON COLUMN route_health_latency.provider IS 'The provider that served, or failed to.';
COMMENT ON COLUMN route_health_latency.upper_ms IS
  'The largest latency of the bucket, in milliseconds; the smallest is one more than the bucket before.';
COMMENT ON COLUMN route_health_latency.calls IS 'Attempts, reversed ones taken off.';
