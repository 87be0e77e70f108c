import Domain
public import Integrity
import Log
import Postgres

/// What proves that an event stands in a tree.
public struct InclusionProof: Sendable {
  /// The event's position; the leaf's index is one less.
  public var position: Int64
  /// The tree's size.
  public var size: Int64
  /// The leaf's hash, 32 bytes.
  public var leafHash: [UInt8]
  /// The tree's root, 32 bytes.
  public var root: [UInt8]
  /// From the leaf's sibling upwards.
  public var path: [[UInt8]]
}

/// What proves that a tree is the beginning of another.
public struct ConsistencyProof: Sendable {
  /// The older tree's size.
  public var from: Int64
  /// The newer tree's size.
  public var to: Int64
  /// The older tree's root.
  public var oldRoot: [UInt8]
  /// The newer tree's root.
  public var newRoot: [UInt8]
  /// The path between them.
  public var path: [[UInt8]]
}

extension PublishedLog {
  /// Why there is no proof.
  public enum NoProof: Error, Sendable, Equatable {
    /// No checkpoint covers it yet; the last one covers this position.
    case notYetSigned(Int64)
  }

  /// Proves that an event stands in the tree of a size, by default that of the newest checkpoint.
  ///
  /// - Precondition: `1 <= position <= size`.
  /// - Throws: ``NoProof``; `LogError` `corrupt` where the tiles do not give the signed root.
  public func inclusion(position: Int64, size: Int64? = nil) throws -> InclusionProof {
    try whole {
      let newest = try covering(max(position, size ?? 0), leaf: position)
      let size = size ?? newest.size
      let tree = tree(size, newest)
      let (leafHash, path) = try tree.inclusion(of: position - 1)
      let root = size == newest.size ? newest.root : try tree.root()
      guard ProofVerifier.isIncluded(leafHash: leafHash, index: position - 1, size: size, path: path, root: root)
      else { throw otherRoot }
      return InclusionProof(position: position, size: size, leafHash: leafHash, root: root, path: path)
    }
  }

  /// Proves that the tree of `from` events is the beginning of the tree of `to` events, by default the newest checkpoint's.
  ///
  /// - Precondition: `0 <= from <= to`.
  /// - Throws: ``NoProof``; `LogError` `corrupt` where the tiles do not give the signed root.
  public func consistency(from: Int64, to: Int64? = nil) throws -> ConsistencyProof {
    try whole {
      let newest = try covering(max(from, to ?? 0))
      let size = to ?? newest.size
      let (oldRoot, newRoot, path) = try tree(size, newest).consistency(from: from)
      guard size != newest.size || newRoot == newest.root,
        ProofVerifier.isConsistent(oldSize: from, oldRoot: oldRoot, newSize: size, newRoot: newRoot, path: path)
      else { throw otherRoot }
      return ConsistencyProof(from: from, to: size, oldRoot: oldRoot, newRoot: newRoot, path: path)
    }
  }

  /// Everything that proves an event without the ledger: its entry and payload, path and checkpoint.
  ///
  /// - Parameter cosignatures: By a checkpoint with at least so many.
  /// - Throws: ``NoProof``; `LogError` `corrupt` where the event as stored is not the one that was signed.
  public func receipt(position: Int64, cosignatures: Int = 0) throws -> LogProof {
    try whole {
      let newest = try covering(position, leaf: position)
      guard let signed = try checkpoint(newest, cosignatures: cosignatures, covering: position) else {
        throw NoProof.notYetSigned(0)
      }
      guard let event = try LogReader(connection, ledger: ledger).event(at: position) else {
        throw LogError(.corrupt, "position \(position) of ledger \(ledger) is missing")
      }
      let checkpoint = signed.checkpoint
      let (leafHash, path) = try tree(checkpoint.size, newest).inclusion(of: position - 1)
      let content = try ReceiptContent(event)
      guard content.leafHash == leafHash, content.givesPayloadHash,
        ProofVerifier.isIncluded(
          leafHash: leafHash, index: position - 1, size: checkpoint.size, path: path, root: checkpoint.root)
      else { throw LogError(.corrupt, "the event at position \(position) is not the one that was signed") }
      return LogProof(extra: content.bytes, index: position - 1, path: path, checkpoint: signed.note)
    }
  }

  /// The newest tree, which must cover a position.
  ///
  /// - Parameter leaf: A position whose path is asked for.
  private func covering(_ position: Int64, leaf: Int64? = nil) throws -> Newest {
    let tile = leaf.map { Tile(level: 0, index: ($0 - 1) / Int64(Tile.fullWidth)) }
    let newest = try newest(with: tile)
    guard let newest, newest.size >= position else { throw NoProof.notYetSigned(newest?.size ?? 0) }
    return newest
  }

  private func tree(_ size: Int64, _ newest: Newest) -> TiledTree<StoredTiles> {
    TiledTree(
      size: size, source: StoredTiles(connection, ledger: ledger, signedSize: newest.size, memory: memory))
  }

  private var otherRoot: LogError {
    LogError(.corrupt, "the tiles of ledger \(ledger) do not give the signed root")
  }

  /// A tile that should be there and is not is the log's fault, and so is one that gives another root; but not one that was read
  /// before from a table that was changed and mended: all are read again before anything is told.
  private func whole<Value>(_ body: () throws -> Value) throws -> Value {
    func once() throws -> Value {
      do { return try body() } catch let error as IntegrityError {
        throw LogError(.corrupt, "ledger \(ledger): \(error.detail)")
      }
    }
    do { return try once() } catch let error as LogError where error.code == .corrupt {
      memory.forget(ledger)
      return try once()
    }
  }
}
