import Log
import Postgres

/// `daybook migrate`.
enum MigrateCommand {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let settings = ConnectionSettings(url: try invocation.database(), applicationName: "daybook migrate")
    let isCheck = invocation.has("--check")
    let labels = try await blocking {
      let connection = try Connection(settings)
      defer { connection.close() }
      return try (isCheck ? Migrator.pending(connection) : Migrator.migrate(connection)).map(\.label)
    }
    for label in labels { Console.print(isCheck ? "missing  \(label)" : "applied  \(label)") }
    if labels.isEmpty { Console.print("The schema is up to date.") }
    return isCheck && !labels.isEmpty ? .failed : .done
  }
}
