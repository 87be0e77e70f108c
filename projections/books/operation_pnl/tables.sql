-- What each operation earned and cost, day by day.
-- Keeps true: direct and allocated columns together add up, by currency, to all revenue, completions and costs of
-- the ledger up to its cursor, corrections included, to the last digit. What names no operation is divided among
-- the operations by the inference cost of what it does name (strategy and model, or the ledger) on its day, in its
-- currency; where there is none it stands in the row of the empty text. Completions without a cost stand under the
-- currency XXX, where every amount is NULL: unknown, not zero.

-- include shared/pnl_tables.sql book=operation_pnl key=operation columns=operation,strategy,model scope=strategy,model
