-- Profit and loss over time, over all operations.
-- Calls of unknown cost are shown beside every currency: they are what its figures lack.

-- include shared/pnl_over_time.sql book=operation_pnl
