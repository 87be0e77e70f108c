// Control: what the ledger must know to decide, folded from its events, and the decisions; pure.
