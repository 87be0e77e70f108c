import DaybookClient
import Domain

/// Commands of the approval queue.
enum ApprovalCommands {
  static let all: [CommandDescription] =
    [list, show, request, standing]
    + [
      decision("grant", "Grant an approval that another owner asked for"),
      decision("reject", "Reject an approval that another owner asked for"),
      decision("withdraw", "Take back one's own request"),
      decision("revoke", "Take a grant back before it is used up"),
    ]

  private static let list = CommandDescription(
    path: ["approvals", "list"], summary: "Show the approval queue",
    options: [
      .value(
        "--status", "STATUS", "Only those in this state.",
        allowed: ["requested", "granted", "rejected", "withdrawn", "expired", "consumed", "revoked"])
    ] + CommonOptions.service,
    examples: [("daybook approvals list --status requested", "What waits for a decision, in the order of the queue")]
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "approvals", member: "approvals",
      query: invocation["--status"].map { [(name: "status", value: $0)] } ?? [],
      columns: ["approval", "state", "risk", "kind", "about", "requester_owner", "grants", "expires_at"].map {
        .init($0)
      },
      ifNone: "no approvals")
  }

  private static let show = CommandDescription(
    path: ["approvals", "show"], summary: "Show one approval",
    operands: [OperandDescription(name: "APPROVAL", help: "Its id.")], options: CommonOptions.service
  ) { invocation in
    let id = CommandAnswer.escaped(invocation.operand(0) ?? "")
    let root = try await invocation.service().send("GET", "approvals/\(id)").json()
    Console.write(Array(invocation.rows.text(root["approval"] ?? root).utf8))
    return .done
  }

  private static let request = CommandDescription(
    path: ["approvals", "request"], summary: "Ask for an approval of an exact change",
    discussion: """
      The approval binds to the change as it stands here, byte for byte in its canonical form; another change needs another
      approval. High risk needs at least one piece of evidence. A change that the ledger can make, such as
      {"change":"configureRoute","body":{…}}, is made by the last grant, and the ledger says its kind and risk itself.
      """,
    options: [
      .value(
        "--kind", "KIND", "What kind of change; action where it is missing.",
        allowed: ["model_switch", "cost_increase", "budget_change", "loosening", "standing", "action"]),
      .value("--change", "JSON", "The change, an object; @FILE reads it from a file."),
      .value("--reason-code", "CODE", "Why, as a short token."),
      .value("--estimated-impact", "TEXT", "What it is expected to do."),
      .value("--required-by", "TIME", "By when it is needed, RFC 3339."),
      .value("--risk", "RISK", "Raise the risk that the ledger computes.", allowed: ["low", "medium", "high"]),
      .value("--evidence", "KIND:TITLE:TEXT", "Evidence; a text that is a URI counts as one.", isRepeatable: true),
    ] + CommonOptions.command,
    examples: [
      (
        "daybook approvals request --kind action --reason-code cost --change '{\"batch\":\"nightly\",\"model\":\"deepseek\"}'",
        "Ask whether something may be done that the ledger does not do itself"
      )
    ]
  ) { invocation in
    var body = JSON.object([
      "kind": invocation["--kind"].map { .text($0) }, "change": try object("--change", invocation),
      "reason_code": .text(try invocation.required("--reason-code")),
      "estimated_impact": invocation["--estimated-impact"].map { .text($0) },
      "required_by": invocation["--required-by"].map { .text($0) }, "risk": invocation["--risk"].map { .text($0) },
    ])
    let items = try invocation.all("--evidence").map { try evidence($0, invocation) }
    if !items.isEmpty { body["evidence"] = .array(items) }
    return try await CommandAnswer.post(invocation, "approvals", body) { root in
      "Requested: approval \(DisplayWidth.harmless(root["approval"]?.string ?? "?")).\n"
    }
  }

  private static let standing = CommandDescription(
    path: ["approvals", "standing"], summary: "Ask for a standing approval of an operation",
    discussion: """
      Routes of cost criticality HIGH decide only under an approval. A standing one holds until its end, or until what was
      reserved and spent under it reaches its ceiling. Two other owners grant it, and it needs a piece of evidence.
      """,
    operands: [OperandDescription(name: "OPERATION", help: "The operation that it is for.")],
    options: [
      .value("--model", "MODEL", "The model that may serve; without it, any."),
      .value("--ceiling", "AMOUNT", "The most that may be reserved and spent under it."),
      .value("--currency", "CODE", "ISO 4217.", usual: "USD"),
      .value("--ends", "TIME", "When it ends, RFC 3339; 366 days from now at most."),
    ] + ChangeAnswer.options,
    examples: [
      (
        "daybook approvals standing chat_message --ceiling 500 --ends 2027-01-01T00:00:00Z --evidence 'review:Q3:412.90 USD'",
        "Chat, for up to 500 USD"
      )
    ]
  ) { invocation in
    let ceiling = JSON.object([
      "amount": .text(try invocation.required("--ceiling")), "currency": .text(invocation["--currency"] ?? "USD"),
    ])
    return try await ChangeAnswer.send(
      invocation, "POST", "approvals/standing",
      .object([
        "operation": .text(invocation.operand(0) ?? ""), "model": invocation["--model"].map { .text($0) },
        "ceiling": ceiling, "ends": .text(try invocation.required("--ends")),
      ]))
  }

  private static func decision(_ verb: String, _ summary: String) -> CommandDescription {
    CommandDescription(
      path: ["approvals", verb], summary: summary,
      operands: [OperandDescription(name: "APPROVAL", help: "Its id.")],
      options: [.value("--reason", "TEXT", "Why; it stands in the log.")] + CommonOptions.command,
      examples: [("daybook approvals \(verb) APPROVAL --reason '…'", "With a reason, as the log keeps it")]
    ) { invocation in
      let id = CommandAnswer.escaped(invocation.operand(0) ?? "")
      return try await CommandAnswer.post(
        invocation, "approvals/\(id)/\(verb)", .object(["reason": .text(try invocation.required("--reason"))])
      ) { root in
        let made = root["state"]?.string == "consumed" ? ": its change is made" : ""
        let state = DisplayWidth.harmless(root["state"]?.string ?? "?")
        return
          "Approval \(id) is \(state)\(made), at position \(root["events"]?.elements.last?["position"]?.integer ?? 0).\n"
      }
    }
  }

  /// The JSON object that an option gives, or the file that it names.
  static func object(_ option: String, _ invocation: Invocation) throws -> JSON {
    let given = try invocation.required(option)
    let text = try given.hasPrefix("@") ? TextFile.read(String(given.dropFirst()), invocation.command) : given
    guard let object = try? JSON(parsing: Array(text.utf8)), case .object = object else {
      throw UsageError("\(option) takes a JSON object", invocation.command)
    }
    return object
  }

  static func evidence(_ text: String, _ invocation: Invocation) throws(UsageError) -> JSON {
    let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
    guard parts.count == 3 else { throw UsageError("--evidence takes KIND:TITLE:TEXT", invocation.command) }
    let isURI = parts[2].hasPrefix("https://") || parts[2].hasPrefix("http://")
    return .object(["kind": .text(parts[0]), "title": .text(parts[1]), isURI ? "uri" : "text": .text(parts[2])])
  }
}
