import Crypto
public import Postgres
public import Schema

/// Brings a database to the schema that this program was built with.
///
/// Any number of processes may call it at once: they take turns (advisory lock). It needs an account that may make
/// schemas, and roles where the cluster has none of Daybook's yet.
public enum Migrator {
  /// The advisory lock that migrating processes take turns by: "daybook" in ASCII.
  static let lockKey: Int64 = 0x64_6179_626F_6F6B

  /// How long to wait for another process that is migrating.
  static let lockTimeout: Duration = .seconds(600)

  /// Applies the migrations that are missing, each in a transaction of its own, and answers them.
  ///
  /// Throws ``MigrationError`` when an applied file was changed since, or the database is newer than the program;
  /// ``PostgresError`` when Postgres refuses. What was applied before the error stays.
  @discardableResult
  public static func migrate(
    _ connection: Connection, migrations: [Migration] = Schema.migrations
  ) throws -> [Migration] {
    let callTimeout = connection.callTimeout
    defer { connection.callTimeout = callTimeout }
    connection.callTimeout = lockTimeout
    try connection.execute("SELECT pg_advisory_lock($1)", [.int64(lockKey)])
    defer { if connection.isOpen { _ = try? connection.execute("SELECT pg_advisory_unlock($1)", [.int64(lockKey)]) } }
    // A change of a large table takes as long as it takes.
    connection.callTimeout = nil
    let missing = try pending(connection, migrations: migrations)
    for migration in missing { try apply(migration, connection) }
    try checkRoles(connection)
    try grantOnDatabase(connection)
    return missing
  }

  /// Roles belong to the cluster, not to the database: a dump that is restored elsewhere without them loses every grant.
  private static func checkRoles(_ connection: Connection) throws {
    let table = try connection.execute("SELECT to_regclass('daybook.events')::text")
    if table.isNull(0, 0) { return }
    let writer = try connection.execute(
      """
      SELECT has_table_privilege(oid, 'daybook.events', 'INSERT') FROM pg_roles WHERE rolname = 'daybook_writer'
      """)
    if writer.count == 1 && writer.boolean(0, 0) { return }
    throw MigrationError(
      code: .rolesMissing, migration: "",
      message:
        "the database was restored without its roles: restore again, after `pg_dumpall --roles-only` of the server "
        + "that it came from")
  }

  /// Lets the projector make schemas. The grant belongs to the database, not to what is in it: a dump that is restored,
  /// or a copy of a template, comes without it, so it is looked at each time.
  private static func grantOnDatabase(_ connection: Connection) throws(PostgresError) {
    let answer = try connection.execute(
      """
      SELECT current_database()::text
      WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'daybook_projector')
        AND NOT has_database_privilege('daybook_projector', current_database(), 'CREATE')
      """)
    if answer.count == 0 { return }
    let database = Connection.quoted(answer.string(0, 0))
    try connection.execute("GRANT CREATE ON DATABASE \(database) TO daybook_projector", isPrepared: false)
  }

  /// The migrations that this database lacks, in order; throws as ``migrate(_:migrations:)`` does.
  public static func pending(
    _ connection: Connection, migrations: [Migration] = Schema.migrations
  ) throws -> [Migration] {
    let applied = try recorded(connection)
    for record in applied {
      guard let known = migrations.first(where: { $0.number == record.number }) else {
        throw MigrationError(
          code: .databaseIsNewer, migration: record.label,
          message: "the database has migration \(record.label), which this program does not know: it is too old")
      }
      guard known.checksum == record.checksum else {
        throw MigrationError(
          code: .changed, migration: known.label,
          message: "\(known.label) was changed after it was applied to this database")
      }
    }
    return migrations.filter { migration in !applied.contains { $0.number == migration.number } }
  }

  private struct Record {
    var number: Int
    var name: String
    var checksum: String
    var label: String { Migration(number: number, name: name, text: "").label }
  }

  private static func recorded(_ connection: Connection) throws(PostgresError) -> [Record] {
    let table = try connection.execute("SELECT to_regclass('daybook.schema_migrations')::text")
    if table.isNull(0, 0) { return [] }
    let rows = try connection.execute("SELECT number, name, checksum FROM daybook.schema_migrations ORDER BY number")
    return (0..<rows.count).map {
      Record(number: Int(rows.int64($0, 0)), name: rows.string($0, 1), checksum: rows.string($0, 2))
    }
  }

  private static func apply(_ migration: Migration, _ connection: Connection) throws(PostgresError) {
    try connection.execute("BEGIN")
    do throws(PostgresError) {
      try connection.script(migration.text)
      try connection.execute(
        "INSERT INTO daybook.schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
        [.int32(Int32(migration.number)), .text(migration.name), .text(migration.checksum)])
      try connection.execute("COMMIT")
    } catch {
      if connection.isOpen { _ = try? connection.execute("ROLLBACK") }
      var error = error
      error.message = "\(migration.label): \(error.message)"
      throw error
    }
  }
}

extension Migration {
  /// SHA-256 of the file's bytes, lower-case hex.
  public var checksum: String { Hex.string(SHA256Digest.hash(Array(text.utf8))) }

  /// The file's name without `.sql`: `0001_migrations`.
  public var label: String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_" + name
  }
}
