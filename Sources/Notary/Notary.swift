// Notary: signs what the log is, keeps its tiles, asks witnesses, and serves checkpoints, proofs and receipts.
