/// Why a database cannot be brought to this program's schema.
public struct MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure.
  public enum Code: Sendable, Equatable {
    /// A file of SQL differs from what was applied.
    case changed
    /// The database was migrated by a newer program.
    case databaseIsNewer
    /// Daybook's roles or their grants are not in the cluster.
    case rolesMissing
  }

  /// What kind of failure.
  public var code: Code
  /// The migration's name, such as `0003_events`; empty for `rolesMissing`.
  public var migration: String
  /// What happened.
  public var message: String
  /// What happened.
  public var description: String { message }
}
