import Domain

extension AccessTable {
  /// Who may take away what proves the log: nobody without a key.
  private static let proofReaders: Set<Role> = [.auditor, .finance, .operator, .admin]
  private static let ledger = "/v1/ledgers/{ledger}"

  /// Checkpoints, proofs, receipts and tiles.
  static let integrityEndpoints: [EndpointAccess] = [
    .init(
      "readCheckpoint", "GET", ledger + "/checkpoint", .ledger, roles: proofReaders, response: [.note],
      "The newest signed checkpoint, with the cosignatures of witnesses.",
      "A signed note (c2sp.org/tlog-checkpoint). At most a second older than the newest event."),
    .init(
      "proveInclusion", "GET", ledger + "/proofs/inclusion", .ledger, roles: proofReaders,
      "Prove that an event stands in the tree of a size.", "RFC 6962; hashes are base64, as in the checkpoint."),
    .init(
      "proveConsistency", "GET", ledger + "/proofs/consistency", .ledger, roles: proofReaders,
      "Prove that one tree is the beginning of another.", "RFC 6962; hashes are base64, as in the checkpoint."),
    .init(
      "readReceipt", "GET", ledger + "/events/{position}/receipt", .ledger, roles: proofReaders, response: [.note],
      "Everything that proves an event without the ledger.",
      "A c2sp.org/tlog-proof@v1; its extra data is `{entry, payload}`: the leaf, and the payload that it names by its hash. "
        + "Waits up to three seconds for a checkpoint that covers the event."),
    .init(
      "readEntries", "GET", ledger + "/tile/entries/{index}", .ledger, roles: proofReaders, response: [.octets],
      takesRest: true, "The entries under a tile of level 0 (c2sp.org/tlog-tiles).",
      "The index is in groups of three digits, `x001/x234/067`, with `.p/WIDTH` for a partial bundle."),
    .init(
      "readTile", "GET", ledger + "/tile/{level}/{index}", .ledger, roles: proofReaders, response: [.octets],
      takesRest: true, "A tile of the tree (c2sp.org/tlog-tiles).",
      "The index is in groups of three digits, `x001/x234/067`, with `.p/WIDTH` for a partial tile."),
  ]
}
