/// A projection: how events of the log are posted into tables, and what may be asked of them.
///
/// Read from a folder (`projection.json`, `tables.sql`, `fold.sql`, `reconcile.sql` if there, `explain/*.sql`, `queries/*.sql`). The files
/// themselves are kept too: the database remembers them, so that a version keeps being posted and served while the next
/// one is built.
public struct ProjectionDefinition: Sendable {
  /// `[a-z][a-z0-9_]{0,39}`; also the folder's name.
  public var name: String
  /// From 1; raised whenever `tables.sql` or `fold.sql` changes.
  public var version: Int
  /// A few words.
  public var title: String
  /// What the book says and how to read it.
  public var description: String
  /// Types of the events it posts; `x.shop.*` means every type below `x.shop.`.
  public var eventTypes: [String]
  /// Its tables.
  public var tables: [TableDefinition]
  /// What may be asked; the first one answers where none is named.
  public var queries: [QueryDefinition]
  /// Text of every file by its path in the folder.
  public var files: [String: String]
  /// Hex SHA-256 of what decides the tables' contents: version, tables and fold. Queries and words may change freely.
  public var checksum: String

  var tableStatements: [SQLStatement]
  var foldStatements: [SQLStatement]
  var reconcileStatement: SQLStatement?

  /// The query with this name; the first one for nil.
  public func query(_ name: String?) -> QueryDefinition? {
    guard let name else { return queries.first }
    return queries.first { $0.name == name }
  }
}
