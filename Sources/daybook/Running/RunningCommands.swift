/// Commands that run Daybook.
enum RunningCommands {
  static let all: [CommandDescription] = [up, serve, project, migrate]

  static let parentDescriptor = OptionDescription.value(
    "--parent-fd", "FD", "Ends when the pipe that it inherited under this number does.", isHidden: true)

  static let listening: [OptionDescription] = [
    .value("--host", "ADDRESS", "Address to listen at.", usual: "127.0.0.1"),
    .value("--port", "PORT", "Port to listen at; 0 takes a free one.", usual: "7450"),
    .value("--tls-cert", "FILE", "Certificate chain, PEM; with --tls-key."),
    .value("--tls-key", "FILE", "Its private key, PEM."),
    .flag("--insecure-bind", "Lets others than this machine connect without TLS."),
  ]

  private static let readyFile = OptionDescription.value(
    "--ready-file", "FILE", "Is written once everything answers: {\"url\", \"ledger\", \"admin_key_file\", \"pid\"}.")

  private static let up = CommandDescription(
    path: ["up"], summary: "Run the whole of Daybook on this machine",
    discussion: """
      Without --database-url it makes and runs a Postgres of its own in the data folder, reached through a Unix socket only.
      It applies the schema, makes the ledgers `system` and `main`, the first owner and the first admin key (kept in the data
      folder as admin.key, readable by its owner alone), and runs the API and the projectors as processes of their own, which
      it starts again when they die. Ctrl-C stops everything in good order; a second one stops at once. Starting again finds
      everything as it was.

      --demo lists the default prices and imports a real trace: 28,185 requests of November 2023 (Azure LLM inference trace
      2023, CC-BY 4.0). Its latencies are made up by a seeded rule, 200 + output tokens × 18 + noise below 400 ms, as the
      trace has none; all other figures are the trace's own. Importing twice changes nothing.
      """,
    options: CommonOptions.database + listening + [
      CommonOptions.projections,
      .value("--projectors", "N", "Projector processes.", usual: "1"), ProjectCommand.snapshotInterval,
      readyFile,
      .value("--owner", "ID", "The first owner's id.", usual: "first-owner"),
      .value("--owner-name", "TEXT", "The first owner's name.", usual: "First owner"),
      .value("--time-zone", "ZONE", "Reporting time zone of `main`; fixed when it is made.", usual: "UTC"),
      .value("--currency", "CODE", "Reporting currency of `main`; fixed when it is made.", usual: "USD"),
      .flag("--demo", "Import the demo's trace."),
      .value("--demo-data", "DIR", "Folder of the demo's trace.", usual: "given by tools/up"),
    ] + NotarySetup.options,
    examples: [
      ("daybook up", "Everything, with a Postgres of its own"),
      ("daybook up --database-url postgres://daybook@db.example/daybook", "On a Postgres of yours"),
      (
        "daybook up --port 0 --data /tmp/try --ready-file /tmp/try.json",
        "For a script: any port, and told when ready"
      ),
    ]
  ) { try await UpCommand.run($0) }

  private static let serve = CommandDescription(
    path: ["serve"], summary: "Run the API alone",
    discussion: """
      One part of `up`. Any number of them may run on one database: the ledger's lock puts their writes in order. Those
      that are given a data folder or a notary's key sign checkpoints too, one at a time (see `daybook notary`), and look
      before anything is appended whether the log is what was signed. The
      database must have been migrated and have its ledgers, which `daybook migrate` and `daybook up` see to.
      """,
    options: [CommonOptions.databaseURL, CommonOptions.data] + listening + [
      CommonOptions.projections,
      .value("--ready-file", "FILE", "Is written once requests are answered: {\"port\", \"pid\"}."), parentDescriptor,
      .flag("--no-notary", "Signs no checkpoints: `daybook notary` does, or nobody."),
    ] + NotarySetup.options
  ) { try await ServeCommand.run($0) }

  private static let project = CommandDescription(
    path: ["project"], summary: "Run a projector alone",
    discussion: """
      One part of `up`. Any number of them may run on one database: each book of each ledger is held by one at a time, and
      taken over when that one ends.
      """,
    options: [
      CommonOptions.databaseURL, CommonOptions.data, CommonOptions.projections, ProjectCommand.snapshotInterval,
      parentDescriptor,
    ]
  ) { try await ProjectCommand.run($0) }

  private static let migrate = CommandDescription(
    path: ["migrate"], summary: "Bring a database to this program's schema",
    discussion: """
      Applies the numbered SQL that is missing, one transaction each, under an advisory lock. A file that was changed after
      it was applied, or a database that is newer than the program, is an error. `up` does the same at its start.
      """,
    options: CommonOptions.database + [.flag("--check", "Only say what is missing; exit code 1 when something is.")]
  ) { try await MigrateCommand.run($0) }
}
