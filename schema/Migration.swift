/// One numbered file of SQL.
public struct Migration: Sendable, Equatable {
  /// The number that the file's name starts with; from 1.
  public let number: Int
  /// The rest of the file's name, without `.sql`.
  public let name: String
  /// The SQL: statements that run in one transaction.
  public let text: String

  /// Makes a migration, for tests of the migrator.
  public init(number: Int, name: String, text: String) {
    self.number = number
    self.name = name
    self.text = text
  }

  /// Reads number and name from a path such as `0001_migrations.sql`.
  init(path: String, text: String) {
    let stem = path.split(separator: "/").last.map(String.init)?.split(separator: ".").first ?? ""
    let parts = stem.split(separator: "_", maxSplits: 1)
    guard parts.count == 2, let number = Int(parts[0]) else {
      preconditionFailure("schema/sql/\(path) is not named NNNN_name.sql")
    }
    self.init(number: number, name: String(parts[1]), text: text)
  }
}
