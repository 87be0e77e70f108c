import CPostgres

extension ConnectionSettings {
  /// Settings of the session that every reader of results relies on.
  static let sessionDefaults = [
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "bytea_output": "hex",
  ]

  /// So that a peer that vanished is noticed within half a minute; the address can say otherwise.
  static let keepaliveDefaults = [
    "keepalives": "1",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
  ]

  /// The keywords of libpq: what the address says, and what the settings add.
  func keywords() throws(PostgresError) -> [(keyword: String, value: String)] {
    var keywords = try parsedAddress()
    for (keyword, value) in Self.keepaliveDefaults where keywords[keyword] == nil { keywords[keyword] = value }
    keywords["application_name"] = applicationName
    keywords["client_encoding"] = "UTF8"
    var session = Self.sessionDefaults.merging(parameters) { $1 }
    // As a startup option the role costs no round trip, and RESET ROLE leads back to it.
    if let role { session["role"] = role }
    let options = session.sorted { $0.key < $1.key }.map { "-c \(Self.escaped("\($0.key)=\($0.value)"))" }
    keywords["options"] = ([keywords["options"]].compactMap { $0 } + options).joined(separator: " ")
    return keywords.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Reads the address. libpq's own complaint would quote it, password and all, so it is not passed on.
  private func parsedAddress() throws(PostgresError) -> [String: String] {
    var complaint: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(url, &complaint) else {
      PQfreemem(complaint)
      throw PostgresError(code: .connectFailed, message: "the address of the database cannot be read")
    }
    defer { PQconninfoFree(options) }
    var keywords: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { keywords[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return keywords
  }

  /// Escapes spaces and backslashes, which separate the words of `options`.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1 == " " || $1 == "\\" ? "\\\($1)" : String($1) }
  }
}
