import DaybookClient
import Domain

/// Commands that erase, and that keep from erasing.
enum ErasureCommands {
  static let all: [CommandDescription] = [erase, erasures, place, release, holds]

  private static let erase = CommandDescription(
    path: ["erase"], summary: "Ask to erase what events hold of a person, for good",
    discussion: """
      Another owner's grant erases, in the same commit: the personal parts of the events and their salts, and, for a person,
      the name. Money, counts, digests and proofs stay. A hold that matches refuses it. It cannot be taken back, and the glass
      cannot be broken for it. Reason and legal basis stand in the log for good: name nobody in them.
      """,
    options: [
      .value("--user", "NAME", "Erase the events that name this person, and forget the person."),
      .value(
        "--kind", "KIND", "What kind of name that is.", usual: "user", allowed: ["user", "session", "customer"]),
      .value("--subject", "SUBJECT", "Erase the events about this subject."),
      .value("--position", "N", "Erase the event at this position; 1,000 at most.", isRepeatable: true),
      .value("--before", "TIME", "Only events recorded before this moment; the person is still known by name then."),
      .value("--reason", "TEXT", "Why."),
      .value("--legal-basis", "TEXT", "What obliges or allows it, such as an article of law."),
    ] + ChangeAnswer.options,
    examples: [
      ("daybook erase --user alice --reason 'asked on 3 May' --legal-basis 'GDPR Art. 17(1)(b)'", "A person"),
      ("daybook approvals grant ID --reason 'request seen'", "The other owner, who thereby erases"),
    ]
  ) { invocation in
    let positions = try invocation.all("--position").map { text throws(UsageError) in
      guard let position = Int64(text), position > 0 else {
        throw UsageError("--position takes a whole number from 1", invocation.command)
      }
      return JSON.integer(position)
    }
    let given = [invocation.has("--user"), invocation.has("--subject"), !positions.isEmpty].count { $0 }
    guard given == 1 else {
      throw UsageError("give one of --user, --subject and --position", invocation.command)
    }
    let body = JSON.object([
      "user": invocation["--user"].map(JSON.text), "kind": invocation["--kind"].map(JSON.text),
      "subject": invocation["--subject"].map(JSON.text), "positions": positions.isEmpty ? nil : .array(positions),
      "before": invocation["--before"].map(JSON.text), "reason": .text(try invocation.required("--reason")),
      "legal_basis": .text(try invocation.required("--legal-basis")),
    ])
    return try await ChangeAnswer.send(invocation, "POST", "erasures", body) { root in
      root["approval"]?["why"]?.string.map { "When it is granted, \($0)." }
    }
  }

  private static let erasures = CommandDescription(
    path: ["erasures"], summary: "Show what was erased, by whom and why", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "erasures", member: "erasures",
      columns: [
        "position", "recordedtime", "by", "events", "carried_out", "requested_by_owner", "owner", "legal_basis",
        "reason",
      ].map { .init($0) },
      ifNone: "nothing was erased")
  }

  private static let place = CommandDescription(
    path: ["holds", "place"], summary: "Keep events from being erased",
    discussion: "It matches events that fit all that is named; without any of it, every event of the ledger.",
    operands: [hold],
    options: [
      .value("--user", "NAME", "Events that name this person only."),
      .value(
        "--kind", "KIND", "What kind of name that is.", usual: "user", allowed: ["user", "session", "customer"]),
      .value("--subject", "SUBJECT", "Events about this subject only."),
      .value("--from", "TIME", "Events recorded at or after this moment only."),
      .value("--until", "TIME", "Events recorded before this moment only."),
      .value("--reason", "TEXT", "Why; it stands in the log."),
    ] + CommonOptions.command,
    examples: [("daybook holds place case-2026-17 --user alice --reason 'litigation, file 17'", "One person")]
  ) { invocation in
    let body = JSON.object([
      "hold": .text(invocation.operand(0) ?? ""), "user": invocation["--user"].map(JSON.text),
      "kind": invocation["--kind"].map(JSON.text), "subject": invocation["--subject"].map(JSON.text),
      "from": invocation["--from"].map(JSON.text), "until": invocation["--until"].map(JSON.text),
      "reason": .text(try invocation.required("--reason")),
    ])
    return try await CommandAnswer.post(invocation, "holds", body)
  }

  private static let release = CommandDescription(
    path: ["holds", "release"], summary: "Ask to release a hold",
    discussion: "People only, and two of them: what it keeps can be erased again when another owner has granted it.",
    operands: [hold],
    options: [.value("--reason", "TEXT", "Why; it stands in the log.")] + ChangeAnswer.options,
    examples: [("daybook holds release case-2026-17 --reason 'settled'", "Ask a second person")]
  ) { invocation in
    let id = CommandAnswer.escaped(invocation.operand(0) ?? "")
    return try await ChangeAnswer.send(
      invocation, "POST", "holds/\(id)/release", .object(["reason": .text(try invocation.required("--reason"))]))
  }

  private static let holds = CommandDescription(
    path: ["holds", "list"], summary: "Show the holds that stand", options: CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "holds", member: "holds",
      columns: ["hold", "placed_at", "owner", "user", "subject", "from", "until", "reason"].map { .init($0) },
      ifNone: "no hold stands")
  }

  private static let hold = OperandDescription(name: "HOLD", help: "Its id, such as case-2026-17.")
}
