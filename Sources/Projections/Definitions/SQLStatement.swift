/// One statement of a projection's SQL with its named parameters (`:ledger`) made positional (`$1`).
public struct SQLStatement: Sendable, Equatable {
  /// With `$1`, `$2`, …, each followed by its cast.
  public var text: String
  /// Names by position.
  public var parameters: [String]
  /// First line in its file, from 1.
  public var line: Int
  /// First word in upper case: `INSERT`, `WITH`, `SELECT`, …
  public var verb: String
}
