import DaybookClient
import Domain

/// Commands of the ledger: posted, and answered with the events that they caused.
enum CommandAnswer {
  /// Posts a command and shows its answer.
  ///
  /// - Parameter table: What a table shows instead of receipts.
  static func post(
    _ invocation: Invocation, _ path: String, _ body: JSON,
    table: (@Sendable (JSONView) -> String)? = nil
  ) async throws -> ExitCode {
    let answer = try await invocation.service().send(
      "POST", path, json: body, idempotencyKey: invocation["--idempotency-key"])
    let root = try answer.json()
    if invocation.format == .table, let table {
      Console.write(Array(table(root).utf8))
    } else {
      let columns = ["position", "id", "sequence", "recordedtime", "duplicate"].map { RowWriter.Column($0) }
      let receipts = root["events"]?.elements ?? []
      Console.write(Array(invocation.rows.text(receipts, columns: columns, whole: root).utf8))
    }
    return .done
  }

  /// Fetches a list and shows it.
  static func list(
    _ invocation: Invocation, _ path: String, member: String, query: [(name: String, value: String)] = [],
    columns: [RowWriter.Column]? = nil, ifNone: String = "none"
  ) async throws -> ExitCode {
    let root = try await invocation.service().send("GET", path, query: query).json()
    let rows = root[member]?.elements ?? []
    Console.write(Array(invocation.rows.text(rows, columns: columns, whole: root, ifNone: ifNone).utf8))
    return .done
  }

  /// A path segment: everything but RFC 3986's unreserved characters is escaped.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: escaped.unicodeScalars.append(.init(byte))
      default: escaped += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }
}
