import Archive
import Crypto
import Domain
import Exports
import Postgres

/// `daybook import`.
enum ImportCommand {
  static func run(_ invocation: Invocation) async throws -> ExitCode {
    let path = invocation.operand(0) ?? ""
    let settings = ConnectionSettings(
      url: try invocation.database(), role: "daybook_writer", applicationName: "daybook import")
    let bar = ProgressBar("Importing \(invocation.ledger)", environment: invocation.environment)
    var verifier = try VerifyExportCommand.verifier(invocation)
    verifier.progress = { bar.update($0, of: $1, unit: "done") }
    let report = try await blocking { [verifier] in
      defer { bar.finish() }
      let connection = try Connection(settings)
      defer { connection.close() }
      connection.callTimeout = nil
      return try LogImporter.run(connection, path, ledger: invocation.ledger, verifier: verifier)
    }
    let erased = report.erased + Int64(report.findings.count)
    let note = erased > 0 ? ", \(erased) erased" : ""
    Console.print(
      "\(Count(report.events, "event")) imported into \(report.ledger)\(note), root \(Hex.string(report.root))")
    return .done
  }
}
