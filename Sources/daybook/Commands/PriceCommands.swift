import DaybookClient
import Domain

/// Commands of the price list.
enum PriceCommands {
  static let all: [CommandDescription] = [show, list, history, set, alias, PriceImportCommand.description]

  /// The columns of a list; a table leaves out those that say nothing in any row.
  private static func columns(_ rows: [JSONView], _ format: OutputFormat) -> [RowWriter.Column] {
    let all = [
      "model", "provider", "usage_class", "service_tier", "context_above", "price", "unit", "per", "valid_from",
      "recordedtime", "price_id",
    ]
    guard format == .table else { return all.map { .init($0) } }
    return all.filter { name in
      name == "per" ? rows.contains { $0["unit"] == nil } : rows.contains { $0[name] != nil }
    }.map { .init($0) }
  }

  private static let believed: [OptionDescription] = [
    .value("--known-at", "TIME", "As was believed at this moment, RFC 3339: only what was recorded by then."),
    .value("--as-of", "POSITION", "As was believed when the log ended at this position."),
  ]
  private static let provider = OptionDescription.value(
    "--provider", "NAME", "Only prices that hold for this provider: its own, and those for any.")
  private static let at = OptionDescription.value(
    "--at", "TIME", "The moment they are in force at, RFC 3339.", usual: "now")

  private static let show = CommandDescription(
    path: ["prices", "show"], summary: "Show what a model costs, or cost",
    discussion: """
      The prices in force at a moment, by the model's exact name or another that it is known by. --at asks what was;
      --known-at and --as-of ask what was believed, before corrections that were recorded later. No price is unknown,
      which is not free.
      """,
    operands: [OperandDescription(name: "MODEL", help: "The model, by its exact name or an alias.")],
    options: [provider, at] + believed + CommonOptions.service,
    examples: [
      (
        "daybook prices show o3 --at 2025-06-10T00:00:00Z --known-at 2025-06-11T00:00:00Z",
        "What was in force on 10 June, as far as was known on the 11th"
      )
    ]
  ) { invocation in
    try await rows(invocation, model: invocation.operand(0), at: invocation["--at"] ?? Timestamp.now().description)
  }

  private static let list = CommandDescription(
    path: ["prices", "list"], summary: "Show the prices in force at a moment",
    options: [.value("--model", "NAME", "Only this model."), provider, at] + believed + CommonOptions.service
  ) { invocation in
    try await rows(invocation, model: invocation["--model"], at: invocation["--at"] ?? Timestamp.now().description)
  }

  private static let history = CommandDescription(
    path: ["prices", "history"], summary: "Show every price that a model ever had, and when it was learned",
    operands: [OperandDescription(name: "MODEL", help: "The model, by its exact name or an alias.")],
    options: [provider] + believed + CommonOptions.service
  ) { invocation in try await rows(invocation, model: invocation.operand(0), at: nil) }

  /// Shows prices, page after page.
  private static func rows(_ invocation: Invocation, model: String?, at: String?) async throws -> ExitCode {
    let fixed: [(String, String?)] = [
      ("model", model), ("provider", invocation["--provider"]), ("at", at), ("known_at", invocation["--known-at"]),
      ("as_of", invocation["--as-of"]), ("limit", "5000"),
    ]
    let daybook = try invocation.service()
    var rows: [JSONView] = []
    var aliases: [JSONView] = []
    var after: String?
    repeat {
      let query = (fixed + [("after", after)]).compactMap { name, value in value.map { (name: name, value: $0) } }
      let page = try await daybook.send("GET", "prices", query: query).json()
      rows += page["prices"]?.elements ?? []
      aliases = page["aliases"]?.elements ?? []
      after = page["next"]?.string
    } while after != nil
    let columns = columns(rows, invocation.format)
    Console.write(Array(invocation.rows.text(rows, columns: columns, ifNone: "no prices").utf8))
    if invocation.format == .table, rows.isEmpty, model != nil {
      Console.tell("No price is unknown, which is not the same as free.")
    }
    let asked = invocation["--provider"]
    for alias in aliases where invocation.format == .table && model != nil {
      if let asked, let own = alias["provider"]?.string, own != asked { continue }
      let provider = alias["provider"]?.string.map { " for \($0)" } ?? ""
      Console.tell("\(alias["alias"]?.string ?? "") is \(alias["model"]?.string ?? "")\(provider)")
    }
    return .done
  }

