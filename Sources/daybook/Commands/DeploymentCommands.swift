import DaybookClient
import Domain

/// Commands about keys, owners and ledgers.
enum DeploymentCommands {
  static let all: [CommandDescription] = [
    keysList, keysIssue, keysRotate, keysRevoke, ownersList, ownersAdd, ledgersList, ledgersOpen,
  ]

  private static let keysList = CommandDescription(
    path: ["keys", "list"], summary: "Show the keys, without their secrets", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "/v1/keys", member: "keys",
      columns: ["key", "kind", "owner", "roles", "ledgers", "sources", "expires", "revoked", "issued_at"]
        .map { .init($0) })
  }

  private static let keysIssue = CommandDescription(
    path: ["keys", "issue"], summary: "Issue a key",
    discussion: """
      The key's text is shown this once and stored nowhere. Every key has an accountable human owner. As soon as another
      owner can grant, a person's key waits for that owner's approval: it is valid from the grant on. Roles: service, agent,
      importer, finance, approver, auditor, operator, admin; what each may is exactly what the interface's description
      (/openapi.json) says of it.
      """,
    options: [
      .value("--owner", "OWNER", "The accountable human."),
      .value("--kind", "KIND", "What the key speaks for.", allowed: ["human", "service", "agent"]),
      .value("--role", "ROLE", "What it may do.", allowed: Role.allCases.map(\.rawValue), isRepeatable: true),
      .value("--for-ledger", "NAME", "Ledger it may reach, * for all.", usual: "main", isRepeatable: true),
      .value("--source", "PREFIX", "Prefix that the source of its events must have.", isRepeatable: true),
      .value("--expires", "TIME", "When it ends, RFC 3339."),
      .value("--note", "TEXT", "For people."),
    ] + ChangeAnswer.options,
    examples: [
      (
        "daybook keys issue --owner first-owner --kind service --role service --source /gateway",
        "A key for a gateway, which may append events of its own"
      ),
      (
        "daybook keys issue --owner first-owner --kind human --role finance --role auditor", "A key to read the books"
      ),
    ]
  ) { invocation in
    let roles = invocation.all("--role")
    guard !roles.isEmpty else { throw UsageError("--role is missing", invocation.command) }
    let ledgers = invocation.all("--for-ledger")
    let sources = invocation.all("--source")
    let body = JSON.object([
      "owner": .text(try invocation.required("--owner")), "kind": .text(try invocation.required("--kind")),
      "roles": .array(roles.map { .text($0) }),
      "ledgers": .array((ledgers.isEmpty ? ["main"] : ledgers).map { .text($0) }),
      "sources": sources.isEmpty ? nil : .array(sources.map { .text($0) }),
      "expires": invocation["--expires"].map { .text($0) }, "note": invocation["--note"].map { .text($0) },
    ])
    return try await issue(invocation, "/v1/keys", body)
  }

  /// Posts what makes a key, and shows its text; what a key still waits for goes to standard error, so that a script that
  /// keeps the output keeps the key alone.
  private static func issue(_ invocation: Invocation, _ path: String, _ body: JSON) async throws -> ExitCode {
    let body = try ChangeAnswer.completed(body, invocation)
    return try await CommandAnswer.post(invocation, path, body) { root in
      if let id = root["approval"]?["approval"]?.string {
        Console.tell(
          "The key is valid once another owner has granted approval \(DisplayWidth.harmless(id)) in the ledger system."
        )
      }
      let secret = root["secret"]?.string ?? "(issued before; its text was shown then)"
      return "\(DisplayWidth.harmless(secret))\n"
    }
  }

  private static let keysRotate = CommandDescription(
    path: ["keys", "rotate"], summary: "Replace a key by one with the same rights",
    discussion: """
      The new key's text is shown this once; the old key ends after the overlap. A key is rotated by its owner, with a
      key that may as much. An admin rotates services and agents of others while there is no second owner.
      """,
    operands: [OperandDescription(name: "KEY", help: "The key's id: the part of its text between the underscores.")],
    options: [
      .value("--reason", "TEXT", "Why."),
      .value("--overlap", "SECONDS", "How long the old key still holds: a week at most.", usual: "3600"),
    ] + CommonOptions.command
  ) { invocation in
    let id = CommandAnswer.escaped(invocation.operand(0) ?? "")
    let body = JSON.object([
      "reason": .text(try invocation.required("--reason")),
      "overlap_seconds": try invocation.integer("--overlap", in: 0...604_800).map(JSON.integer),
    ])
    return try await CommandAnswer.post(invocation, "/v1/keys/\(id)/rotate", body) { root in
      "\(DisplayWidth.harmless(root["secret"]?.string ?? "(rotated before; its text was shown then)"))\n"
    }
  }

  private static let keysRevoke = CommandDescription(
    path: ["keys", "revoke"], summary: "Revoke a key, for good",
    operands: [OperandDescription(name: "KEY", help: "The key's id: the part of its text between the underscores.")],
    options: [.value("--reason", "TEXT", "Why.")] + CommonOptions.command
  ) { invocation in
    let id = CommandAnswer.escaped(invocation.operand(0) ?? "")
    return try await CommandAnswer.post(
      invocation, "/v1/keys/\(id)/revoke", .object(["reason": .text(try invocation.required("--reason"))]))
  }

  private static let ownersList = CommandDescription(
    path: ["owners", "list"], summary: "Show the accountable humans", options: CommonOptions.service
  ) {
    try await CommandAnswer.list($0, "/v1/owners", member: "owners", columns: ["owner", "name"].map { .init($0) })
  }

  private static let ownersAdd = CommandDescription(
    path: ["owners", "add"], summary: "Add an accountable human",
    operands: [OperandDescription(name: "OWNER", help: "An id for them.")],
    options: [.value("--name", "TEXT", "Their name."), .value("--email", "ADDRESS", "Their address.")]
      + ChangeAnswer.options,
    examples: [
      ("daybook owners add ada --name 'Ada Example'", "A second owner, who can grant what the first asks for")
    ]
  ) { invocation in
    try await ChangeAnswer.send(
      invocation, "POST", "/v1/owners",
      .object([
        "owner": .text(invocation.operand(0) ?? ""), "name": .text(try invocation.required("--name")),
        "email": invocation["--email"].map { .text($0) },
      ]))
  }

  private static let ledgersList = CommandDescription(
    path: ["ledgers", "list"], summary: "Show the ledgers of the deployment", options: CommonOptions.service
  ) { try await CommandAnswer.list($0, "/v1/ledgers", member: "ledgers") }

  private static let ledgersOpen = CommandDescription(
    path: ["ledgers", "open"], summary: "Open a ledger",
    operands: [OperandDescription(name: "NAME", help: "A lower-case letter, then letters, digits, _ and -.")],
    options: [
      .value("--time-zone", "ZONE", "Its reporting time zone, fixed after its first fact.", usual: "UTC"),
      .value("--reporting-currency", "CODE", "ISO 4217.", usual: "USD"),
    ] + CommonOptions.command
  ) { invocation in
    try await CommandAnswer.post(
      invocation, "/v1/ledgers",
      .object([
        "name": .text(invocation.operand(0) ?? ""), "time_zone": invocation["--time-zone"].map { .text($0) },
        "reporting_currency": invocation["--reporting-currency"].map { .text($0) },
      ]))
  }
}
