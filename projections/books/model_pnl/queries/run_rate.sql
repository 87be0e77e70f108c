-- The month of a day up to that day, and where the month ends at that rate.
-- Without a day: the last one with calls. A run-rate is an estimate: month to date, times the days of the month, by
-- the days gone.

-- include shared/pnl_run_rate.sql book=model_pnl key=model
