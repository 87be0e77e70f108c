import Domain

/// Which column of a file gives which member of a fact, and how its values are written.
struct FactMapping {
  /// Where a member's value comes from.
  enum Origin: Equatable {
    case column(String)
    case constant(String)
  }

  /// Members by their dotted path, in the order of the paths.
  var members: [(target: String, origin: Origin)] = []
  var values = FactValues()
  /// FOCUS rows: lines of one article are added up.
  var isFocus = false

  /// The members that a type can take from a file.
  static func targets(of type: String) -> [String] {
    switch type {
    case "cost.incurred":
      [
        "id", "category", "cost.amount", "cost.currency", "period_start", "period_end", "description", "provider",
        "model", "strategy", "invoice",
      ]
    case "revenue.earned":
      [
        "id", "revenue.amount", "revenue.currency", "strategy", "source_attribution", "model", "operation", "goal",
        "customer", "earned_at",
      ]
    default:
      [
        "id", "provider", "period_start", "period_end", "number", "issued_at", "line.model", "line.sku",
        "line.quantity", "line.unit", "line.cost.amount", "line.cost.currency",
      ]
    }
  }

  private static let focusInvoice = [
    "id": "InvoiceId", "provider": "InvoiceIssuerName", "period_start": "BillingPeriodStart",
    "period_end": "BillingPeriodEnd", "line.sku": "SkuId", "line.quantity": "PricingQuantity",
    "line.unit": "PricingUnit", "line.cost.amount": "BilledCost", "line.cost.currency": "BillingCurrency",
  ]

  /// Reads `--map`, `--set`, `--mapping` and `--focus`; the options win over the file.
  init(_ invocation: Invocation, type: String) throws {
    var origins: [String: Origin] = [:]
    if invocation.has("--focus") {
      guard type == "invoice.received" else {
        throw UsageError("--focus reads invoices: give --type invoice.received", invocation.command)
      }
      isFocus = true
      for (target, column) in Self.focusInvoice { origins[target] = .column(column) }
    }
    var texts: [String: String] = [:]
    if let path = invocation["--mapping"] {
      (origins, texts) = try Self.file(path, over: origins, invocation.command)
    }
    for (option, make) in [("--map", Origin.column), ("--set", Origin.constant)] {
      for text in invocation.all(option) {
        guard let mark = text.firstIndex(of: "="), mark != text.startIndex else {
          throw UsageError("\(option) takes MEMBER=\(option == "--map" ? "COLUMN" : "VALUE")", invocation.command)
        }
        origins[String(text[..<mark])] = make(String(text[text.index(after: mark)...]))
      }
    }
    let targets = Self.targets(of: type)
    for target in origins.keys.sorted() where !targets.contains(target) {
      throw UsageError(
        "\(type) has no member \(target) that a file could give; it has \(targets.joined(separator: ", "))",
        invocation.command)
    }
    guard !origins.isEmpty else {
      throw UsageError("no column is mapped: give --map, or --mapping", invocation.command)
    }
    members = origins.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    values = try FactValues(invocation, texts)
  }

  /// `{"map": {…}, "set": {…}, "zone", "date_format", "decimal", "end_included"}`
  private static func file(
    _ path: String, over origins: [String: Origin], _ command: CommandDescription
  ) throws -> ([String: Origin], [String: String]) {
    let text = try TextFile.read(path, command)
    guard let root = try? JSONDocument(Array(text.utf8)).root, root.kind == .object else {
      throw UsageError("\(path) is no JSON object", command)
    }
    var origins = origins
    var texts: [String: String] = [:]
    for (key, value) in root.members {
      switch key.string {
      case "map", "set":
        for (target, given) in value.members {
          guard let text = given.string else { throw UsageError("\(path): \(target) takes a text", command) }
          origins[target.string] = key == "map" ? .column(text) : .constant(text)
        }
      case "zone", "date_format", "decimal":
        guard let text = value.string else { throw UsageError("\(path): \(key) takes a text", command) }
        texts[key.string] = text
      case "end_included": texts[key.string] = value.boolean == true ? "yes" : nil
      default: throw UsageError("\(path): a mapping has no \(key)", command)
      }
    }
    return (origins, texts)
  }
}
