import Domain
import Postgres
import Synchronization

/// The prices that completions pin, by position, each read from the log once, in the verification's own snapshot.
final class PinnedPrices: Sendable {
  private struct State {
    /// nil: what stands at the position is no listed price.
    var known: [Int64: Price?] = [:]
    var failure: PostgresError?
  }
  private let state = Mutex(State())
  /// Prices kept; a log that pins more is read again and again for the rest.
  private static let keptAtMost = 200_000

  /// What kept a price from being read.
  var failure: PostgresError? { state.withLock { $0.failure } }

  /// The price listed at a position, as far as it was read: the outer nil where it was not, the inner where there is none.
  func known(at position: Int64) -> Price?? { state.withLock { $0.known[position] } }

  /// The price listed at a position; nil where there is none.
  func price(at position: Int64, _ connection: Connection, ledger: String) -> Price? {
    if let known = known(at: position) { return known }
    do throws(PostgresError) {
      let price = try Self.read(position, connection, ledger)
      state.withLock { state in
        if state.known.count < Self.keptAtMost { state.known[position] = .some(price) }
      }
      return price
    } catch {
      state.withLock { $0.failure = error }
      return nil
    }
  }

  private static func read(
    _ position: Int64, _ connection: Connection, _ ledger: String
  ) throws(PostgresError) -> Price? {
    let rows = try connection.execute(
      "SELECT data FROM daybook.events WHERE ledger_id = $1 AND position = $2 AND type = 'price.listed'",
      [.text(ledger), .int64(position)])
    guard rows.count == 1, !rows.isNull(0, 0), let data = try? JSON(parsing: rows.json(0, 0)) else { return nil }
    return Price(data, id: position)
  }
}
