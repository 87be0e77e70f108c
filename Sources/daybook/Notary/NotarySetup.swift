import Lifecycle
import Notary
import Postgres

/// The notary's options on the command line.
enum NotarySetup {
  static let options: [OptionDescription] = [
    .value(
      "--notary-key", "FILE", "Private key that signs the log; made at the first start.",
      environment: "DAYBOOK_NOTARY_KEY",
      usual: "notary.key in the data folder"),
    .value(
      "--checkpoints", "DIR",
      "Folder with a file of signed checkpoints for each ledger; keep it off the database's disk.",
      environment: "DAYBOOK_CHECKPOINTS", usual: "checkpoints in the data folder"),
    .value(
      "--origin", "NAME", "The deployment's name in its checkpoints, NAME/LEDGER; fixed with the first one.",
      usual: "daybook- and a few digits of the key"),
    .value(
      "--witness", "URL#KEY", "A C2SP witness to ask for cosignatures: its address and its verifier key.",
      isRepeatable: true),
  ]

  /// The options as they were given.
  static func read(_ invocation: Invocation, database: ConnectionSettings) throws -> NotaryOptions {
    var options = NotaryOptions(database: database, folder: invocation.dataFolder.path)
    if let file = invocation["--notary-key"] { options.keyFile = DataFolder(file).path }
    if let folder = invocation["--checkpoints"] { options.checkpointFolder = DataFolder(folder).path }
    options.name = invocation["--origin"]
    if let name = options.name, !name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2B && $0 != 0x23 }) {
      throw UsageError("--origin takes printable ASCII without spaces, + and #", invocation.command)
    }
    do { options.witnesses = try invocation.all("--witness").map { text in try Witness(parsing: text) } } catch {
      throw UsageError("\(error)", invocation.command)
    }
    return options
  }

  /// The same options for a process of our own.
  static func arguments(_ invocation: Invocation) -> [String] {
    ["--notary-key", "--checkpoints", "--origin"].flatMap { name in invocation[name].map { [name, $0] } ?? [] }
      + invocation.all("--witness").flatMap { ["--witness", $0] }
      + ["--data", invocation.dataFolder.path]
  }

  /// A part that signs until the shutdown is requested.
  static func part(_ runner: NotaryRunner) -> ClosurePart {
    ClosurePart("notary") { shutdown in
      let signing = Task { await runner.run() }
      await shutdown.requested()
      signing.cancel()
      await signing.value
    }
  }
}
