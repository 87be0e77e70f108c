import DaybookClient
import Domain
import Integrity
import Lifecycle
import Notary

/// Commands about checkpoints, proofs and receipts.
enum ProofCommands {
  static let all: [CommandDescription] = [checkpoint, inclusion, consistency, receipt, verifyReceipt, keysLog]

  private static let cosignatures = OptionDescription.value(
    "--cosignatures", "N", "By a checkpoint that at least so many witnesses cosigned.", usual: "0")

  private static let checkpoint = CommandDescription(
    path: ["checkpoint"], summary: "Print the newest signed checkpoint",
    discussion: """
      A signed note (c2sp.org/tlog-checkpoint): the log's name, the number of events, the root of its tree, then the
      signatures of the log and its witnesses. Keep one: from then on nothing before it can change unseen.
      """,
    options: [cosignatures] + CommonOptions.service,
    examples: [("daybook checkpoint > monday.checkpoint", "Keep one")]
  ) { try await text($0, "checkpoint") }

  private static let inclusion = CommandDescription(
    path: ["proof", "inclusion"], summary: "Prove that an event stands in the log",
    operands: [OperandDescription(name: "POSITION", help: "The event's position.")],
    options: [.value("--size", "N", "In the tree of so many events.", usual: "that of the newest checkpoint")]
      + CommonOptions.service
  ) { invocation in
    let position = try EventCommands.positive(invocation.operand(0), "POSITION", invocation)
    var query = [(name: "position", value: String(position))]
    if let size = try invocation.integer("--size", in: 1...Int64.max) { query.append(("size", String(size))) }
    return try await document(invocation, "proofs/inclusion", query)
  }

  private static let consistency = CommandDescription(
    path: ["proof", "consistency"], summary: "Prove that one state of the log is the beginning of another",
    operands: [
      OperandDescription(name: "FROM", help: "Number of events of the older one."),
      OperandDescription(name: "TO", help: "Number of events of the newer one.", isRequired: false),
    ],
    options: CommonOptions.service
  ) { invocation in
    let from = try EventCommands.positive(invocation.operand(0), "FROM", invocation)
    var query = [(name: "from", value: String(from))]
    if let to = invocation.operand(1) {
      query.append(("to", String(try EventCommands.positive(to, "TO", invocation))))
    }
    return try await document(invocation, "proofs/consistency", query)
  }

  private static let receipt = CommandDescription(
    path: ["receipt"], summary: "Print everything that proves an event",
    discussion: """
      A c2sp.org/tlog-proof@v1: the entry and its payload, the path to the root, and the signed checkpoint. Whoever has the
      log's verifier key checks it without the ledger: `daybook verify-receipt`. It holds no personal part.
      """,
    operands: [OperandDescription(name: "POSITION", help: "The event's position.")],
    options: [cosignatures] + CommonOptions.service,
    examples: [("daybook receipt 4711 > 4711.tlog-proof", "Take one away")]
  ) { invocation in
    let position = try EventCommands.positive(invocation.operand(0), "POSITION", invocation)
    return try await text(invocation, "events/\(position)/receipt")
  }

  private static let verifyReceipt = CommandDescription(
    path: ["verify-receipt"], summary: "Check a receipt, without a ledger",
    operands: [OperandDescription(name: "FILE", help: "What `daybook receipt` printed.")],
    options: [
      .value("--key", "VKEY", "The log's verifier key, from somebody you trust; `daybook keys log` prints it."),
      .value("--witness-key", "VKEY", "Verifier key of a witness that must have cosigned.", isRepeatable: true),
      CommonOptions.format,
    ],
    examples: [("daybook verify-receipt 4711.tlog-proof --key 'example.com/main+1a2b3c4d+AbCd…'", "Is it so?")]
  ) { try VerifyReceiptCommand.run($0) }

  private static let keysLog = CommandDescription(
    path: ["keys", "log"], summary: "Print the keys that verify checkpoints",
    discussion: """
      One for each ledger, as the files of checkpoints name it; nothing is read from the database. Give it to whoever shall
      check the log, by a way that the log's operator cannot change later.
      """,
    options: [CommonOptions.data] + NotarySetup.options.filter { $0.name != "--witness" && $0.name != "--origin" }
  ) { try KeysLogCommand.run($0) }

  private static func text(_ invocation: Invocation, _ path: String) async throws -> ExitCode {
    var query: [(name: String, value: String)] = []
    if let count = try invocation.integer("--cosignatures", in: 0...16) {
      query.append((name: "cosignatures", value: String(count)))
    }
    let answer = try await invocation.service().send("GET", path, query: query, accept: "text/plain")
    Console.write(answer.body)
    return .done
  }

  private static func document(
    _ invocation: Invocation, _ path: String, _ query: [(name: String, value: String)]
  ) async throws -> ExitCode {
    let root = try await invocation.service().send("GET", path, query: query).json()
    let format: OutputFormat = invocation.format == .table ? .json : invocation.format
    Console.write(Array(RowWriter(format: format).text([root], columns: nil, whole: root).utf8))
    return .done
  }
}
