import Control
import Domain

/// What an import would do, or did, for people and for machines.
struct PriceImportReport: Sendable {
  let file: PriceTableFile
  let difference: PriceDifference
  /// nil: nothing was to be done yet.
  let outcome: PriceImport.Outcome?
  /// Shows what is new line by line, too.
  let showsAll: Bool

  /// Lines of a table for people; the rest is counted and said.
  private static let mostLines = 200

  // MARK: For people

  var text: String {
    var text = "\(file.name): \(Count(file.table.models, "model")), prices valid from \(file.validFrom)\n\n"
    text += Self.table(["what", "prices", "models", "then"], counts)
    let rows = changes
    if !rows.isEmpty {
      text += "\n"
      text += Self.table(
        ["what", "model", "provider", "class", "before", "after", "line", "why"], Array(rows.prefix(Self.mostLines)))
      if rows.count > Self.mostLines { text += "(\(rows.count - Self.mostLines) more; see --format json)\n" }
    }
    if !file.table.faults.isEmpty {
      let faults = file.table.faults.prefix(Self.mostLines)
      text +=
        "\n"
        + Self.table(
          ["unreadable", "line", "detail"], faults.map { [Cell($0.pointer), Cell(Int64($0.line)), Cell($0.detail)] })
    }
    return text + omitted + done
  }

  /// What changes, a line each; what is new from a provider and held stands in one line, unless all is to be shown.
  private var changes: [[Cell]] {
    if showsAll { return difference.lines.filter { $0.fate != .unchanged }.map(Self.cells) }
    let changed = difference.lines.filter {
      [.raised, .cut].contains($0.fate) || ($0.fate == .held && $0.before != nil)
    }
    let doubted = Dictionary(grouping: difference.lines(.held).filter { $0.before == nil }) {
      $0.price.provider ?? ""
    }
    let groups = doubted.sorted { $0.key < $1.key }.map { provider, lines in
      [
        Cell("held"), Cell("\(Count(Set(lines.map(\.price.model)).count, "new model"))"), Cell(provider),
        Cell("\(Count(lines.count, "price"))"), Cell(""), Cell(""), Cell(""), Cell(lines.first?.why ?? ""),
      ]
    }
    return changed.map(Self.cells) + groups
  }

  private var counts: [[Cell]] {
    let deeds: [PriceDifference.Fate: String] = [
      .new: "is listed", .unchanged: "is skipped", .raised: "is listed", .cut: "is listed",
      .held: "waits for a second human", .removed: "stays in force",
    ]
    var rows = PriceDifference.Fate.allCases.map { fate in
      let lines = difference.lines(fate)
      return [
        Cell(fate.rawValue), Cell(Int64(lines.count)), Cell(Int64(Set(lines.map(\.price.model)).count)),
        Cell(deeds[fate] ?? ""),
      ]
    }
    rows.append([Cell("unreadable"), Cell(Int64(file.table.faults.count)), Cell(""), Cell("is told below")])
    rows.append([Cell("names"), Cell(Int64(difference.names.count)), Cell(""), Cell("are listed: models' own names")])
    return rows
  }

  private static func cells(_ line: PriceDifference.Line) -> [Cell] {
    let price = line.price
    var kind = price.usageClass
    if price.serviceTier != .standard { kind += " \(price.serviceTier.rawValue)" }
    if price.contextAbove > 0 { kind += " >\(price.contextAbove)" }
    return [
      Cell(line.fate.rawValue), Cell(price.model), Cell(price.provider ?? ""), Cell(kind),
      Cell(line.before.map(shown) ?? ""), Cell(line.fate == .removed ? "" : shown(price)),
      line.place.map { Cell(Int64($0.line)) } ?? Cell(""), Cell(line.why ?? ""),
    ]
  }

  /// `2 USD per_million`
  private static func shown(_ price: Price) -> String {
    "\(price.price) \(price.unit?.rawValue ?? "per \(price.per)")"
  }

  private static func table(_ columns: [String], _ rows: [[Cell]]) -> String {
    Table(columns: columns, rows: rows).lines(width: Console.width).map { $0 + "\n" }.joined()
  }

  private var omitted: String {
    guard !file.table.omitted.isEmpty else { return "" }
    let total = file.table.omitted.values.reduce(0, +)
    let most = file.table.omitted.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4)
    let names = most.map { "\($0.key) \($0.value)×" }.joined(separator: ", ")
    return "\n\(total) fields say what no usage class covers, and are left out: \(names), …\n"
  }

  private var done: String {
    guard let outcome else { return "\nNothing was changed: --apply lists what passes and proposes what is held.\n" }
    var text = "\n\(Count(outcome.listed, "price")) and \(Count(outcome.named, "name")) listed.\n"
    for proposal in outcome.proposals {
      let deed = proposal.isRepeated ? "proposed before" : "proposed"
      let approval = proposal.approval.map { ": approval \($0)" } ?? ""
      text += "\(Count(proposal.prices, "price")) of \(proposal.provider) \(deed)\(approval)\n"
    }
    return text
  }

  // MARK: For machines

  var json: JSON {
    let counts = PriceDifference.Fate.allCases.map { fate in
      (ExactText(fate.rawValue), JSON.integer(Int64(difference.lines(fate).count)))
    }
    return .object([
      "file": .text(file.name), "sha256": .text(file.sha256), "valid_from": .text(file.validFrom.description),
      "currency": .text(file.currency.code), "models": .integer(Int64(file.table.models)),
      "counts": .object(Dictionary(uniqueKeysWithValues: counts)),
      "changes": .array(difference.lines.filter { $0.fate != .unchanged }.map(Self.json)),
      "names": .array(difference.names.map(Self.json)),
      "unreadable": .array(file.table.faults.map(Self.json)),
      "omitted": .object(
        Dictionary(uniqueKeysWithValues: file.table.omitted.map { (ExactText($0.key), .integer(Int64($0.value))) })),
      "applied": outcome.map(Self.json),
    ])
  }

  private static func json(_ line: PriceDifference.Line) -> JSON {
    var json = line.price.json
    json["what"] = .text(line.fate.rawValue)
    json["why"] = line.why.map { .text($0) }
    json["line"] = line.place.map { .integer(Int64($0.line)) }
    json["pointer"] = line.place.map { .text($0.pointer) }
    json["before"] = line.before.map { before in
      .object([
        "price": before.price.json, "per": .integer(before.per), "price_id": .integer(before.id),
        "valid_from": .text(before.validFrom.description),
      ])
    }
    return json
  }

  private static func json(_ name: PriceTable.Name) -> JSON {
    .object(["alias": .text(name.alias), "model": .text(name.model), "provider": .text(name.provider)])
  }

  private static func json(_ fault: PriceTable.Fault) -> JSON {
    .object([
      "pointer": .text(fault.pointer), "line": .integer(Int64(fault.line)), "detail": .text(fault.detail),
    ])
  }

  private static func json(_ outcome: PriceImport.Outcome) -> JSON {
    .object([
      "listed": .integer(Int64(outcome.listed)), "names": .integer(Int64(outcome.named)),
      "position": outcome.position.map(JSON.integer),
      "approvals": .array(
        outcome.proposals.map { proposal in
          .object([
            "provider": .text(proposal.provider), "prices": .integer(Int64(proposal.prices)),
            "approval": proposal.approval.map { .text($0) }, "duplicate": .boolean(proposal.isRepeated),
          ])
        }),
    ])
  }
}
