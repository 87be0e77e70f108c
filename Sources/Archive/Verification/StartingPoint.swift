import Domain
import Exports
import Integrity
import Log
import Postgres

/// Where a verification begins: the empty tree, or one that is proven to be what was signed or verified before.
struct StartingPoint {
  /// The tree in front of the first event that is read.
  var edge = TreeEdge()
  /// What is told about it; nil at the beginning.
  var told: VerificationReport.Start?
  var notices: [String] = []
  /// The root that the log should have given, where it did not: then everything is read.
  var missed: DueRoot?

  /// True where everything is read.
  var isWhole: Bool { edge.size == 0 }

  /// A root that somebody signed or verified.
  private struct Anchor {
    var size: Int64
    var root: [UInt8]
    var proof: String
    var source: DueRoot.Source
  }

  /// Finds what the options ask for, and proves it.
  ///
  /// The seals' edge shortens the way but is not believed: with the entries behind it, it must give the root of the anchor.
  static func find(
    _ verification: Verification, _ checkpoints: CheckpointAudit
  ) throws -> StartingPoint {
    var start = StartingPoint()
    guard let since = verification.options.since else { return start }
    let anchor = try anchor(since, verification, checkpoints)
    let edge = try edge(anchor.size, verification)
    guard edge.size == anchor.size, edge.root == anchor.root else {
      start.missed = DueRoot(size: anchor.size, root: anchor.root, source: anchor.source)
      start.notices = ["the events up to \(anchor.size) do not give the root of \(anchor.proof): everything was read"]
      return start
    }
    start.edge = edge
    start.told = .init(position: anchor.size, proof: anchor.proof)
    start.notices = [
      """
      events 1 to \(anchor.size) were not read again (their tree is that of \(anchor.proof)): a value changed there since \
      would not be seen
      """
    ]
    for checkpoint in checkpoints.own where checkpoint.size < anchor.size {
      throw ArchiveError(
        .refused,
        "the checkpoint of \(Count(checkpoint.size, "event")) lies in front of \(anchor.size), where this begins")
    }
    return start
  }

  private static func anchor(
    _ since: VerificationStart, _ verification: Verification, _ checkpoints: CheckpointAudit
  ) throws -> Anchor {
    switch since {
    case .mark(let mark):
      guard mark.ledger == verification.ledger else {
        throw ArchiveError(.refused, "what was verified before is of the ledger \(mark.ledger)")
      }
      return Anchor(
        size: mark.position, root: mark.root, proof: "what was verified at \(mark.verifiedAt)", source: .given)
    case .position(let position):
      let signed = (checkpoints.stored + checkpoints.filed).filter {
        $0.isSigned && $0.series > checkpoints.superseded && $0.size <= position && $0.size > 0
      }
      guard let last = signed.max(by: { $0.size < $1.size }) else {
        throw ArchiveError(.refused, "no checkpoint up to position \(position) is signed: verify from the beginning")
      }
      let name = checkpoints.origins[last.series]?.origin ?? "the log's key"
      return Anchor(
        size: last.size, root: last.root, proof: "the checkpoint of \(Count(last.size, "event")) signed by \(name)",
        source: .table(series: last.series))
    }
  }

  /// The tree's edge at a size, from the nearest seal and the entries behind it; shorter where entries are missing.
  private static func edge(
    _ size: Int64, _ verification: Verification
  ) throws -> TreeEdge {
    let ledger = verification.ledger
    let seal = try? Seal.latest(verification.connection, ledger: ledger, upTo: size)
    var edge = seal?.edge ?? TreeEdge()
    try EventColumns.check(verification.connection)
    let entries = EntryRows(verification.connection, ledger: ledger)
    while edge.size < size {
      let upTo = min(size, edge.size + verification.options.reading.rangeSize)
      let leaves = try entries.leaves(after: edge.size, upTo: upTo)
      leaves.withUnsafeBytes { edge.append(leafHashes: $0) }
      if edge.size < upTo { break }
    }
    return edge
  }
}
