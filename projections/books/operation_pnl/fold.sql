-- Posts revenue, completions and costs day by day, with what was taken back, restated or adjusted; then divides
-- anew what names no operation, on the days that this batch posted to.
-- An accrued cost is spread by itself (`entry`), so that its parts do not depend on what else is posted with it.

-- include shared/pnl_fold.sql book=operation_pnl key=operation columns=operation,strategy,model scope=strategy,model
