public import Domain
import Postgres

/// Which events a reader wants; every condition that is set must hold.
public struct LogFilter: Sendable, Equatable {
  /// Only positions above this one.
  public var after: Int64 = 0
  /// Only positions up to this one.
  public var upTo: Int64?
  /// Only these types; a trailing `.*` stands for any ending (`killswitch.*`). Empty: all.
  public var types: [String] = []
  /// Only this subject.
  public var subject: String?
  /// Recorded at or after.
  public var from: Timestamp?
  /// Recorded before.
  public var to: Timestamp?

  /// Everything.
  public init() {}

  /// True for a filter by position alone, so that a page's last event says how far the reader has come.
  public var isByPositionOnly: Bool { types.isEmpty && subject == nil && from == nil && to == nil }

  /// The WHERE clause for `daybook.events e`, and its parameters; `$1` is the ledger.
  func clause(ledger: String) -> (sql: String, parameters: [Parameter]) {
    var sql = "e.ledger_id = $1 AND e.position > $2"
    var parameters: [Parameter] = [.text(ledger), .int64(after)]
    func add(_ condition: (Int) -> String, _ parameter: Parameter) {
      parameters.append(parameter)
      sql += " AND " + condition(parameters.count)
    }
    if let upTo { add({ "e.position <= $\($0)" }, .int64(upTo)) }
    if let subject { add({ "e.subject = $\($0)" }, .text(subject)) }
    if let from { add({ "e.recorded_at >= $\($0)" }, .timestamp(from.microseconds)) }
    if let to { add({ "e.recorded_at < $\($0)" }, .timestamp(to.microseconds)) }
    if !types.isEmpty {
      let exact = types.filter { !$0.hasSuffix(".*") }
      let prefixes = types.filter { $0.hasSuffix(".*") }.map { String($0.dropLast(1)) }
      parameters += [.texts(exact), .texts(prefixes)]
      let (types, starts) = (parameters.count - 1, parameters.count)
      sql +=
        " AND (e.type = ANY($\(types)) OR EXISTS (SELECT FROM unnest($\(starts)) p WHERE starts_with(e.type, p)))"
    }
    return (sql, parameters)
  }
}
