-- Profit and loss in one currency, beside the amounts as they are.
-- Each day's figure is converted with the newest rate of its pair that holds on that day, or by it where only the
-- inverse pair is listed, and rounded once. What has no rate stands in rows of its own, in its own currency.

-- include shared/pnl_in_currency.sql book=operation_pnl key=operation
