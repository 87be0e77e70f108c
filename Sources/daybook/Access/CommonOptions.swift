/// Options that many commands share.
enum CommonOptions {
  static let url = OptionDescription.value(
    "--url", "URL", "Address of the service.", environment: "DAYBOOK_URL",
    usual: "that of the copy that runs on the data folder, else http://127.0.0.1:7450")
  static let keyFile = OptionDescription.value(
    "--key-file", "FILE",
    "File with the key. Else DAYBOOK_KEY counts, and for this machine's own copy the admin.key of its data folder.")
  static let ledger = OptionDescription.value(
    "--ledger", "NAME", "The ledger.", environment: "DAYBOOK_LEDGER", usual: "main")
  static let data = OptionDescription.value(
    "--data", "DIR", "Data folder.", environment: "DAYBOOK_DATA",
    usual: "/var/lib/daybook for root, else ~/.local/share/daybook")
  static let insecure = OptionDescription.flag(
    "--insecure", "Lets the key travel over unencrypted http to another machine.")
  static let format = OptionDescription.value(
    "--format", "FORMAT", "How results are written.", usual: "table", allowed: OutputFormat.allCases.map(\.rawValue))
  static let databaseURL = OptionDescription.value(
    "--database-url", "URL", "A Postgres database, postgres://… or a libpq connection string.",
    environment: "DAYBOOK_DATABASE_URL", usual: "the private one of the data folder")
  static let projections = OptionDescription.value(
    "--projections", "DIR", "Folder whose subfolders are further projections.", isRepeatable: true)
  static let idempotencyKey = OptionDescription.value(
    "--idempotency-key", "ID", "Id of this command: giving it again with the same id changes nothing.")

  /// What a command needs that asks a running service.
  static let service = [url, ledger, keyFile, data, insecure, format]
  /// What a command needs that changes something through a running service.
  static let command = service + [idempotencyKey]
  /// What a command needs that works on a database.
  static let database = [databaseURL, data]
}

extension Invocation {
  /// How results are to be written.
  var format: OutputFormat { self["--format"].flatMap { OutputFormat(rawValue: $0) } ?? .table }

  /// The ledger that is meant.
  var ledger: String { self["--ledger"] ?? "main" }

  /// Writes rows, or one thing, in the format that was asked for.
  var rows: RowWriter { RowWriter(format: format) }
}