  private static let set = CommandDescription(
    path: ["prices", "set"], summary: "List a price from a moment on",
    discussion: """
      Prices are never changed, only followed by others: a completion costs what was in force at its own time. An amount of 0
      is free; no price at all is unknown, which is not the same. With --file, a JSON array of prices is listed whole or not
      at all: [{"model", "provider"?, "usage_class", "service_tier"?, "context_above"?, "price": {"amount", "currency"},
      "per" or "unit", "valid_from", "note"?}]. A change of 10 times or more, up or down, waits for a second human.
      """,
    operands: [
      OperandDescription(name: "MODEL", help: "The model's exact name.", isRequired: false),
      OperandDescription(
        name: "CLASS", help: "A usage class such as input_tokens or output_tokens.", isRequired: false),
      OperandDescription(name: "AMOUNT", help: "Decimal, such as 0.0027.", isRequired: false),
    ],
    options: [
      .value("--currency", "CODE", "ISO 4217.", usual: "USD"),
      .value("--per", "N", "Units that the price is for.", usual: "1000000"),
      .value(
        "--unit", "UNIT", "The name of the count instead, such as per_minute of audio_ms.",
        allowed: PriceUnit.allCases.map(\.rawValue)),
      .value(
        "--service-tier", "TIER", "The kind of service that it is the price of.", usual: "standard",
        allowed: ServiceTier.allCases.map(\.rawValue)),
      .value("--context-above", "TOKENS", "Only for calls with more input plus cache tokens than this."),
      .value("--valid-from", "TIME", "From when it holds, RFC 3339.", usual: "now, by the service's clock"),
      .value("--provider", "NAME", "Only for this provider."),
      .value("--note", "TEXT", "For people."),
      .value("--file", "FILE", "Prices in a JSON file instead."),
    ] + ChangeAnswer.options,
    examples: [
      (
        "daybook prices set deepseek output_tokens 0.0108 --valid-from 2026-01-01T00:00:00Z",
        "0.0108 USD per million output tokens from this year on"
      )
    ]
  ) { invocation in
    let prices: JSON
    if let file = invocation["--file"] {
      let text = try TextFile.read(file, invocation.command)
      guard let list = try? JSON(parsing: Array(text.utf8)), case .array = list else {
        throw UsageError("\(file) is no JSON array without floating-point numbers", invocation.command)
      }
      prices = list
    } else {
      prices = .array([try one(invocation)])
    }
    return try await ChangeAnswer.send(invocation, "POST", "prices", .object(["prices": prices]))
  }

  private static func one(_ invocation: Invocation) throws -> JSON {
    guard let amount = invocation.operand(2) else {
      throw UsageError("MODEL, CLASS and AMOUNT are missing, or --file", invocation.command)
    }
    let tier = invocation["--service-tier"]
    return .object([
      "model": .text(invocation.operand(0) ?? ""), "usage_class": .text(invocation.operand(1) ?? ""),
      "provider": invocation["--provider"].map { .text($0) },
      "price": .object(["amount": .text(amount), "currency": .text(invocation["--currency"] ?? "USD")]),
      "service_tier": tier.flatMap { $0 == ServiceTier.standard.rawValue ? nil : .text($0) },
      "context_above": try invocation.integer("--context-above", in: 1...1_000_000_000).map { .integer($0) },
      "per": try per(invocation).map { .integer($0) }, "unit": invocation["--unit"].map { .text($0) },
      "valid_from": .text(invocation["--valid-from"] ?? Timestamp.now().description),
      "note": invocation["--note"].map { .text($0) },
    ])
  }

  /// A million where neither the count nor its name is given.
  private static func per(_ invocation: Invocation) throws -> Int64? {
    try invocation.integer("--per", in: 1...Price.mostUnits) ?? (invocation["--unit"] == nil ? 1_000_000 : nil)
  }

  private static let alias = CommandDescription(
    path: ["prices", "alias"], summary: "Let a model be known by another name, too",
    discussion: """
      A call that names the alias costs what the model costs, where the name has no prices of its own. Without MODEL the
      alias ends. Moving a name to another model waits for a second human.
      """,
    operands: [
      OperandDescription(name: "ALIAS", help: "The other name."),
      OperandDescription(name: "MODEL", help: "The model's exact name.", isRequired: false),
    ],
    options: [
      .value("--provider", "NAME", "Only where this provider serves it."), .value("--note", "TEXT", "For people."),
    ] + ChangeAnswer.options,
    examples: [
      ("daybook prices alias deepseek-chat deepseek --provider deepseek", "The provider's own name for the model")
    ]
  ) { invocation in
    let alias = JSON.object([
      "alias": .text(invocation.operand(0) ?? ""), "model": invocation.operand(1).map { .text($0) },
      "provider": invocation["--provider"].map { .text($0) }, "note": invocation["--note"].map { .text($0) },
    ])
    return try await ChangeAnswer.send(invocation, "POST", "prices", .object(["aliases": .array([alias])]))
  }
}
