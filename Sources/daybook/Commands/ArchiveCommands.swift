/// Commands that take a log out of its database, check what was taken out, and put it back.
enum ArchiveCommands {
  static let all: [CommandDescription] = [archive, ExportCommand.description, verifyExport, importing]

  static let signingKey = OptionDescription.value(
    "--signing-key", "FILE", "Ed25519 key (PEM, PKCS #8) that signs the manifest; made where there is none.",
    usual: "archive.key of the data folder")

  private static let archive = CommandDescription(
    path: ["archive"], summary: "Keep a folder of sealed segments up to date with a log",
    discussion: """
      Writes what the folder does not have yet: segments of consecutive events (zstd with a trained dictionary,
      named by their SHA-256), the personal parts of their events in files of their own beside them, and a
      signed manifest. Reads the database itself. It goes on where it was interrupted, checks that what is there
      was not altered, and refuses to go on when the log is not the one that was archived. Erasures recorded
      since are carried out in the files. The folder may be any that can be mounted. Formats.md in the
      documentation describes every file.
      """,
    options: [
      .value("--to", "FOLDER", "The folder; made where there is none."),
      .flag("--follow", "Then go on with what comes, until interrupted."),
      .value("--segment-events", "N", "Events of a full segment.", isHidden: true),
      .value("--every", "SECONDS", "With --follow: how often new events are written, 1 to 3600.", usual: "10"),
      CommonOptions.ledger, signingKey,
    ] + CommonOptions.database,
    examples: [
      ("daybook archive --to /mnt/archive/main", "Bring a folder up to date"),
      ("daybook archive --to /mnt/archive/main --follow", "And keep it so"),
    ]
  ) { try await ArchiveCommand.run($0) }

  private static let verifyExport = CommandDescription(
    path: ["verify-export"], summary: "Check an export or an archive with nothing but its files",
    discussion: """
      Needs no database, no service and no key of anybody's. Every hash, sequence, identity, recorded time and
      root is recomputed from the values; the first position that is wrong is named. With --key, the manifest or
      a checkpoint must be signed by it; with --checkpoint, the events must give the root that somebody was
      shown, so that a tail that was cut off or a log that was rewritten whole cannot pass. Exit code 1 when
      anything is wrong.
      """,
    operands: [
      OperandDescription(name: "PATH", help: "A folder of segments, or a file of records (.ndjson, .ndjson.zst).")
    ],
    options: [
      .value(
        "--key", "VKEY", "A verifier key, name+id+base64: the log's, the archive's, a witness's.", isRepeatable: true),
      .value("--checkpoint", "FILE", "A signed checkpoint that the events must fit.", isRepeatable: true),
      CommonOptions.format,
    ],
    examples: [
      ("daybook verify-export export/ --key ledger.example/main+1c5d7e2a+AX…", "A folder, and who signed it"),
      (
        "daybook verify-export main.ndjson --checkpoint kept.txt --format json",
        "A file, against a checkpoint, for a program"
      ),
    ]
  ) { try await VerifyExportCommand.run($0) }

  private static let importing = CommandDescription(
    path: ["import"], summary: "Put an export or an archive back into an empty ledger",
    discussion: """
      Writes positions, ids, sequences, recorded times and personal parts as they were, and restores who the
      tokens of persons stand for; the ledger ends with the same root. All or nothing: everything is checked
      before it counts, and an interrupted import leaves the ledger empty. Works on the database itself, which
      `daybook migrate` has made and in which the ledger has no events yet; services and books pick it up from
      there. What the log's erasures name does not come back.
      """,
    operands: [
      OperandDescription(name: "PATH", help: "A folder of segments, or a file of records (.ndjson, .ndjson.zst).")
    ],
    options: [
      .value("--key", "VKEY", "A verifier key that must have signed.", isRepeatable: true),
      .value("--checkpoint", "FILE", "A signed checkpoint that the events must fit.", isRepeatable: true),
      CommonOptions.ledger,
    ] + CommonOptions.database,
    examples: [("daybook import export/ --database-url postgres:///restored", "A restore into a new database")]
  ) { try await ImportCommand.run($0) }
}
