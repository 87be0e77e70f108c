// Integrity: the hashes that bind events, the tree over them, its tiles and proofs, and signed checkpoints; pure.
