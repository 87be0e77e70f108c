// Integrity: the hashes that bind events, and the tree over them with its proofs; pure but for hashing.
