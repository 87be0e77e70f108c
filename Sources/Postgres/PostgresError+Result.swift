import CPostgres

extension PostgresError {
  /// Reads the error of a failed result.
  ///
  /// DETAIL and CONTEXT are left behind: they show keys and values.
  init(failedResult result: OpaquePointer, statementIndex: Int?) {
    func field(_ code: Character) -> String? {
      guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
      return String(cString: text)
    }
    let sqlState = field("C")
    // libpq itself makes the results of a broken connection; they have no severity.
    let severity = field("V")
    let isFatal = severity == nil || severity == "FATAL" || severity == "PANIC"
    let message = field("M") ?? String(cString: PQresultErrorMessage(result))
    self.init(
      code: isFatal ? .connectionLost : .server,
      sqlState: sqlState,
      message: Self.withoutValues(message.trimmedLine, sqlState: sqlState),
      constraint: field("n"),
      table: field("t"),
      statementIndex: statementIndex)
  }

  /// The messages of class 22 (data exceptions) quote the value that they refuse: it is cut out.
  static func withoutValues(_ message: String, sqlState: String?) -> String {
    guard let sqlState, sqlState.hasPrefix("22") else { return message }
    guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\""), first < last else {
      return message
    }
    return message[..<first] + "\"…\"" + message[message.index(after: last)...]
  }
}

extension String {
  /// The text without surrounding white space and with its lines joined.
  var trimmedLine: String {
    split(whereSeparator: \.isNewline).map { $0.drop { $0.isWhitespace } }.joined(separator: " ")
  }
}
