extension ExportCommand {
  private static let formats = ["ndjson", "segments", "hledger", "beancount", "focus", "csv"]

  static let description = CommandDescription(
    path: ["export"], summary: "Take out the log, its journal for finance's own tools, or the books",
    discussion: """
      The log itself: ndjson, an event a line with everything that its hashes are made of, without a row cap; or
      segments, a folder that holds a range without gaps and takes a tenth of the room. `daybook verify-export`
      checks either without any database. Personal parts that were not erased are in it: keep it accordingly.

      For finance, nothing of a person in it: hledger and beancount, a journal with a balanced entry for every
      cost, revenue, accrual and correction, the rates of exchange and, at its end, the allocation of each day;
      focus, the charges as a FOCUS Cost and Usage dataset; each with the event's position and receipt id. csv,
      the answers of a book, or of all books into a folder. --from and --to are then posting days and both
      included. Formats.md in the documentation describes the files.

      Reads the database itself where there is one, else a running service, which csv always asks; --input reads
      an ndjson export instead, and checks its hashes. A file is there whole or not at all.
      """,
    options: [
      .value("--format", "FORMAT", "What is written.", usual: "ndjson", allowed: formats),
      .value(
        "--output", "PATH", "A file, - for standard output, or a folder (segments, csv of all books).", usual: "-"),
      .value("--input", "FILE", "An ndjson export to make the file of, plain or .zst (hledger, beancount, focus)."),
      .value("--focus-version", "VERSION", "1.2, or the newest released.", usual: "1.4", allowed: ["1.2", "1.4"]),
      .value("--book", "BOOK", "The book (csv); all of them where it is missing. Parameters as in `daybook query`."),
      .value("--query", "QUERY", "Which of its queries (csv).", usual: "its first"),
      .value("--after", "POSITION", "Begin behind this position (ndjson, segments).", usual: "0"),
      .value("--up-to", "POSITION", "End with this position: what was known then.", usual: "the head"),
      .value(
        "--type", "TYPE", "Only this type, or with a trailing .* all that begin so (ndjson).", isRepeatable: true),
      .value("--subject", "SUBJECT", "Only this subject (ndjson)."),
      .value("--from", "TIME", "ndjson: recorded from this time on, RFC 3339. Else: from this posting day on."),
      .value("--to", "TIME", "ndjson: recorded before this time, RFC 3339. Else: up to this posting day."),
      ArchiveCommands.signingKey, CommonOptions.databaseURL, CommonOptions.url, CommonOptions.ledger,
      CommonOptions.keyFile, CommonOptions.data, CommonOptions.insecure,
    ],
    takesParameters: true,
    examples: [
      ("daybook export --output main.ndjson", "The whole log"),
      ("daybook export --type 'approval.*' | jq .subject", "Some of it, to another program"),
      ("daybook export --format segments --output export/", "The whole log in segments, signed"),
      ("daybook export --format hledger --output main.journal", "The journal: hledger -f main.journal balance"),
      ("daybook export --format beancount --from 2026-01-01 --to 2026-03-31 --output q1.beancount", "A quarter"),
      ("daybook export --format focus --focus-version 1.2 --output charges.csv", "The charges, in FOCUS 1.2"),
      ("daybook export --format csv --book model_pnl --group-by day,model --output pnl.csv", "A book"),
    ]
  ) { try await run($0) }
}
