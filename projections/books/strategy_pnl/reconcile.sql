-- Compares sums by currency with the log's, direct and allocated together; every measure is one row.

-- include shared/pnl_reconcile.sql book=strategy_pnl
