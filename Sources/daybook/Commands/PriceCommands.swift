import DaybookClient
import Domain

/// Commands of the price list.
enum PriceCommands {
  static let all: [CommandDescription] = [list, set]

  private static let list = CommandDescription(
    path: ["prices", "list"], summary: "Show the prices, dated",
    options: [.value("--model", "NAME", "Only this model.")] + CommonOptions.service
  ) { invocation in
    try await CommandAnswer.list(
      invocation, "prices", member: "prices",
      query: invocation["--model"].map { [(name: "model", value: $0)] } ?? [],
      columns: ["model", "provider", "usage_class", "price", "per", "valid_from"].map { .init($0) },
      ifNone: "no prices")
  }

  private static let set = CommandDescription(
    path: ["prices", "set"], summary: "List a price from a moment on",
    discussion: """
      Prices are never changed, only followed by others: a completion costs what was in force at its own time. An amount of 0
      is free; no price at all is unknown, which is not the same. With --file, a JSON array of prices is listed whole or not
      at all: [{"model", "provider"?, "usage_class", "price": {"amount", "currency"}, "per", "valid_from", "note"?}].
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
      .value("--valid-from", "TIME", "From when it holds, RFC 3339.", usual: "now, by the service's clock"),
      .value("--provider", "NAME", "Only for this provider."),
      .value("--note", "TEXT", "For people."),
      .value("--file", "FILE", "Prices in a JSON file instead."),
    ] + CommonOptions.command,
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
    return try await CommandAnswer.post(invocation, "prices", .object(["prices": prices]))
  }

  private static func one(_ invocation: Invocation) throws -> JSON {
    guard let amount = invocation.operand(2) else {
      throw UsageError("MODEL, CLASS and AMOUNT are missing, or --file", invocation.command)
    }
    return .object([
      "model": .text(invocation.operand(0) ?? ""), "usage_class": .text(invocation.operand(1) ?? ""),
      "provider": invocation["--provider"].map { .text($0) },
      "price": .object(["amount": .text(amount), "currency": .text(invocation["--currency"] ?? "USD")]),
      "per": .integer(try invocation.integer("--per", in: 1...1_000_000_000_000) ?? 1_000_000),
      "valid_from": .text(invocation["--valid-from"] ?? Timestamp.now().description),
      "note": invocation["--note"].map { .text($0) },
    ])
  }
}
