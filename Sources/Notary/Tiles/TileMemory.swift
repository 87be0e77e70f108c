import Integrity
import Synchronization

/// Tiles that were read before: what was signed never changes, so a proof asks the database for little but what is new.
///
/// Whoever finds that they do not give a signed root has those of the ledger forgotten: they may have been read from a table that
/// somebody had changed.
public final class TileMemory: Sendable {
  private struct Place: Hashable {
    var ledger: String
    var tile: Tile
  }
  private struct State {
    /// Those asked for lately, and those of the time before: what nobody asks for meanwhile is forgotten with these.
    var recent: [Place: [UInt8]] = [:]
    var older: [Place: [UInt8]] = [:]
    var recentBytes = 0
    var series: [String: Int] = [:]

    mutating func keep(_ hashes: [UInt8], at place: Place) {
      guard recent.updateValue(hashes, forKey: place) == nil else { return }
      recentBytes += hashes.count
      guard recentBytes > TileMemory.bytesAtMost / 2 else { return }
      (older, recent, recentBytes) = (recent, [:], 0)
    }

    mutating func forget(_ ledger: String) {
      recent = recent.filter { $0.key.ledger != ledger }
      older = older.filter { $0.key.ledger != ledger }
      recentBytes = recent.values.reduce(0) { $0 + $1.count }
    }
  }
  private let state = Mutex(State())

  /// Two thousand full tiles: all but the lowest level of a hundred million events.
  static let bytesAtMost = 16 << 20

  /// Nothing was read yet.
  public init() {}

  /// The tiles of another series are those of another history.
  func begin(series: Int, of ledger: String) {
    state.withLock { state in
      let before = state.series.updateValue(series, forKey: ledger)
      if let before, before != series { state.forget(ledger) }
    }
  }

  func hashes(of tile: Tile, in ledger: String) -> [UInt8]? {
    let place = Place(ledger: ledger, tile: tile)
    return state.withLock { state in
      if let hashes = state.recent[place] { return hashes }
      guard let hashes = state.older[place] else { return nil }
      state.keep(hashes, at: place)
      return hashes
    }
  }

  func keep(_ hashes: [UInt8], of tile: Tile, in ledger: String) {
    state.withLock { $0.keep(hashes, at: Place(ledger: ledger, tile: tile)) }
  }

  func forget(_ ledger: String) { state.withLock { $0.forget(ledger) } }
}
