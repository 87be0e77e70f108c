/// How results are written to standard output.
enum OutputFormat: String, CaseIterable, Sendable {
  /// For people: columns under a heading.
  case table
  /// One JSON document.
  case json
  /// RFC 4180 with a header line.
  case csv
  /// One JSON object a line.
  case ndjson
}
