import Domain

/// Writes the rows of an answer in the format that was asked for.
struct RowWriter: Sendable {
  /// A column: where its value is in a row, and its heading.
  struct Column: Sendable {
    var heading: String
    var value: @Sendable (JSONView) -> JSONView?

    /// The member with this name, under a heading of the same name.
    init(_ member: String) { self.init(member, at: [member]) }

    /// The member at the end of a path, under this heading.
    init(_ heading: String, at path: [String]) {
      self.heading = heading
      value = { row in path.reduce(row as JSONView?) { $0?[$1] } }
    }
  }

  let format: OutputFormat
  var width: Int? = Console.width

  /// Writes rows; JSON formats keep every member, tables and CSV the columns.
  ///
  /// - Parameters:
  ///   - columns: nil takes all members in the order in which they first appear.
  ///   - whole: what `json` writes instead of the array of rows.
  func text(_ rows: [JSONView], columns: [Column]?, whole: JSONView? = nil, ifNone: String = "none") -> String {
    switch format {
    case .json: return Self.pretty(whole.map { [$0] } ?? rows, isArray: whole == nil)
    case .ndjson: return rows.map { String(decoding: $0.canonical, as: UTF8.self) + "\n" }.joined()
    case .csv:
      let columns = columns ?? Self.columns(of: rows)
      return CSVText.text(
        headings: columns.map(\.heading), rows: rows.map { row in columns.map { CSVText.field($0.value(row)) } })
    case .table:
      guard !rows.isEmpty else { return "(\(ifNone))\n" }
      let columns = columns ?? Self.columns(of: rows)
      let table = Table(
        columns: columns.map(\.heading), rows: rows.map { row in columns.map { Cell($0.value(row)) } })
      return table.lines(width: width).map { $0 + "\n" }.joined()
    }
  }

  /// One thing with all its members, a line each.
  func text(_ thing: JSONView) -> String {
    guard format == .table else { return text([thing], columns: nil, whole: thing) }
    let width = thing.members.map { DisplayWidth.of($0.key.string) }.max() ?? 0
    return thing.members.map { member in
      let value = DisplayWidth.harmless(Cell(member.value).text)
      return HelpText.padded(DisplayWidth.harmless(member.key.string), width) + "  \(value)\n"
    }.joined()
  }

  static func columns(of rows: [JSONView]) -> [Column] {
    var seen: Set<ExactText> = []
    var columns: [Column] = []
    for row in rows {
      for member in row.members where seen.insert(member.key).inserted { columns.append(Column(member.key.string)) }
    }
    return columns
  }

  /// More columns than this do not fit a screen.
  private static let wide = 12

  /// The columns of a table without those that count nothing in any row, and the names of these: books have many usage
  /// classes, and the cost would be pushed out of sight by zeros.
  ///
  /// Amounts of nothing are left out only of tables with more columns than a screen takes.
  static func telling(_ rows: [JSONView]) -> (columns: [Column], zero: [String]) {
    let all = columns(of: rows)
    func isZero(_ column: Column) -> Bool {
      if rows.allSatisfy({ column.value($0)?.integer == 0 }) { return true }
      // Profit and loss has an amount for each category of cost, and most are nothing.
      guard all.count > wide else { return false }
      let isNothing = rows.allSatisfy { column.value($0).map { $0.string == "0" || $0.kind == .null } ?? true }
      return isNothing && rows.contains { column.value($0)?.string == "0" }
    }
    let zero = all.filter(isZero).map(\.heading)
    return (all.filter { !zero.contains($0.heading) }, zero)
  }

  private static func pretty(_ values: [JSONView], isArray: Bool) -> String {
    var text = ""
    if !isArray, let value = values.first {
      PrettyJSON.append(value, indent: 0, to: &text)
    } else if values.isEmpty {
      text = "[]"
    } else {
      text = "["
      for (index, value) in values.enumerated() {
        text += index == 0 ? "\n  " : ",\n  "
        PrettyJSON.append(value, indent: 1, to: &text)
      }
      text += "\n]"
    }
    return text + "\n"
  }
}
