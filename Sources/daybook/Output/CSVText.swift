import Domain

/// RFC 4180: a header line, CRLF, fields quoted where they must be.
enum CSVText {
  static func text(headings: [String], rows: [[String]]) -> String {
    ([headings.map(quoted)] + rows).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  /// Empty for null or a missing member, `""` for an empty text, canonical JSON for anything with parts.
  static func field(_ value: JSONView?) -> String {
    guard let value, value.kind != .null else { return "" }
    guard let text = value.string else { return quoted(String(decoding: value.canonical, as: UTF8.self)) }
    return text.isEmpty ? "\"\"" : quoted(text)
  }

  static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
