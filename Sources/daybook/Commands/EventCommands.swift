import DaybookClient
import Domain

/// Commands that write and read the log.
enum EventCommands {
  static let all: [CommandDescription] = [append, events, event, reverse]

  private static let append = CommandDescription(
    path: ["append"], summary: "Append events",
    discussion: """
      Takes CloudEvents 1.0: one JSON object, a JSON array, or an object a line (NDJSON); or makes one event from --type,
      --subject and --event-data. Each batch is appended whole or not at all. Events with ids that the ledger has already
      are answered as duplicates and change nothing, so a file may be appended again after an interruption.
      """,
    operands: [
      OperandDescription(name: "FILE", help: "File with events; - or nothing for standard input.", isRequired: false)
    ],
    options: [
      .value("--type", "TYPE", "Make one event of this type."),
      .value("--subject", "SUBJECT", "Its subject."),
      .value("--event-data", "JSON", "Its data, an object.", usual: "{}"),
      .value("--id", "ID", "Its id.", usual: "a new UUIDv7"),
      .value("--source", "SOURCE", "Its source.", usual: "/daybook/cli"),
      .value("--time", "TIME", "Its time, RFC 3339.", usual: "when it is recorded"),
      .value("--batch", "N", "Events a request, 1 to 10000.", usual: "500"),
    ] + CommonOptions.service,
    examples: [
      (
        "daybook append --type x.shop.note --subject note/1 --event-data '{\"text\":\"hello\"}'",
        "One event of a type of one's own"
      ),
      ("daybook append events.ndjson", "A file with an event a line"),
      ("my-exporter | daybook append --format ndjson", "From a program, with a receipt a line"),
    ]
  ) { try await AppendCommand.run($0) }

  private static let events = CommandDescription(
    path: ["events"], summary: "Read the log, or follow it",
    discussion: "Records in the order of the log. A table shows the first 100 unless --limit says otherwise.",
    options: [
      .value("--after", "POSITION", "Begin behind this position.", usual: "0"),
      .value("--limit", "N", "At most so many records."),
      .value("--type", "TYPE", "Only this type.", isRepeatable: true),
      .value("--subject", "SUBJECT", "Only this subject."),
      .value("--from", "TIME", "Only events from this time on, RFC 3339."),
      .value("--to", "TIME", "Only events before this time, RFC 3339."),
      .value(
        "--as-of", "POINT", "The log as it was at a position or a time (RFC 3339): only what was recorded by then."),
      .flag("--follow", "Then wait for what comes, until interrupted."),
    ] + CommonOptions.service,
    examples: [
      ("daybook events --type completion.recorded --limit 20", "The first twenty completions"),
      ("daybook events --follow --format ndjson", "Everything, and then what comes, an event a line"),
    ]
  ) { try await EventsCommand.run($0) }

  private static let event = CommandDescription(
    path: ["event"], summary: "Show one event with everything that is known about it",
    operands: [OperandDescription(name: "POSITION", help: "Its position in the ledger.")],
    options: CommonOptions.service
  ) { invocation in
    let position = try positive(invocation.operand(0), "POSITION", invocation)
    let answer = try await invocation.service().send("GET", "events/\(position)")
    let record = try answer.json()
    // A table of one row with objects in it would be unreadable.
    let format: OutputFormat = invocation.format == .table ? .json : invocation.format
    Console.write(Array(RowWriter(format: format).text([record], columns: nil, whole: record).utf8))
    return .done
  }

  private static let reverse = CommandDescription(
    path: ["reverse"], summary: "Reverse a completion, cost or revenue that is wrong",
    discussion: """
      The log is never changed: a reversal is an event of its own that takes the entry out of every book again. An entry can
      be reversed once. Needs the role finance.
      """,
    operands: [OperandDescription(name: "POSITION", help: "The entry's position.")],
    options: [.value("--reason", "TEXT", "Why.")] + CommonOptions.command,
    examples: [("daybook reverse 4711 --reason 'billed twice'", "Take entry 4711 out of the books")]
  ) { invocation in
    let position = try positive(invocation.operand(0), "POSITION", invocation)
    return try await CommandAnswer.post(
      invocation, "reversals",
      .object(["position": .integer(position), "reason": .text(try invocation.required("--reason"))]))
  }

  /// A position that was given as an operand.
  static func positive(_ text: String?, _ name: String, _ invocation: Invocation) throws(UsageError) -> Int64 {
    guard let number = text.flatMap({ Int64($0) }), number > 0 else {
      throw UsageError("\(name) is a whole number from 1", invocation.command)
    }
    return number
  }
}
