/// How the rows of an answer are written.
public enum BookFormat: Sendable {
  /// `{"projection", "version", "query", "ledger", "position", "recordedtime", "rows": [{…}]}`
  case json
  /// RFC 4180 with a header line and CRLF; empty for NULL, `""` for an empty text.
  case csv
  /// One object a line: the rows alone.
  case ndjson
}
