-- Profit and loss for each combination of the keys in group_by.
-- Calls of unknown cost are shown beside every currency: they are what its figures lack.

-- include shared/pnl_by_key.sql book=strategy_pnl key=strategy
