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

  /// Of completions only those whose cost is known.
  public var leavesOutUnpriced = false

  /// Everything.
  public init() {}

  /// True for a filter by position alone, so that a page's last event says how far the reader has come.
  public var isByPositionOnly: Bool {
    types.isEmpty && subject == nil && from == nil && to == nil && !leavesOutUnpriced
  }

  /// The WHERE clause for `daybook.events e`, and its parameters; `$1` is the ledger.
  func clause(ledger: String) -> (sql: String, parameters: [Parameter]) {
    var parameters: [Parameter] = []
    let sql = clause(ledger: ledger) { parameter in
      parameters.append(parameter)
      return "$\(parameters.count)"
    }
    return (sql, parameters)
  }

  /// The WHERE clause for `daybook.events e` of a statement that takes no parameters.
  func clause(ledger: String, on connection: Connection) throws(PostgresError) -> String {
    try clause(ledger: ledger) { parameter throws(PostgresError) in
      switch parameter {
      case .text(let text): return try connection.literal(text)
      case .int64(let number): return String(number)
      case .timestamp(let moment): return "timestamptz '\(Timestamp(microseconds: moment))'"
      case .texts(let texts):
        var literals: [String] = []
        for text in texts { literals.append(try text.map(connection.literal) ?? "NULL") }
        return "ARRAY[\(literals.joined(separator: ", "))]::text[]"
      default: preconditionFailure("no condition is about such a value")
      }
    }
  }

  private func clause<Failure>(
    ledger: String, _ value: (Parameter) throws(Failure) -> String
  ) throws(Failure) -> String {
    var sql = "e.ledger_id = \(try value(.text(ledger))) AND e.position > \(try value(.int64(after)))"
    if let upTo { sql += " AND e.position <= \(try value(.int64(upTo)))" }
    if let subject { sql += " AND e.subject = \(try value(.text(subject)))" }
    if let from { sql += " AND e.recorded_at >= \(try value(.timestamp(from.microseconds)))" }
    if let to { sql += " AND e.recorded_at < \(try value(.timestamp(to.microseconds)))" }
    if leavesOutUnpriced { sql += " AND (e.type <> 'completion.recorded' OR e.derived ? 'cost')" }
    if !types.isEmpty {
      let exact = try value(.texts(types.filter { !$0.hasSuffix(".*") }))
      let starts = try value(.texts(types.filter { $0.hasSuffix(".*") }.map { String($0.dropLast(1)) }))
      sql += " AND (e.type = ANY(\(exact)) OR EXISTS (SELECT FROM unnest(\(starts)) p WHERE starts_with(e.type, p)))"
    }
    return sql
  }
}
