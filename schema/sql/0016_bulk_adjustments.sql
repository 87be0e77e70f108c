-- Adjustments of re-ratings come in bulk, a million at a time: they are no events that steer a ledger.
-- Keeps true: events_control holds the few events that steer. Whoever looks for one of these in a stretch of the log that
-- a re-rating filled finds it, or that there is none, without passing its adjustments, and an adjustment has one index less
-- to be written into. Who reads adjustments reads them in order by events_pkey, or by their subject.

DROP INDEX daybook.events_control;
CREATE INDEX events_control ON daybook.events (ledger_id, position)
WHERE type NOT IN (
    'completion.recorded',
    'route.decided',
    'route.denied',
    'reservation.expired',
    'tool.invoked',
    'retrieval.performed',
    'case.escalated',
    'cost.incurred',
    'revenue.earned',
    'invoice.received',
    'entry.adjusted'
  )
  AND (type < 'x.' OR type >= 'x/');
COMMENT ON INDEX daybook.events_control IS
  'The few events that steer a ledger (prices, approvals, kill switches, keys, reversals, …), in order.';
