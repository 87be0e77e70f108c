import Synchronization

/// The exchanges in progress, for deadlines and for stopping.
final class ExchangeRegistry: Sendable {
  /// How far stopping has come.
  enum Stage: Comparable {
    case open
    /// New requests are refused, handlers may finish.
    case stopping
    /// Nothing may wait any more.
    case closed
  }

  private struct State {
    var stage = Stage.open
    var exchanges: [ObjectIdentifier: Exchange] = [:]
  }

  private let state = Mutex(State())

  var stage: Stage { state.withLock { $0.stage } }

  /// Everything in progress now.
  var all: [Exchange] { state.withLock { Array($0.exchanges.values) } }

  /// Adds an exchange and answers the stage it was born into: who moves the stage on later sees it in the list.
  func insert(_ exchange: Exchange) -> Stage {
    state.withLock {
      $0.exchanges[ObjectIdentifier(exchange)] = exchange
      return $0.stage
    }
  }

  func remove(_ exchange: Exchange) {
    _ = state.withLock { $0.exchanges.removeValue(forKey: ObjectIdentifier(exchange)) }
  }

  /// Moves on; answers the exchanges that were born before.
  func advance(to stage: Stage) -> [Exchange] {
    state.withLock {
      $0.stage = max($0.stage, stage)
      return Array($0.exchanges.values)
    }
  }
}
