// Exports: reads and verifies what was taken out of a ledger, with no database and no code of the rooms that write it.
